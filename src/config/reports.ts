import type { z } from 'zod';
import type { Effects } from '../effects.ts';
import type { Ms } from '../finding.ts';
import type { Rhythm } from '../firing.ts';
import { didYouMean } from '../suggest.ts';
import { explainIssues, problemAt } from './explain.ts';
import { daysAfter, recipient, scheduledReport } from './files.ts';
import { readHeartbeat } from './heartbeat.ts';
import { kindOf, readPlace } from './places.ts';
import type { Client, Recipient, ReportDefinition, ScheduledReport, Place } from './types.ts';
import type { Path, YamlFile } from './yaml.ts';

type Entry = z.infer<typeof scheduledReport>;

interface Listed {
  id: string;
  reports: readonly (string | object)[];
  contacts: string[];
  timezone: string;
  locale: string;
}

/** Where it stands, for relative paths and for what is wrong. */
interface Own {
  file: YamlFile;
  dir: string;
  problems: string[];
}

/** A client's reports: plain ids, and those with a schedule; what is wrong is added to `problems`. */
export async function readReports(
  listed: Listed,
  definitions: ReadonlyMap<string, ReportDefinition> | undefined,
  own: Own,
  effects: Effects,
): Promise<Pick<Client, 'reports' | 'scheduled' | 'contacts'>> {
  const { file, problems } = own;
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
    const receivers = await readRecipients(entry, index, listed, own, effects);
    const rhythm = await readRhythm(entry.schedule, index, file, effects.now(), problems);
    if (rhythm === undefined || report === undefined) continue;
    const one = scheduledOf(entry, report, rhythm, listed, receivers);
    scheduled.push({
      ...one,
      ...(await remarkOn(one, listed.timezone, problemAt(file, ['reports', index, 'schedule'], ''), effects.now())),
    });
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

type Receivers = Pick<ScheduledReport, 'recipients' | 'places' | 'heartbeat'>;

/** Mailboxes and other places of one report, each once. */
async function readRecipients(entry: Entry, index: number, listed: Listed, own: Own, effects: Effects): Promise<Receivers> {
  const { file, dir, problems } = own;
  const recipients: Recipient[] = [];
  const places: Place[] = [];
  for (const [number, item] of entry.recipients.entries()) {
    const at = ['reports', index, 'recipients', number];
    const kind = kindOf(item, file, at, problems);
    if (kind === undefined) continue;
    if (kind === 'to') {
      const parsed = recipient.safeParse(item);
      if (!parsed.success) problems.push(...explainIssues(parsed.error.issues, recipient, file, at));
      else if (isWelcome(parsed.data.to, recipients, listed, { ...own, at: [...at, 'to'] }))
        recipients.push({ ...parsed.data, locale: parsed.data.locale ?? listed.locale });
      continue;
    }
    const place = await readPlace(kind, item, { client: listed.id, locale: listed.locale, dir, file, at }, effects, problems);
    if (place === undefined) continue;
    const twice = places.some(({ channel, name }) => channel === place.channel && name === place.name);
    if (twice) problems.push(problemAt(file, [...at, kind], `"${place.name}" stands here twice`));
    places.push(place);
  }
  const { heartbeat_url: called } = entry;
  const heartbeat =
    called === undefined ? {} : { heartbeat: await readHeartbeat(called, file, ['reports', index, 'heartbeat_url'], dir, effects) };
  return { recipients, places, ...heartbeat };
}

/** A report must not leave the client's own circle, and nobody gets it twice. */
function isWelcome(to: string, earlier: readonly Recipient[], { contacts }: Listed, own: Own & { at: Path }): boolean {
  const twice = earlier.some((other) => other.to.toLowerCase() === to.toLowerCase());
  const stranger = `"${to}" is not on this client's list; add it to contacts${didYouMean(to, contacts)}`;
  if (twice || !contacts.includes(to)) own.problems.push(problemAt(own.file, own.at, twice ? `"${to}" stands here twice` : stranger));
  return !twice;
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

/** What is legal, and may not be what was meant. */
async function remarkOn(
  { rhythm, zone, report }: ScheduledReport,
  data_zone: string,
  key: string,
  now: Ms,
): Promise<Pick<ScheduledReport, 'remark'>> {
  const { gapRemark } = await import('../firing.ts');
  const remark = gapRemark({ rhythm, zone, kind: report.period, data_zone }, now);
  return remark === undefined ? {} : { remark: `${key}${remark}` };
}

function scheduledOf(entry: Entry, report: ReportDefinition, rhythm: Rhythm, { timezone }: Listed, receivers: Receivers): ScheduledReport {
  return {
    report,
    rhythm,
    zone: entry.zone ?? timezone,
    catchup: entry.catchup,
    ...receivers,
    collect_deadline: Number.parseInt(entry.collect_deadline, 10) * (entry.collect_deadline.endsWith('h') ? 60 : 1) * 60_000,
  };
}
