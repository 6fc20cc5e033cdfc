import type { z } from 'zod';
import type { Ms } from '../finding.ts';
import type { Rhythm } from '../firing.ts';
import { didYouMean } from '../suggest.ts';
import { explainIssues, problemAt } from './explain.ts';
import { daysAfter, scheduledReport } from './files.ts';
import type { Client, ReportDefinition, ScheduledReport } from './types.ts';
import type { YamlFile } from './yaml.ts';

type Entry = z.infer<typeof scheduledReport>;

interface Listed {
  reports: readonly (string | object)[];
  contacts: string[];
  timezone: string;
  locale: string;
}

/** A client's reports: plain ids, and those with a schedule; what is wrong is added to `problems`. */
export async function readReports(
  listed: Listed,
  definitions: ReadonlyMap<string, ReportDefinition> | undefined,
  file: YamlFile,
  now: Ms,
  problems: string[],
): Promise<Pick<Client, 'reports' | 'scheduled' | 'contacts'>> {
  const ids: string[] = [];
  const scheduled: ScheduledReport[] = [];
  for (const [index, item] of listed.reports.entries()) {
    const entry = typeof item === 'string' ? item : parseEntry(item, index, file, problems);
    if (entry === undefined) continue;
    const id = typeof entry === 'string' ? entry : entry.report;
    const key = typeof entry === 'string' ? ['reports', index] : ['reports', index, 'report'];
    if (ids.includes(id)) problems.push(problemAt(file, key, `"${id}" stands here twice; a report has one schedule per client`));
    ids.push(id);
    const report = definitions?.get(id);
    if (report === undefined) problems.push(...unknownReport(id, key, definitions, file));
    if (typeof entry === 'string') continue;
    problems.push(...strangers(entry, index, listed, file));
    const rhythm = await readRhythm(entry.schedule, index, file, now, problems);
    if (rhythm !== undefined && report !== undefined) scheduled.push(scheduledOf(entry, report, rhythm, listed));
  }
  return { reports: ids, scheduled, contacts: listed.contacts };
}

function parseEntry(item: object, index: number, file: YamlFile, problems: string[]): Entry | undefined {
  const parsed = scheduledReport.safeParse(item);
  if (parsed.success) return parsed.data;
  problems.push(...explainIssues(parsed.error.issues, scheduledReport, file, ['reports', index]));
  return undefined;
}

function unknownReport(
  report: string,
  key: (string | number)[],
  definitions: ReadonlyMap<string, ReportDefinition> | undefined,
  file: YamlFile,
): string[] {
  if (definitions === undefined) return []; // reports.yaml itself is broken, which is told
  const known = [...definitions.keys()];
  const hint = didYouMean(report, known) || `; reports.yaml has: ${known.join(', ')}`;
  return [problemAt(file, key, `no report "${report}"${hint}`)];
}

/** A report must not leave the client's own circle, and nobody gets it twice. */
function strangers(entry: Entry, index: number, { contacts }: Listed, file: YamlFile): string[] {
  return entry.recipients.flatMap(({ to }, place) => {
    const key = ['reports', index, 'recipients', place, 'to'];
    const earlier = entry.recipients.slice(0, place).some((other) => other.to.toLowerCase() === to.toLowerCase());
    if (earlier) return [problemAt(file, key, `"${to}" stands here twice`)];
    const message = `"${to}" is not on this client's list; add it to contacts${didYouMean(to, contacts)}`;
    return contacts.includes(to) ? [] : [problemAt(file, key, message)];
  });
}

async function readRhythm(
  schedule: string | object,
  index: number,
  file: YamlFile,
  now: Ms,
  problems: string[],
): Promise<Rhythm | undefined> {
  const key = ['reports', index, 'schedule'];
  if (typeof schedule === 'object') {
    const parsed = daysAfter.safeParse(schedule);
    if (parsed.success) return parsed.data;
    problems.push(...explainIssues(parsed.error.issues, daysAfter, file, key));
    return undefined;
  }
  // Only who has a schedule pays for reading it.
  const { cronProblem } = await import('../firing.ts');
  const problem = cronProblem(schedule, now);
  if (problem === undefined) return schedule;
  problems.push(problemAt(file, key, problem));
  return undefined;
}

function scheduledOf(entry: Entry, report: ReportDefinition, rhythm: Rhythm, { timezone, locale }: Listed): ScheduledReport {
  return {
    report,
    rhythm,
    zone: entry.zone ?? timezone,
    catchup: entry.catchup,
    recipients: entry.recipients.map((recipient) => ({ ...recipient, locale: recipient.locale ?? locale })),
    collect_deadline: Number.parseInt(entry.collect_deadline, 10) * (entry.collect_deadline.endsWith('h') ? 60 : 1) * 60_000,
  };
}
