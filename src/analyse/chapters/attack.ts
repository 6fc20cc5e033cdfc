import { listed, percent, say, type Words } from '../../words/index.ts';
import { attackVersion, isKnownTechnique, tacticName, tacticPlace, tactics, techniqueName } from '../attack-names.ts';
import { type Cohort, cohortOf } from '../cohort.ts';
import type { Facts } from '../facts.ts';
import { cellOf, count, proportion } from '../figures.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { captionOf } from '../series.ts';
import { type Count, countLists, itemsOf, type Lists } from '../table.ts';

const common = {
  counts: 'alerts',
  chapter: 'attack',
  cohort: 'created-in-period',
  needs: ['attacks'],
  minN: 0,
  clock: 'none',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

const observed = defineKpi({
  ...common,
  id: 'ATT-01',
  name: 'ATT&CK techniques observed',
  question: 'What did attackers try?',
  formula:
    'Distinct MITRE ATT&CK techniques among findings created, sub-techniques counted with their technique; a finding counts once for each tactic and technique it names',
  unit: 'count',
  direction: 'neutral',
  statistic: 'count of distinct techniques; sums over techniques exceed the findings',
  chart: 'heatmap',
  sources: ['catalogue ATT-01', 'MITRE ATT&CK'],
  compute: (facts) => ({ outcome: { ...count(namedOnly(mapped(facts).all.techniques).length), n: facts.created.rows } }),
  show: (facts) => ({
    series: [tacticSeries(facts)],
    tables: [techniqueTable(facts), ...subTechniqueTables(facts)],
    notes: versionNotes(facts),
  }),
});

interface Counted {
  tactics: Count[];
  techniques: Count[];
  subs: Count[];
}

interface Mapped {
  all: Counted;
  real: Counted;
  /** The tactics that products named with a technique. */
  tacticsOf: Map<string, Set<string>>;
}

const mapped = oncePerObject((facts: Facts): Mapped => {
  const { created, findings } = facts;
  const lists = findings.lists('attacks');
  const byTactic = regrouped(lists, (item) => item.split('/')[0]);
  const [byTechnique, bySub] = [regrouped(lists, techniqueIn), regrouped(lists, subIn)];
  const verdict = created.coded('verdict');
  const truth = verdict.values.indexOf('true_positive');
  const real = cohortOf(
    findings,
    created.members.filter((_, i) => truth >= 0 && verdict.codes[i] === truth),
  );
  const counted = (cohort: Cohort): Counted => {
    const { codes } = cohort.coded('attacks');
    return { tactics: countLists(codes, byTactic), techniques: countLists(codes, byTechnique), subs: countLists(codes, bySub) };
  };
  const tacticsOf = new Map<string, Set<string>>();
  for (const value of lists.values) {
    const technique = techniqueIn(value);
    const tactic = value.split('/')[0];
    if (technique !== undefined && tactic !== undefined && tactic !== '')
      tacticsOf.set(technique, (tacticsOf.get(technique) ?? new Set()).add(tactic));
  }
  return { all: counted(created), real: counted(real), tacticsOf };
});

/** Stored as tactic/technique/sub-technique, any of which may be missing. */
function techniqueIn(item: string): string | undefined {
  const [, technique, sub] = item.split('/');
  const given = technique === undefined || technique === '' ? sub : technique;
  return given === undefined || given === '' ? undefined : (given.split('.')[0] ?? given);
}

/** Some products write the sub-technique where the technique belongs. */
function subIn(item: string): string | undefined {
  const [, technique, sub] = item.split('/');
  return [sub, technique].find((id) => id?.includes('.'));
}

/** The same texts with their items under other names; an item that comes to stand twice in a text counts once. */
function regrouped(lists: Lists, name: (item: string) => string | undefined): Lists {
  const index = new Map<string, number>();
  const codes = lists.values.map((value) => {
    const given = name(value);
    if (given === undefined || given === '') return -1;
    const code = index.get(given) ?? index.size;
    index.set(given, code);
    return code;
  });
  const items: number[] = [];
  const offsets = lists.offsets.map((_, i) => {
    if (i > 0) items.push(...new Set([...itemsOf(lists, i - 1)].map((item) => codes[item] ?? -1).filter((code) => code >= 0)));
    return items.length;
  });
  return { texts: lists.texts, offsets, items: Int32Array.from(items), values: [...index.keys()] };
}

function namedOnly(counts: readonly Count[]): { name: string; n: number }[] {
  return counts.flatMap(({ name, n }) => (name === undefined ? [] : [{ name, n }]));
}

/** In the order of the matrix; tactics that were not seen stay in it, since their absence is what a reader looks for. */
function tacticSeries(facts: Facts): Series {
  const { all, real } = mapped(facts);
  const seen = new Map(namedOnly(all.tactics).map(({ name, n }) => [name, n]));
  const confirmed = new Map(namedOnly(real.tactics).map(({ name, n }) => [name, n]));
  const foreign = [...seen.keys()].filter((id) => tacticPlace(id) === tactics.length).sort();
  const ids = [...tactics.map(({ id }) => id), ...foreign];
  const cells = (counts: ReadonlyMap<string, number>) => ids.map((id) => cellOf(facts, counts.get(id) ?? 0)); // a tactic that no finding names has none
  return {
    id: 'ATT-01.tactics',
    title:
      seen.size === 0
        ? say('No finding names a tactic')
        : say('{n} of {all, plural, one {# tactic} other {# tactics}} observed', { n: seen.size, all: tactics.length }),
    caption: captionOf(facts, say('Findings created per ATT&CK tactic, all and true positives ({version})', { version: attackVersion })),
    chart: 'heatmap',
    unit: 'count',
    axis: 'category',
    labels: ids.map(tacticName),
    groups: [
      { name: say('all'), cells: cells(seen) },
      { name: say('true positive'), cells: cells(confirmed) },
    ],
  };
}

function techniqueTable(facts: Facts): Table {
  const { all, real, tacticsOf } = mapped(facts);
  const confirmed = new Map(real.techniques.map(({ name, n }) => [name, n]));
  const counts = namedOnly(all.techniques);
  const tacticNames = (id: string) => [...(tacticsOf.get(id) ?? [])].sort((a, b) => tacticPlace(a) - tacticPlace(b)).map(tacticName);
  return {
    id: 'ATT-01.techniques',
    title:
      counts.length === 0
        ? say('No finding names a technique')
        : say('{n, plural, one {# technique} other {# techniques}} observed', { n: counts.length }),
    caption: captionOf(facts, say('Findings created per ATT&CK technique')),
    columns: [
      { key: 'id', label: say('Technique'), kind: 'text' },
      { key: 'name', label: say('Name'), kind: 'text' },
      { key: 'tactics', label: say('Tactics named with it'), kind: 'text' },
      { key: 'n', label: say('Findings'), kind: 'count' },
      { key: 'real', label: say('True positive'), kind: 'count' },
    ],
    rows: counts.slice(0, 40).map(({ name, n }) => ({
      id: name,
      name: techniqueName(name),
      tactics: tacticNames(name).length === 0 ? say('not stated') : listed(tacticNames(name)),
      n,
      real: confirmed.get(name) ?? 0,
    })), // none of them true
    total_rows: counts.length,
  };
}

/** A table only where some finding is that exact. */
function subTechniqueTables(facts: Facts): Table[] {
  const { all, real } = mapped(facts);
  const confirmed = new Map(real.subs.map(({ name, n }) => [name, n]));
  const counts = namedOnly(all.subs);
  if (counts.length === 0) return [];
  return [
    {
      id: 'ATT-01.sub-techniques',
      title: say('{n, plural, one {# sub-technique} other {# sub-techniques}} observed', { n: counts.length }),
      caption: captionOf(facts, say('Findings created per ATT&CK sub-technique')),
      columns: [
        { key: 'id', label: say('Sub-technique'), kind: 'text' },
        { key: 'name', label: say('Name'), kind: 'text' },
        { key: 'technique', label: say('Technique'), kind: 'text' },
        { key: 'n', label: say('Findings'), kind: 'count' },
        { key: 'real', label: say('True positive'), kind: 'count' },
      ],
      rows: counts.slice(0, 40).map(({ name, n }) => ({
        id: name,
        name: techniqueName(name),
        technique: techniqueName(name.split('.')[0] ?? name),
        n,
        real: confirmed.get(name) ?? 0,
      })), // none of them true
      total_rows: counts.length,
    },
  ];
}

function versionNotes(facts: Facts): Words[] {
  const { techniques, subs } = mapped(facts).all;
  const unknown = namedOnly([...techniques, ...subs]).filter(({ name }) => !isKnownTechnique(name));
  const note = say('Names: {version}. What is observed is no measure of what rules cover.', { version: attackVersion });
  return unknown.length === 0 ? [note] : [note, say('Not in this version: {names}.', { names: listed(unknown.map(({ name }) => name)) })];
}

const unmapped = defineKpi({
  ...common,
  id: 'ATT-03',
  audiences: ['engineer'],
  name: 'Findings without a technique',
  question: 'How much cannot be placed in ATT&CK?',
  formula: 'Findings created that name no ATT&CK technique / findings created',
  unit: 'rate',
  direction: 'down',
  statistic: 'Wilson 95 % interval of the share',
  chart: 'figure',
  sources: ['catalogue ATT-03'],
  compare: 'proportion',
  compute: (facts) => ({ outcome: proportion(withoutTechnique(facts), facts.created.rows, say('findings created in the period')) }),
  show: (facts) => {
    const share = facts.created.rows === 0 ? undefined : withoutTechnique(facts) / facts.created.rows;
    return { notes: share === undefined ? [] : [say('{share} of findings stand in no technique of ATT-01.', { share: percent(share) })] };
  },
});

function withoutTechnique({ created, findings }: Facts): number {
  const lists = findings.lists('attacks');
  const has = lists.texts.map((_, text) => [...itemsOf(lists, text)].some((item) => techniqueIn(lists.values[item] ?? '') !== undefined));
  let without = 0;
  for (const code of created.coded('attacks').codes) if (has[code] !== true) without += 1;
  return without;
}

export const attack: readonly Kpi[] = [observed, unmapped];
