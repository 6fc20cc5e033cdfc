import { z } from 'zod';
import type { Effects } from '../effects.ts';
import type { Ms, Rejection } from '../finding.ts';
import { SourceError } from '../http.ts';
import { type LogLine, type LogReport, readLogs } from './logs.ts';
import { rejection } from './row.ts';

/** What a line is: when it was written down, with the record in it where it is one that is wanted; or why it cannot be read. */
export type Heard = { at: Ms; record?: unknown } | { reason: string };

interface LogWindow {
  mode: 'created' | 'changed';
  from: Ms;
  to: Ms;
}

const hour: Ms = 3600 * 1000;

/** How log files are read, whoever wrote them. */
export const logSettings = z.strictObject({
  /** A file, or a pattern with * and ? in its name or those of its folders, relative to the configuration: /logs/eve.json* */
  path: z.string().min(1),
  /** How long after its own time a line may come, as sensors hand over late. */
  late_hours: z
    .number()
    .min(0)
    .max(31 * 24)
    .default(24),
  /** No line at all for so long: the sensor has stopped, and what is read is not complete. Absent: silence is believed. */
  silent_after_minutes: z.number().positive().optional(),
  page_size: z.int().min(1).max(100_000).default(5000),
  /** What all files together may unpack to. */
  max_bytes: z
    .int()
    .positive()
    .default(2 ** 36),
});
type LogSettings = z.infer<typeof logSettings>;

/** What a sensor's log cannot answer: it tells what was seen, and nothing of what became of it. */
export function unhandled(note: string) {
  const no = { answer: 'no', note } as const;
  return {
    acknowledged_at: no,
    verdict: no,
    verdict_at: no,
    escalated: no,
    escalated_at: no,
    contained_at: no,
    notified_at: no,
    closed_at: no,
    reopened: no,
    assignee: no,
    closed_by: no,
  };
}

interface LogPage {
  records: unknown[];
  places: string[];
  rejected: Rejection[];
  incomplete?: string;
  watermark?: Ms;
  since?: Ms;
}

/** Clocks of sensors and of this machine may be so far apart. */
const skew: Ms = 26 * hour;

/**
 * Records of log files whose lines lie in a window by their own time; both edges belong to it. Lines do not change, so what
 * is asked for by change is what came since. `hear` reads one line; undefined: there is nothing in it.
 */
export async function* logPages(
  settings: LogSettings,
  base: string | undefined,
  window: LogWindow,
  hear: (line: LogLine) => Heard | undefined,
  effects: Effects,
): AsyncGenerator<LogPage, void, void> {
  const { page_size, path, max_bytes } = settings;
  const from = window.mode === 'changed' ? window.from - settings.late_hours * hour : window.from;
  const to = window.mode === 'changed' ? Number.POSITIVE_INFINITY : window.to;
  const report: LogReport = { older: false, failures: [] };
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let near: Ms | undefined;
  let page = emptyPage();
  for await (const line of readLogs({ path, base, max_bytes, since: from - skew }, effects, report)) {
    if (line.number === 1) near = undefined;
    const heard = hear(line);
    if (heard === undefined) continue;
    if ('reason' in heard) {
      // It has no time of its own; it was written after the line before it.
      if (near === undefined || (near >= from && near <= to))
        page.rejected.push(rejection({ place: line.place, reason: heard.reason, source: line.text }, heard.reason));
      continue;
    }
    near = heard.at;
    first = Math.min(first, heard.at);
    last = Math.max(last, heard.at);
    if (heard.record === undefined || heard.at < from || heard.at > to) continue;
    page.records.push(heard.record);
    page.places.push(line.place);
    if (page.records.length < page_size) continue;
    yield page;
    page = emptyPage();
  }
  if (report.failures.length > 0 && last === Number.NEGATIVE_INFINITY) throw report.failures[0];
  const since = report.older ? window.from : Math.min(first, window.to);
  if (window.mode === 'created' && since >= window.to)
    throw new SourceError('not-found', `the files of ${path} hold nothing from before ${shown(first)}: the time asked for is not in them`);
  const incomplete = [...report.failures.map(({ message }) => message), ...silence(settings, window.to, last)].join('; ');
  yield {
    ...page,
    since: Math.max(since, window.from),
    ...(incomplete === '' ? {} : { incomplete }),
    // A sensor whose clock is ahead must not hide what others write.
    ...(last === Number.NEGATIVE_INFINITY ? {} : { watermark: Math.min(last, effects.now()) }),
  };
}

function silence({ silent_after_minutes: silent, path }: LogSettings, until: Ms, last: Ms): string[] {
  if (silent === undefined || last >= until - silent * 60_000) return [];
  return [`the last line in ${path} is of ${shown(last)}: has the sensor stopped?`];
}

const checkedLines = 1000;

/** Reads a little of the files. @throws SourceError when there is none, or nothing in them can be read. */
export async function checkLogs(
  { path, max_bytes }: LogSettings,
  base: string | undefined,
  hear: (line: LogLine) => Heard | undefined,
  effects: Effects,
): Promise<string> {
  const report: LogReport = { older: false, failures: [] };
  const wrong: string[] = [];
  let [lines, records] = [0, 0];
  for await (const line of readLogs({ path, base, max_bytes, since: Number.NEGATIVE_INFINITY }, effects, report)) {
    const heard = hear(line);
    if (heard !== undefined && 'reason' in heard) wrong.push(`${line.place} ${heard.reason}`);
    if (heard !== undefined && 'record' in heard) records++;
    if (++lines === checkedLines) break;
  }
  const [failure] = report.failures;
  if (failure !== undefined) throw failure;
  if (lines > 0 && wrong.length === lines) throw new SourceError('rejected', `no line of ${path} can be read; the first: ${wrong[0]}`);
  const unread = wrong.length === 0 ? '' : `, ${wrong.length} cannot be read; the first: ${wrong[0]}`;
  return `${path}: ${records} records in the first ${lines} lines${unread}`;
}

function shown(at: Ms): string {
  return Number.isFinite(at) ? new Date(at).toISOString() : 'any time that could be read';
}

function emptyPage(): LogPage {
  return { records: [], places: [], rejected: [] };
}
