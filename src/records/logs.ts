import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import { SourceError } from '../http.ts';
import { linesOf } from './lines.ts';
import { type Budget, findFiles, openLog, type OpenedLog } from './open.ts';
import { maxRecord } from './row.ts';

export interface LogFiles {
  /** One file, or a pattern with * and ?; relative to `base`. Gzip is taken off what ends in .gz. */
  path: string;
  base: string | undefined;
  /** Files that nobody wrote to since then are left out. */
  since: Ms;
  /** What all files together may unpack to. */
  max_bytes: number;
}

export interface LogLine {
  /** "eve.json line 204" */
  place: string;
  /** 1 for the first of a file. */
  number: number;
  /** What is no UTF-8 in it is shown as U+FFFD: traffic is the attacker's, and its text must not stop a collection. */
  text: string;
  /** false: the last line of a file, without its end; it may be half-written. */
  ended: boolean;
}

export interface LogReport {
  /** A file was left out, so that there is more of the past than was read. */
  older: boolean;
  /** Files that could not be read to their end. */
  failures: SourceError[];
}

/** Rotation renames files while they are read; the last listing must show none that was not read. */
const maxListings = 5;

/**
 * All lines of all files, each file once, however often it is renamed meanwhile.
 * @throws SourceError when there is no file to read.
 */
export async function* readLogs(files: LogFiles, effects: Effects, report: LogReport): AsyncGenerator<LogLine, void, void> {
  const read = new Set<string>();
  const budget: Budget = { bytes: files.max_bytes };
  for (let listing = 1; ; listing++) {
    let changed = false;
    for (const path of await findFiles(files.path, files.base, effects)) {
      const file = await openLog(path, budget);
      if (file === undefined) changed = true;
      else if (read.has(file.identity)) await file.close();
      else {
        changed = true;
        read.add(file.identity);
        if (file.changed_at < files.since) report.older = true;
        else yield* linesIn(file, report);
        await file.close();
      }
    }
    if (!changed) return;
    if (listing === maxListings) {
      report.failures.push(new SourceError('endless', `the files of ${files.path} are renamed as fast as they are read`));
      return;
    }
  }
}

async function* linesIn({ name, bytes }: OpenedLog, report: LogReport): AsyncGenerator<LogLine, void, void> {
  try {
    for await (const { line, number, ended } of linesOf(bytes)) {
      if (line.length === 0) continue;
      const text = line.length > maxRecord ? '' : line.toString('utf8').replace(/\r$/, '');
      yield { place: `${name} line ${number}`, number, text, ended };
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    report.failures.push(error);
  }
}
