import { say, span, type Words } from '../../words/index.ts';
import type { Cell, Series, Table } from '../kpi.ts';
import { wilson } from '../stats/index.ts';
import type { ClientFigures, OverviewInput } from './clients.ts';

const stateWords = {
  issued: say('issued in time'),
  late: say('issued late'),
  held: say('held'),
  failed: say('failed'),
  missing: say('not issued'),
} as const;

function captionOf({ period }: OverviewInput, measure: Words): Words {
  return say('{measure}, {dates}, {zone}', { measure, dates: span(period), zone: period.zone });
}

export function states(input: OverviewInput): Table {
  const names = Object.keys(stateWords) as (keyof typeof stateWords)[]; // its own keys
  const rows = names.map((name) => ({ state: stateWords[name], n: input.clients.filter(({ edition }) => edition === name).length }));
  return {
    id: 'OVW-03.states',
    title: say('{n} of {all, plural, one {# edition} other {# editions}} issued in time', {
      n: rows[0]?.n ?? 0,
      all: input.clients.length,
    }),
    caption: captionOf(input, say('Editions by what became of them')),
    columns: [
      { key: 'state', label: say('Edition'), kind: 'text' },
      { key: 'n', label: say('Clients'), kind: 'count' },
    ],
    rows,
    total_rows: rows.length,
  };
}

/** In the order of their aliases, which says nothing: no league. */
export function sideBySide(input: OverviewInput): Table {
  const rows = input.clients.map((client) => ({
    client: client.alias,
    edition: stateWords[client.edition],
    per_day: client.created === undefined || client.days === undefined ? null : client.created.n / client.days,
    data: client.created === undefined ? say('no data') : client.created.partial ? say('incomplete') : say('complete'),
    collected: share(client.collected && totalOf(client.collected)),
    kept: share(client.kept),
    low: client.kept === undefined ? null : (wilson(client.kept.k, client.kept.n)?.low ?? null),
    high: client.kept === undefined ? null : (wilson(client.kept.k, client.kept.n)?.high ?? null),
    n: client.kept?.n ?? null,
  }));
  return {
    id: 'OVW-01.clients',
    title: say('{n, plural, one {# client} other {# clients}} side by side, in no order of merit', { n: rows.length }),
    caption: captionOf(input, say('Each client: volume, collection and service levels with their 95 % interval')),
    columns: [
      { key: 'client', label: say('Client'), kind: 'text' },
      { key: 'edition', label: say('Edition'), kind: 'text' },
      { key: 'per_day', label: say('Findings per day'), kind: 'number' },
      { key: 'data', label: say('Data'), kind: 'text' },
      { key: 'collected', label: say('Days collected'), kind: 'rate' },
      { key: 'kept', label: say('Service levels kept'), kind: 'rate' },
      { key: 'low', label: say('From'), kind: 'rate' },
      { key: 'high', label: say('To'), kind: 'rate' },
      { key: 'n', label: say('Of'), kind: 'count' },
    ],
    rows,
    total_rows: rows.length,
  };
}

function totalOf(days: ReadonlyMap<string, { k: number; n: number }>): { k: number; n: number } {
  const all = [...days.values()];
  return { k: all.reduce((sum, { k }) => sum + k, 0), n: all.reduce((sum, { n }) => sum + n, 0) };
}

function share(counted: { k: number; n: number } | undefined): number | null {
  return counted === undefined || counted.n === 0 ? null : counted.k / counted.n;
}

/** z of a two-sided 99.8 %: of a thousand clients alike two would lie outside (Spiegelhalter 2005). */
const z998 = 3.0902;

/** Shares by how many they are made of, with the limits within which chance alone would keep clients that are all alike. */
export function funnel(input: OverviewInput, drawn: readonly ClientFigures[]): Series {
  const points = drawn
    .flatMap(({ alias, kept: own }) => (own === undefined ? [] : [{ alias, ...own }]))
    .sort((a, b) => a.n - b.n || (a.alias < b.alias ? -1 : 1));
  const mean = points.reduce((sum, { k }) => sum + k, 0) / points.reduce((sum, { n }) => sum + n, 0);
  const limits = points.map(({ n }) => limitsAt(mean, n));
  const outside = points.filter(({ k, n }, i) => k / n < (limits[i]?.low ?? 0) || k / n > (limits[i]?.high ?? 1)).length;
  const cells = (values: readonly number[]): Cell[] => values.map((value) => ({ status: 'ok', value }));
  return {
    id: 'SLA-01.funnel',
    title:
      outside === 0
        ? say('No client stands out beyond chance')
        : say('{n, plural, one {# client stands} other {# clients stand}} out beyond chance', { n: outside }),
    caption: captionOf(input, say('Service levels kept per client, fewest due first, with the 99.8 % limits of chance')),
    chart: 'funnel',
    unit: 'rate',
    axis: 'category',
    labels: points.map(({ alias, n }) => say('{alias}, n = {n}', { alias, n })),
    groups: [
      { name: say('kept'), cells: cells(points.map(({ k, n }) => k / n)) },
      { name: say('upper limit'), cells: cells(limits.map(({ high }) => high)) },
      { name: say('lower limit'), cells: cells(limits.map(({ low }) => low)) },
    ],
  };
}

/** Wilson's interval turned round: the shares of n that a true share of `mean` makes likely. */
function limitsAt(mean: number, n: number): { low: number; high: number } {
  const half = z998 * Math.sqrt((mean * (1 - mean)) / n);
  return { low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}
