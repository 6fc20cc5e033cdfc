import { type Words, duration, fieldWords, listed, say } from '../../words/index.ts';
import { listSeparator } from '../../store/columns.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import { gravest, type Incident, incidentsOf } from '../incidents.ts';
import { type Cell, defineKpi, type Kpi, type KpiResult, type Series, type Table } from '../kpi.ts';
import { captionOf } from '../series.ts';
import { clipped } from '../words.ts';

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
      return {
        outcome: { status: 'no-denominator', reason: say('no finding has a verdict, and none says whether it was escalated'), n: 0 },
      };
    }
    return { outcome: count(rows.length) };
  },
  show: tell,
});

function tell(facts: Facts): Omit<KpiResult, 'outcome'> {
  const { rows, confirmed, unjudged } = incidentsOf(facts);
  const told = gravest(facts, most);
  const notes: Words[] = [
    say('{confirmed} confirmed as real, {escalated} escalated without a verdict.', { confirmed, escalated: rows.length - confirmed }),
  ];
  if (unjudged > 0)
    notes.push(
      say('{n, plural, one {# finding} other {# findings}} neither judged nor known to be escalated: incidents may be among them.', {
        n: unjudged,
      }),
    );
  const missing = steps.filter(({ key }) => key !== 'closed' && !recorded(told, key)).map(({ name }) => name);
  if (told.length > 0 && missing.length > 0) notes.push(say('When they were {steps} is not recorded.', { steps: listed(missing, 'and') }));
  if (rows.length === 0)
    return { notes: unjudged > 0 ? notes.slice(1) : [say('No finding of the period was confirmed as real or escalated.')] };
  return { series: [timelines(facts, told)], tables: [accounts(facts, told, rows.length)], notes };
}

const steps = [
  { key: 'noticed', name: say('noticed') },
  { key: 'acknowledged', name: say('acknowledged') },
  { key: 'contained', name: say('contained') },
  { key: 'closed', name: say('closed') },
] as const;

function timelines(facts: Facts, told: readonly Incident[]): Series {
  const ids = facts.findings.view.cold(told.map(({ row }) => row));
  return {
    id: 'INC-01.timelines',
    title: titleOf(told),
    caption: captionOf(facts, say('Time since the first sign, the gravest incidents')),
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

function titleOf(told: readonly Incident[]): Words {
  const open = told.filter(({ state }) => state === 'open').length;
  if (open > 0) return say('{open} of the {n} gravest {open, plural, one {is} other {are}} still open', { open, n: told.length });
  const closed = told.flatMap(({ closed }) => closed ?? []);
  if (closed.length < told.length)
    return say('When {n} of the {all} gravest ended is not known', { n: told.length - closed.length, all: told.length });
  return told.length === 1
    ? say('It was closed after {time}', { time: duration(Math.max(...closed)) })
    : say('The {n} gravest were closed within {time}', { n: told.length, time: duration(Math.max(...closed)) });
}

function stepCell(incident: Incident, key: (typeof steps)[number]['key']): Cell {
  const seconds = incident[key];
  if (seconds !== undefined) return { status: 'ok', value: seconds };
  return {
    status: 'no-data',
    reason: key === 'closed' && incident.state === 'open' ? say('still open at the data cut') : say('not recorded'),
  };
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
      severity: fieldWords(textOf(facts, 'severity', incident.row) ?? 'Unknown'),
      outcome: outcomeOf(facts, incident),
      affected: note?.impact ?? affected(facts, incident.row),
      start: new Date(incident.start).toISOString(),
      lesson: note?.lesson ?? say('none recorded'),
    };
  });
  return {
    id: 'INC-01.list',
    title:
      total > told.length
        ? say('The {n} gravest of {all, plural, one {# incident} other {# incidents}}', { n: told.length, all: total })
        : say('{n, plural, one {# incident} other {# incidents}}', { n: total }),
    caption: captionOf(facts, say('Incidents, the gravest first')),
    columns: [
      { key: 'id', label: say('Finding'), kind: 'text' },
      { key: 'title', label: say('What'), kind: 'text' },
      { key: 'severity', label: say('Severity'), kind: 'text' },
      { key: 'outcome', label: say('Found to be'), kind: 'text' },
      { key: 'affected', label: say('Impact'), kind: 'text' },
      { key: 'start', label: say('First sign'), kind: 'instant' },
      { key: 'lesson', label: say('Lesson'), kind: 'text' },
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

function outcomeOf(facts: Facts, { row, state }: Incident): Words {
  const judged = textOf(facts, 'verdict', row);
  const verdict = judged === null ? say('not judged') : fieldWords(judged);
  const handed = facts.findings.escalated[row] === 1 ? [say('escalated')] : [];
  return listed([verdict, ...handed, ...(state === 'unknown' ? [] : [fieldWords(state)])]);
}

/** "2 hosts, 1 user: web-1, web-2, j.doe": what it and the alerts it was made from name as their targets, or else all they name. */
function affected({ findings }: Facts, row: number): Words | null {
  const { starts, items, values } = findings.view.entityLists();
  const { codes, values: lists } = findings.view.text('targets');
  const all = new Set<string>();
  const hit = new Set<string>();
  for (const own of [row, ...(findings.links?.alertsOf.get(row) ?? [])]) {
    const targets = new Set((lists[codes[own] ?? -1] ?? '').split(listSeparator));
    for (const item of items.subarray(starts[own], starts[own + 1])) {
      const name = values[item] ?? '';
      all.add(name);
      if (targets.has(name.slice(name.indexOf(':') + 1))) hit.add(name);
    }
  }
  const named = [...(hit.size > 0 ? hit : all)].map((name) => ({
    type: name.slice(0, name.indexOf(':')),
    value: name.slice(name.indexOf(':') + 1),
  }));
  if (named.length === 0) return null;
  const kinds = [...Map.groupBy(named, ({ type }) => type)].map(([type, members]) => kindText(type, members.length));
  const first = named.slice(0, 3).map(({ value }) => clipped(value));
  const names = listed(named.length > 3 ? [...first, '…'] : first);
  return say('{kinds}: {names}', { kinds: listed(kinds), names });
}

function kindText(type: string, n: number): Words {
  switch (type) {
    case 'host':
      return say('{n, plural, one {# host} other {# hosts}}', { n });
    case 'user':
      return say('{n, plural, one {# user} other {# users}}', { n });
    case 'ip':
      return say('{n, plural, one {# address} other {# addresses}}', { n });
    case 'hash':
      return say('{n, plural, one {# file} other {# files}}', { n });
    case 'url':
      return say('{n, plural, one {# URL} other {# URLs}}', { n });
    case 'email':
      return say('{n, plural, one {# mailbox} other {# mailboxes}}', { n });
    case 'process':
      return say('{n, plural, one {# process} other {# processes}}', { n });
    case 'resource':
      return say('{n, plural, one {# resource} other {# resources}}', { n });
    default:
      return say('{n, plural, one {# other thing} other {# other things}}', { n });
  }
}

export const incidents: readonly Kpi[] = [mattered];
