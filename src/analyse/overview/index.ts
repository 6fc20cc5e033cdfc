import type { Period } from '../../period.ts';
import { say, type Words } from '../../words/index.ts';
import type { Analysis, CoverageDay, Definition } from '../analysis.ts';
import { registry } from '../registry.ts';
import { funnel, sideBySide, states } from './beside.ts';
import { leastClients, type OverviewInput } from './clients.ts';
import { closed, collected, created, editions, kept, perDay } from './entries.ts';

export { type ClientFigures, leastClients, type OverviewInput } from './clients.ts';

/** All clients of a provider in one report for its own manager: sums, and clients side by side where there are enough of them. */
export function overviewOf(input: OverviewInput): Analysis {
  const { clients, period } = input;
  const entries = [created(input), closed(input), perDay(input), kept(input), collected(input), editions(input)];
  const drawn = clients.filter((client) => client.kept !== undefined && client.kept.n > 0);
  const compared = drawn.length >= leastClients;
  const series = compared ? [funnel(input, drawn)] : [];
  const tables = [states(input), ...(clients.length >= leastClients ? [sideBySide(input)] : [])];
  for (const entry of entries) {
    entry.series = series.filter(({ id }) => id.startsWith(`${entry.id}.`)).map(({ id }) => id);
    entry.tables = tables.filter(({ id }) => id.startsWith(`${entry.id}.`)).map(({ id }) => id);
  }
  const missing = clients.filter(({ created: n }) => n === undefined).length;
  return {
    schema: 1,
    client: { id: 'overview', name: 'All clients' },
    report: { id: 'overview', title: 'Overview across clients', reader: 'manager' },
    period: { ...bounds(period), zone: period.zone, label: period.label, days: period.days.length },
    as_of: new Date(input.asOf).toISOString(),
    locale: input.locale,
    ...(missing === 0 ? {} : { incomplete: incompleteness(missing, clients.length), marked: incompleteness(missing, clients.length) }),
    kpis: Object.fromEntries(entries.map((entry) => [entry.id, entry])),
    series: Object.fromEntries(series.map((one) => [one.id, one])),
    tables: Object.fromEntries(tables.map((one) => [one.id, one])),
    coverage: coverageOf(input),
    excluded: [],
    chapters: [
      { id: 'volume', title: say('Volume'), kpis: ['VOL-01', 'VOL-05', 'OVW-01'] },
      { id: 'speed', title: say('Speed'), kpis: ['SLA-01'] },
      { id: 'data', title: say('Data quality'), kpis: ['OVW-02', 'OVW-03'] },
    ],
    definitions: Object.fromEntries(entries.map(({ id, name }) => [id, definitionOf(id, name)])),
    capabilities: [],
    provenance: { batches: 0, digest: '', versions: { ...input.versions } },
  };
}

function bounds({ start, end }: Period) {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}

function incompleteness(missing: number, all: number): Words {
  return say('of {missing} of {all, plural, one {# client} other {# clients}} no issued edition is known', { missing, all });
}

/** The days as the sources of all clients together were collected; a client without an edition is in none. */
function coverageOf({ clients, period }: OverviewInput): CoverageDay[] {
  return period.days.map(({ date }) => {
    const found = clients.flatMap((client) => client.collected?.get(date) ?? []);
    const [k, n] = [found.reduce((sum, one) => sum + one.k, 0), found.reduce((sum, one) => sum + one.n, 0)];
    const day = { source: 'all clients', day: date, fetched: 0 };
    if (n > 0 && k === n) return { ...day, status: 'complete' };
    return { ...day, status: k === 0 ? 'not-collected' : 'partial', reason: say('{k} of {n} sources complete', { k, n }) };
  });
}

const own: Readonly<Record<string, Pick<Definition, 'question' | 'formula' | 'statistic' | 'unit' | 'direction'>>> = {
  'OVW-01': {
    question: 'How much is there to do, all clients together?',
    formula: 'Findings created of all clients with an issued edition / days of the period',
    statistic: 'rate per day',
    unit: 'per-day',
    direction: 'neutral',
  },
  'OVW-02': {
    question: 'How much of it did we see?',
    formula: 'Days of sources that were collected completely / days of all sources, over the issued editions',
    statistic: 'share, without interval: the days of one source hang together',
    unit: 'rate',
    direction: 'up',
  },
  'OVW-03': {
    question: 'Did every client get its report?',
    formula: 'Clients whose edition of the period was issued / clients',
    statistic: 'Wilson 95 % interval',
    unit: 'rate',
    direction: 'up',
  },
};

/** As in the clients' own reports, where it is the same figure. */
function definitionOf(id: string, name: Words): Definition {
  const base = registry.find((kpi) => kpi.id === id) ?? registry[0];
  if (base === undefined) throw new Error('the registry is empty');
  const { compute: _, show: __, daily: ___, moved: ____, target: _____, ...definition } = base;
  return { ...definition, ...own[id], id, name: String(name), counts: definition.counts ?? 'work' };
}
