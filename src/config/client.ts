import type { Effects } from '../effects.ts';
import type { FieldKind, Verdict } from '../finding.ts';
import { checkFilter, type Filter } from '../filter/index.ts';
import { readBranding } from './branding.ts';
import { explainIssues, problemAt } from './explain.ts';
import { client as clientFile } from './files.ts';
import { misplacedReferences } from './references.ts';
import { calendarOf, policiesOf, shiftsOf, weekdays } from './service.ts';
import { readReports } from './reports.ts';
import { recordsOf } from './records.ts';
import { readSource } from './source.ts';
import { notesOf } from './notes.ts';
import { targetsOf } from './targets.ts';
import { scopeOf, tuningsOf } from './tuning.ts';
import type { Client, ReportDefinition, Source } from './types.ts';
import type { Path, YamlFile } from './yaml.ts';

/** One client's file; what is wrong with it is added to `problems`. */
export async function readClient(
  id: string,
  file: YamlFile,
  definitions: ReadonlyMap<string, ReportDefinition> | undefined,
  dir: string,
  effects: Effects,
  problems: string[],
): Promise<Client | undefined> {
  const parsed = clientFile.safeParse(file.data);
  if (!parsed.success) problems.push(...explainIssues(parsed.error.issues, clientFile, file));
  const misplaced = misplacedReferences(file.data);
  problems.push(
    ...misplaced.map((path) =>
      problemAt(file, path, "a reference stands only in a source's settings or for a recipient's secret, and for the whole value"),
    ),
  );
  // Sources are read even when the rest is wrong, so that all problems are told at once.
  const sources = await readSources(file, dir, effects, problems);
  if (!parsed.success) return undefined;
  const {
    mappings,
    branding,
    notice,
    week_start,
    reports,
    calendar,
    sla,
    tunings,
    incident_notes,
    scope,
    targets,
    records,
    alias,
    ...rest
  } = parsed.data;
  const own = { file, zone: rest.timezone, problems };
  refuseFilter(mappings.escalated, ['mappings', 'escalated'], own);
  refuseFilter(mappings.ignore_log_sources, ['mappings', 'ignore_log_sources'], own, { log_sources: 'text' });
  for (const [index, { when }] of sla.entries()) refuseFilter(when, ['sla', index, 'when'], own);
  return {
    ...rest,
    id,
    ...(await readReports({ ...rest, id, reports }, definitions, { file, dir, problems }, effects)),
    sources,
    ...aliasOf(alias, { id, name: rest.name }, file, problems),
    ...recordsOf(records, Object.keys(rest.sources), sources, file, problems),
    week_start: week_start === undefined ? new Intl.Locale(rest.locale).getWeekInfo().firstDay : weekdays.indexOf(week_start) + 1,
    mappings: {
      ...(mappings.escalated === undefined ? {} : { escalated: mappings.escalated }),
      verdicts: readVerdicts(mappings.verdicts, file, problems),
      ignore_log_sources: mappings.ignore_log_sources,
    },
    ...(calendar === undefined ? {} : { calendar: calendarOf(calendar, rest.timezone) }),
    shifts: calendar === undefined ? [] : shiftsOf(calendar),
    sla: policiesOf(sla, calendar !== undefined, file, problems),
    tunings: tuningsOf(tunings, file, problems),
    incident_notes: notesOf(incident_notes, sources, file, problems),
    scope: scopeOf(scope),
    targets: targetsOf(targets),
    branding: await readBranding(branding, { file, dir, problems }, effects),
    ...(notice === undefined ? {} : { notice }),
  };
}

async function readSources(file: YamlFile, dir: string, effects: Effects, problems: string[]): Promise<Map<string, Source>> {
  const found = new Map<string, Source>();
  const data = file.data;
  const sources = typeof data === 'object' && data !== null && 'sources' in data ? data.sources : undefined;
  if (typeof sources !== 'object' || sources === null) return found;
  for (const [id, settings] of Object.entries(sources)) {
    if (typeof settings !== 'object' || settings === null) continue; // told by the client's schema
    const source = await readSource(id, settings, file, dir, effects, problems);
    if (source !== undefined) found.set(id, source);
  }
  return found;
}

function refuseFilter(
  filter: Filter | undefined,
  base: Path,
  own: { file: YamlFile; zone: string; problems: string[] },
  fields?: Readonly<Record<string, FieldKind>>,
): void {
  if (filter === undefined) return;
  const found = checkFilter(filter, fields === undefined ? { zone: own.zone } : { zone: own.zone, fields });
  own.problems.push(...found.map(({ path, message }) => problemAt(own.file, [...base, ...path], message)));
}

/** Products write the same word in several cases; two entries that differ only there contradict or repeat each other. */
function readVerdicts(given: Readonly<Record<string, Verdict>>, file: YamlFile, problems: string[]): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const [word, verdict] of Object.entries(given)) {
    const key = word.trim().toLowerCase();
    if (verdicts.has(key)) problems.push(problemAt(file, ['mappings', 'verdicts', word], 'stands here twice, in different case'));
    verdicts.set(key, verdict);
  }
  return verdicts;
}

/** An alias that names its client would be none. */
function aliasOf(
  alias: string | undefined,
  { id, name }: { id: string; name: string },
  file: YamlFile,
  problems: string[],
): Pick<Client, 'alias'> {
  if (alias === undefined) return {};
  const word = alias.toLowerCase();
  const tells = [id, name].some((one) => word.includes(one.toLowerCase())) || name.toLowerCase().includes(word);
  if (tells)
    problems.push(problemAt(file, ['alias'], `"${alias}" tells which client it is; take a word that is no part of its name or id`));
  return { alias };
}
