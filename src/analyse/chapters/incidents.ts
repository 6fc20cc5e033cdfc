import { listSeparator } from '../../store/columns.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import { gravest, type Incident, incidentsOf } from '../incidents.ts';
import { type Cell, defineKpi, type Kpi, type KpiResult, type Series, type Table } from '../kpi.ts';
import { durationText } from '../quantity.ts';
import { captionOf } from '../series.ts';
import { clipped, plural } from '../words.ts';

/** A page has room for so many. */
const most = 5;

const mattered = defineKpi({
  id: 'INC-01',
  chapter: 'incidents',
  name: 'Incidents',
  question: 'What really happened, and how was it dealt with?',
  cohort: 'created-in-period',
  needs: [],
  formula: `Findings created in the period that were judged a true positive, or escalated and not judged anything else. Told of: the ${most} most severe, of equal severity the escalated first, then what lasted longest`,
  unit: 'count',
  direction: 'down',
  statistic: 'count',
  minN: 0,
  clock: 'calendar',
  chart: 'timeline',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['report design: incidents that mattered'],
  compute: (facts) => {
    const { rows, unjudged } = incidentsOf(facts);
    // Where nobody judges, none is no figure.
    if (rows.length === 0 && unjudged > 0 && unjudged === facts.created.rows) {
      return { outcome: { status: 'no-denominator', reason: 'no finding has a verdict, and none says whether it was escalated', n: 0 } };
    }
    return { outcome: count(rows.length) };
  },
  show: tell,
});

function tell(facts: Facts): Omit<KpiResult, 'outcome'> {
  const { rows, confirmed, unjudged } = incidentsOf(facts);
  const told = gravest(facts, most);
  const notes = [`${confirmed} confirmed as real, ${rows.length - confirmed} escalated without a verdict.`];
  if (unjudged > 0) notes.push(`${plural(unjudged, 'finding')} neither judged nor known to be escalated: incidents may be among them.`);
  const missing = steps.filter(({ key }) => key !== 'closed' && !recorded(told, key)).map(({ name }) => name);
  if (told.length > 0 && missing.length > 0) notes.push(`When they were ${missing.join(' and ')} is not recorded.`);
  if (rows.length === 0) return { notes: unjudged > 0 ? notes.slice(1) : ['No finding of the period was confirmed as real or escalated.'] };
  return { series: [timelines(facts, told)], tables: [accounts(facts, told, rows.length)], notes };
}

const steps = [
  { key: 'noticed', name: 'noticed' },
  { key: 'acknowledged', name: 'acknowledged' },
  { key: 'contained', name: 'contained' },
  { key: 'closed', name: 'closed' },
] as const;

function timelines(facts: Facts, told: readonly Incident[]): Series {
  const ids = facts.findings.view.cold(told.map(({ row }) => row));
  return {
    id: 'INC-01.timelines',
    title: titleOf(told),
    caption: captionOf(facts, 'Time since the first sign, the gravest incidents'),
    chart: 'timeline',
    unit: 'seconds',
    axis: 'category',
    labels: told.map((incident, i) => `${ids[i]?.native_id ?? ''} ${textOf(facts, 'title', incident.row) ?? ''}`.trim()),
    // The close is the end of the line, recorded or not; a step that none of them has would only be a row of gaps.
    groups: steps
      .filter(({ key }) => key === 'closed' || recorded(told, key))
      .map(({ key, name }) => ({ name, cells: told.map((incident) => stepCell(incident, key)) })),
  };
}

function recorded(told: readonly Incident[], key: (typeof steps)[number]['key']): boolean {
  return told.some((incident) => incident[key] !== undefined);
}

function titleOf(told: readonly Incident[]): string {
  const open = told.filter(({ state }) => state === 'open').length;
  if (open > 0) return `${open} of the ${told.length} gravest ${open === 1 ? 'is' : 'are'} still open`;
  const closed = told.flatMap(({ closed }) => closed ?? []);
  if (closed.length < told.length) return `When ${told.length - closed.length} of the ${told.length} gravest ended is not known`;
  return told.length === 1
    ? `It was closed after ${durationText(Math.max(...closed))}`
    : `The ${told.length} gravest were closed within ${durationText(Math.max(...closed))}`;
}

