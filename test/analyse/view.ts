import { inEnglish } from '../english.ts';
import type { Client, ReportDefinition } from '../../src/config/index.ts';
import type { Finding } from '../../src/finding.ts';
import { parsePeriod, type Period } from '../../src/period.ts';
import {
  instantColumns,
  listColumns,
  listSeparator,
  type NumberColumn,
  numberColumns,
  type TextColumn,
  textColumns,
} from '../../src/store/columns.ts';
import type { Batch, View } from '../../src/store/index.ts';
import { type AnalyseInput, analyse, type SourceCapability } from '../../src/analyse/index.ts';
import { type Capability, questions } from '../../src/vendors/vendor.ts';

/** A finding as a test writes it: what it leaves out is plain and unremarkable. */
export type Sketch = Partial<Finding> & { source?: string };

export function finding(sketch: Sketch & { created_at: number }): Finding & { source: string } {
  return {
    source: 'siem',
    native_id: '1',
    kind: 'case',
    product: 'QRadar',
    title: 'Scanner detected',
    severity: 3,
    status: 'new',
    verdict: null,
    escalated: null,
    rules: [],
    entities: [],
    attacks: [],
    tags: [],
    networks: [],
    log_sources: [],
    ...sketch,
  };
}

type Row = Finding & { source: string };

const lists: Record<(typeof listColumns)[number], (row: Row) => string[]> = {
  rules: (row) => row.rules.map((rule) => rule.name),
  rule_ids: (row) => (row.rules.some(({ id }) => id !== undefined) ? row.rules.map(({ id }) => id ?? '') : []),
  actors: (row) => row.entities.filter((entity) => entity.role === 'actor').map((entity) => entity.value),
  targets: (row) => row.entities.filter((entity) => entity.role === 'target').map((entity) => entity.value),
  entities: (row) => row.entities.map((entity) => `${entity.type}:${entity.value}`),
  users: (row) => row.entities.filter((entity) => entity.type === 'user').map((entity) => entity.value),
  networks: (row) => row.networks,
  log_sources: (row) => row.log_sources,
  attacks: (row) => row.attacks.map(({ tactic, technique, sub }) => [tactic, technique, sub].join('/')),
  tags: (row) => row.tags,
  children: (row) => (row.children ?? []).map(({ product = '', id }) => `${product}:${id}`),
};

/** A store's view over findings in memory. */
export function viewOf(findings: readonly Row[], batches: readonly Batch[] = [], asOf = Number.MAX_SAFE_INTEGER): View {
  const texts = new Map<string, { codes: Int32Array; values: string[] }>();
  for (const name of textColumns) texts.set(name, encode(findings.map((row) => row[name] ?? '')));
  for (const name of listColumns) texts.set(name, encode(findings.map((row) => lists[name](row).join(listSeparator))));
  const numbers = new Map<string, Float64Array>();
  for (const name of [...numberColumns, ...instantColumns])
    numbers.set(
      name,
      Float64Array.from(findings, (row) => numberOf(row, name)),
    );
  return {
    as_of: asOf,
    rows: findings.length,
    text: ((name: TextColumn) => texts.get(name)) as View['text'], // overloaded there
    number: ((name: NumberColumn) => numbers.get(name)) as View['number'], // overloaded there
    entityLists() {
      const rows = findings.map((row) => [...new Set(lists.entities(row))]);
      const values = [...new Set(rows.flat())];
      const starts = Int32Array.from([0, ...rows.keys()].map((_, row) => rows.slice(0, row).flat().length));
      return { starts, items: Int32Array.from(rows.flat(), (name) => values.indexOf(name)), values };
    },
    identities: (rows) => ({
      native_ids: Array.from(rows, (row) => findings[row]?.native_id ?? ''),
      urls: Array.from(rows, () => undefined),
    }),
    find: (id) => findings.flatMap(({ native_id, source }, row) => (native_id === id ? [{ source, row }] : [])),
    cold: (rows) =>
      Array.from(rows, (row) => ({ native_id: findings[row]?.native_id ?? '', url: undefined, extra: JSON.stringify(findings[row]) })),
    batches,
  };
}

function numberOf(row: Row, name: NumberColumn): number {
  const value: unknown = row[name as keyof Row]; // our own keys are not among a finding's, and so unknown
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN;
}

function encode(values: readonly string[]): { codes: Int32Array; values: string[] } {
  const distinct = [...new Set(values)].filter((value) => value !== '');
  return { codes: Int32Array.from(values, (value) => distinct.indexOf(value)), values: distinct };
}

/** A complete collection of the whole window, finished long after it. */
export function batch(window: { start: number; end: number }, rest: Partial<Batch> = {}): Batch {
  return {
    id: 1,
    source: 'siem',
    mode: 'created',
    window_from: window.start,
    window_to: window.end,
    started_at: window.end,
    finished_at: window.end + 1,
    status: 'complete',
    reason: undefined,
    expected: undefined,
    fetched: 0,
    stored: 0,
    rejected: 0,
    requests: 1,
    digest: 'aa',
    ...rest,
  };
}

export function client(zone: string, rest: Partial<Client['mappings']> = {}, sources = ['siem']): Client {
  return {
    id: 'acme',
    name: 'Acme',
    timezone: zone,
    week_start: 1,
    locale: 'en-GB',
    sources: new Map(sources.map((id) => [id, { id, required: true } as never])), // analyse reads these two only when capabilities are given
    reports: ['monthly'],
    scheduled: [],
    contacts: [],
    mappings: { verdicts: new Map(), ignore_log_sources: undefined, ...rest },
    shifts: [],
    sla: [],
    tunings: [],
    incident_notes: [],
    scope: new Map(),
    time_to_close: 'last',
    targets: new Map(),
    minutes_per_finding: 15,
    branding: {},
    history_days: 90,
  };
}

/** For the reader who gets every figure. */
export const monthly: ReportDefinition = {
  id: 'monthly',
  title: 'Monthly',
  reader: 'engineer',
  period: 'month',
  incomplete: 'send-marked',
};

export function capable(answers: Partial<Capability> = {}): SourceCapability[] {
  const all = Object.fromEntries(questions.map((question) => [question, { answer: 'field' as const }])) as unknown as Capability; // every question is there
  return [{ source: 'siem', product: 'IBM QRadar', capability: { ...all, ...answers } }];
}

/** The analysis of some findings over one period that was collected completely, the period before included; what is said is not yet read. */
export function saidOf(findings: readonly Row[], label: string, zone: string, rest: Partial<AnalyseInput> = {}) {
  const period: Period = parsePeriod(label, zone);
  const asOf = rest.asOf ?? period.end + 3_600_000;
  const batches = [batch({ start: 0, end: period.end })];
  return analyse({
    view: viewOf(findings, batches, asOf),
    client: client(zone),
    report: monthly,
    period,
    asOf,
    categories: [],
    capabilities: capable(),
    versions: {},
    ...rest,
  });
}

/** The same, as `report.json` has it. */
export function analysisOf(...given: Parameters<typeof saidOf>) {
  return inEnglish(saidOf(...given));
}
