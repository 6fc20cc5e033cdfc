import type { Effects } from '../effects.ts';
import { SourceError } from '../http.ts';
import { readCsv } from './csv.ts';
import { readJson, readJsonLines } from './json.ts';
import { type Budget, findFiles, type Opened, openFile } from './open.ts';
import type { Broken, Row, Wanted } from './row.ts';

export { findingOf } from './finding.ts';
export { type FileRecord, fileRecord, mapping, mappingProblem, severityNamed } from './mapping.ts';
export { rowReader } from './reader.ts';
export { checkLogs, type Heard, logPages, logSettings, unhandled } from './log-pages.ts';
export type { LogLine } from './logs.ts';
export { gatherVersions, type Versions } from './versions.ts';
export { isBroken, rejection } from './row.ts';

type Format = 'csv' | 'json' | 'jsonl';

export interface RecordFiles {
  /** One file, or a pattern with * and ? within one folder; relative to `base`. */
  path: string;
  base: string | undefined;
  /** Undefined: by the name's ending. */
  format: Format | undefined;
  delimiter: string | undefined;
  /** The columns of a CSV file that has no header line. */
  header?: readonly string[] | undefined;
  /** Where in a JSON file the array of records is. */
  records: string;
  /** What all files together may unpack to. */
  max_bytes: number;
}

const endings: Readonly<Record<string, Format>> = { csv: 'csv', tsv: 'csv', json: 'json', jsonl: 'jsonl', ndjson: 'jsonl' };

/**
 * All rows of all files, in the order of file names; the wanted columns only.
 * A file that cannot be read to its end is reported to `failed` and the next one is read.
 * @throws SourceError when there is no file to read.
 */
export async function* readRows(
  files: RecordFiles,
  wanted: Wanted,
  effects: Effects,
  failed: (error: SourceError) => void,
): AsyncGenerator<Row | Broken, void, void> {
  const budget: Budget = { bytes: files.max_bytes };
  for (const path of await findFiles(files.path, files.base, effects)) {
    try {
      yield* readFile(path, files, wanted, budget);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failed(error);
    }
  }
}

async function* readFile(path: string, files: RecordFiles, wanted: Wanted, budget: Budget): AsyncGenerator<Row | Broken, void, void> {
  let opened = 0;
  for await (const file of openFile(path, budget, (name) => formatOf(name, files) !== undefined)) {
    opened++;
    yield* rowsOf(file, files, wanted);
  }
  if (opened === 0)
    throw new SourceError('rejected', `${path} holds no csv, json or jsonl file; set format if its files are named otherwise`);
}

function rowsOf({ name, bytes }: Opened, files: RecordFiles, wanted: Wanted): AsyncGenerator<Row | Broken, void, void> {
  const plain = withoutMark(name, bytes);
  switch (formatOf(name, files)) {
    case 'csv':
      return readCsv(name, plain, files.delimiter ?? (/\.tsv$/i.test(name) ? '\t' : ','), wanted, files.header);
    case 'json':
      return readJson(name, plain, files.records, wanted);
    case 'jsonl':
      return readJsonLines(name, plain, wanted);
    case undefined:
      throw new SourceError('rejected', `${name}: set format to csv, json or jsonl; the name does not say`);
  }
}

function formatOf(name: string, { format }: RecordFiles): Format | undefined {
  return format ?? endings[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
}

/** Takes the byte order mark off. @throws SourceError for UTF-16, which Excel calls "Unicode text". */
async function* withoutMark(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < 3) continue;
    yield markOff(name, start);
    start = undefined;
  }
  if (start !== undefined) yield markOff(name, start);
}

function markOff(name: string, start: Buffer): Buffer {
  const mark = start.subarray(0, 3).toString('hex');
  if (mark.startsWith('fffe') || mark.startsWith('feff')) throw new SourceError('rejected', `${name} is UTF-16; save it as UTF-8`);
  return mark === 'efbbbf' ? start.subarray(3) : start;
}