function stepCell(incident: Incident, key: (typeof steps)[number]['key']): Cell {
  const seconds = incident[key];
  if (seconds !== undefined) return { status: 'ok', value: seconds };
  return { status: 'no-data', reason: key === 'closed' && incident.state === 'open' ? 'still open at the data cut' : 'not recorded' };
}

function accounts(facts: Facts, told: readonly Incident[], total: number): Table {
  const { view, client } = facts.findings;
  const cold = view.cold(told.map(({ row }) => row));
  const rows = told.map((incident, i) => {
    const id = cold[i]?.native_id ?? '';
    const note = client.incident_notes.find(({ source, finding }) => finding === id && source === textOf(facts, 'source', incident.row));
    return {
      id,
      title: textOf(facts, 'title', incident.row),
      severity: textOf(facts, 'severity', incident.row),
      outcome: outcomeOf(facts, incident),
      affected: note?.impact ?? affected(facts, incident.row),
      start: new Date(incident.start).toISOString(),
      lesson: note?.lesson ?? 'none recorded',
    };
  });
  return {
    id: 'INC-01.list',
    title: total > told.length ? `The ${told.length} gravest of ${plural(total, 'incident')}` : plural(total, 'incident'),
    caption: captionOf(facts, 'Incidents, the gravest first'),
    columns: [
      { key: 'id', label: 'Finding', kind: 'text' },
      { key: 'title', label: 'What', kind: 'text' },
      { key: 'severity', label: 'Severity', kind: 'text' },
      { key: 'outcome', label: 'Found to be', kind: 'text' },
      { key: 'affected', label: 'Impact', kind: 'text' },
      { key: 'start', label: 'First sign', kind: 'instant' },
      { key: 'lesson', label: 'Lesson', kind: 'text' },
    ],
    rows,
    total_rows: total,
    essential: true,
  };
}

function textOf({ findings }: Facts, name: 'title' | 'severity' | 'verdict' | 'source', row: number): string | null {
  const { codes, values } = findings.coded(name);
  return values[codes[row] ?? -1] ?? null;
}

function outcomeOf(facts: Facts, { row, state }: Incident): string {
  const verdict = textOf(facts, 'verdict', row)?.replaceAll('_', ' ') ?? 'not judged';
  const parts = [verdict, ...(facts.findings.escalated[row] === 1 ? ['escalated'] : []), ...(state === 'unknown' ? [] : [state])];
  return parts.join(', ');
}

/** "2 hosts, 1 user: web-1, web-2, j.doe": what it names as its targets, or else all it names. */
function affected({ findings }: Facts, row: number): string | null {
  const { starts, items, values } = findings.view.entityLists();
  const all = Array.from(items.subarray(starts[row], starts[row + 1]), (item) => values[item] ?? '');
  const { codes, values: lists } = findings.view.text('targets');
  const targets = new Set((lists[codes[row] ?? -1] ?? '').split(listSeparator));
  const hit = all.filter((name) => targets.has(name.slice(name.indexOf(':') + 1)));
  const named = (hit.length > 0 ? hit : all).map((name) => ({
    type: name.slice(0, name.indexOf(':')),
    value: name.slice(name.indexOf(':') + 1),
  }));
  if (named.length === 0) return null;
  const kinds = [...Map.groupBy(named, ({ type }) => type)].map(([type, members]) => kindText(type, members.length));
  const values3 = named.slice(0, 3).map(({ value }) => clipped(value));
  return `${kinds.join(', ')}: ${values3.join(', ')}${named.length > 3 ? ', …' : ''}`;
}

const kinds: Readonly<Record<string, [string, string]>> = {
  host: ['host', 'hosts'],
  user: ['user', 'users'],
  ip: ['address', 'addresses'],
  hash: ['file', 'files'],
  url: ['URL', 'URLs'],
  email: ['mailbox', 'mailboxes'],
  process: ['process', 'processes'],
  resource: ['resource', 'resources'],
};

function kindText(type: string, n: number): string {
  const [one, many] = kinds[type] ?? ['other thing', 'other things'];
  return plural(n, one, many);
}

export const incidents: readonly Kpi[] = [mattered];
