import { type Client, loadConfig, type ReportDefinition } from '../config/index.ts';
import { type Period, parsePeriod, periodOf, previousPeriod } from '../period.ts';
import type { Press } from '../press/index.ts';
import { openClientStore } from '../gather/index.ts';
import { buildReport, type Format, formats } from '../run/report.ts';
import { codeOf, languages } from '../words/index.ts';
import { UsageError } from './failure.ts';
import { clientOf, daysAsked, type Shell } from './shell.ts';

export interface ReportFlags {
  period?: string;
  from?: string;
  to?: string;
  asOf?: string;
  format: string;
  locale?: string;
  out?: string;
  issue?: true;
}

/** Prints the folder and files written. Exit code 1 when the report is marked incomplete. */
export async function report(shell: Shell, clientId: string, reportId: string, flags: ReportFlags, press?: Press): Promise<number> {
  const wanted = formatsOf(flags.format);
  const config = await loadConfig(shell.config, shell.effects);
  if (wanted.has('pdf')) press?.start(config.browser ?? {});
  const client = clientOf(config, clientId);
  const definition = reportOf(config.reports, reportId);
  const as_of = asOf(flags.asOf, shell.effects.now());
  const period = periodAsked(flags, definition, client, as_of);
  if (period.start > as_of)
    throw new UsageError(`${period.label} begins after ${new Date(as_of).toISOString()}: nothing is known of the future`);
  const store = openClientStore(config, client.id, { read_only: flags.issue !== true });
  try {
    const request = {
      config,
      client,
      report: definition,
      period,
      as_of,
      formats: wanted,
      issue: flags.issue === true,
      last: true as const,
      ...localeOf(flags),
      ...(flags.out === undefined ? {} : { out: flags.out }),
    };
    const built = await buildReport(request, store, press, shell.effects);
    for (const file of built.files) shell.print(`${built.folder}/${file}`);
    if (built.incomplete !== undefined)
      shell.effects.log({ level: 'warn', event: 'incomplete', message: `marked incomplete: ${built.incomplete}` });
    return built.incomplete === undefined ? 0 : 1;
  } finally {
    store.close();
  }
}

function localeOf({ locale, issue }: ReportFlags): { locale?: string } {
  if (locale === undefined) return {};
  if (issue === true)
    throw new UsageError('--locale is for previews; an edition is issued in the languages of the client and its recipients');
  if (!isSpoken(locale))
    throw new UsageError(`there are no words for "${locale}"; there are: ${languages.join(', ')}, each also with a region`);
  return { locale };
}

function isSpoken(locale: string): boolean {
  try {
    return codeOf(locale) !== undefined;
  } catch {
    return false; // not even formed like a locale
  }
}

function formatsOf(list: string): Set<Format> {
  const asked = list.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !formats.some((format) => format === name));
  if (unknown.length > 0) throw new UsageError(`unknown format ${unknown.join(', ')}; there are: ${formats.join(', ')}`);
  return new Set(formats.filter((format) => asked.includes(format)));
}

function reportOf(reports: ReadonlyMap<string, ReportDefinition>, id: string): ReportDefinition {
  const found = reports.get(id);
  if (found === undefined) throw new UsageError(`there is no report "${id}"; there are: ${[...reports.keys()].join(', ')}`);
  return found;
}

function asOf(text: string | undefined, now: number): number {
  if (text === undefined) return now;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch (cause) {
    throw new UsageError(`--as-of "${text}" is no instant; write 2026-11-01T06:00:00Z`, { cause });
  }
}

/** What was asked for, or else the last period of the report's kind that was over at `as_of`. */
function periodAsked(flags: ReportFlags, definition: ReportDefinition, client: Client, as_of: number): Period {
  if (flags.period !== undefined) return parsePeriod(flags.period, client.timezone);
  return daysAsked(flags, client.timezone) ?? previousPeriod(periodOf(definition.period, as_of, client.timezone));
}
