import type { Client } from '../config/index.ts';
import type { Outcome } from '../outcome.ts';
import type { Unit, Words } from '../words/index.ts';
import type { Question } from '../vendors/vendor.ts';
import type { Movement } from './change.ts';
import type { Facts } from './facts.ts';
import type { ColumnName } from './findings.ts';

export type Cohort = 'created-in-period' | 'closed-in-period' | 'due-in-period' | 'open-at-end' | 'event-in-period' | 'as-of' | 'history';
/**
 * What a KPI counts where a client says which source is the record for what: `work` is each piece of work once, a case or an alert
 * that is part of none; `alerts` is every alert, in a case or not.
 */
export type Counted = 'work' | 'alerts' | 'alerts and cases' | 'cases' | 'nothing';
export type { Unit };
export type ChartKind =
  | 'columns'
  | 'bars'
  | 'line'
  | 'dots'
  | 'small-multiples'
  | 'heatmap'
  | 'pareto'
  | 'curves'
  | 'bullet'
  | 'ageing'
  | 'figure'
  | 'table'
  | 'xmr'
  | 'timeline'
  | 'funnel';
export type Reader = 'manager' | 'client' | 'engineer';
export type ChapterId =
  | 'change'
  | 'incidents'
  | 'volume'
  | 'escalation'
  | 'quality'
  | 'speed'
  | 'backlog'
  | 'people'
  | 'rules'
  | 'attack'
  | 'sources'
  | 'data';

/** What a KPI is, beside its code; the report's appendix is printed from this. */
export interface Kpi {
  /** As in the catalogue: "VOL-01". */
  id: string;
  chapter: ChapterId;
  name: string;
  /** The question a reader asks. */
  question: string;
  cohort: Cohort;
  /** Absent: `work`. */
  counts?: Counted;
  /** It is about alerts and the cases they belong to: printed only where the client says which source is the record for what. */
  joined?: true;
  /** Fields without which it cannot be computed; a source that has none makes it not-available-from-source. */
  needs: readonly Question[];
  /** Exact, in words a reader can check. */
  formula: string;
  /** The same where the client's settings choose another meaning; undefined: as above. */
  formulaFor?(client: Client): string | undefined;
  unit: Unit;
  direction: 'up' | 'down' | 'neutral' | 'target';
  statistic: string;
  /** Below this n no figure is printed. */
  minN: number;
  clock: 'calendar' | 'sla' | 'none';
  chart: ChartKind;
  audiences: readonly Reader[];
  /** Where the definition comes from. */
  sources: readonly string[];
  /** The figure; it is also computed for the period before, so what is drawn and listed stands in `show`. */
  compute(facts: Facts): KpiResult;
  /** What is drawn, listed and said beside the figure; asked for the report's own period only. */
  show?(facts: Facts): Omit<KpiResult, 'outcome'>;
  /** A rate's change is judged by the interval of the difference of two proportions; absent: a rate's is not judged. */
  compare?: 'proportion';
  /** A count's daily counts: with them its change is judged as a rate ratio, with their over-dispersion. */
  daily?(facts: Facts): ArrayLike<number>;
  /** The column whose values explain a change of this count best: "category". Only of findings created. */
  driver?: ColumnName;
  /** What the client wants it to be, in the unit; undefined: nothing, or not the same for all it is made of. */
  target?(facts: Facts): number | undefined;
  /** How far a duration moved since the period before, where it knows how to tell; undefined: it cannot be told. */
  moved?(now: Facts, before: Facts): Movement | undefined;
}

/** What a KPI yields. The outcome is the headline; series and tables are what is drawn and listed. */
export interface KpiResult {
  outcome: Outcome;
  series?: Series[];
  tables?: Table[];
  /** Said beside the figure: fallbacks taken, things left out, with counts. */
  notes?: Words[];
}

/** A cell is three-valued: a figure, a figure over incomplete data, or no data. 0 is a figure. */
export type Cell =
  | { status: 'ok'; value: number; low?: number; high?: number; n?: number }
  | { status: 'partial'; value: number; reason: Words; low?: number; high?: number; n?: number }
  | { status: 'no-data'; reason: Words };

/** Something to draw: cells per label, in one or more groups that share the labels. */
export interface Series {
  id: string;
  /** States the finding, at most ten words: "Thursdays bring a third more". */
  title: Words;
  /** Measure, unit, period: "Findings created per day, 1–31 October 2026, Europe/Berlin". */
  caption: Words;
  chart: ChartKind;
  unit: Unit;
  axis: 'day' | 'hour' | 'category';
  /** Days as YYYY-MM-DD, hours as "00"…"23", otherwise names (attacker-influenced) or our words. */
  labels: Words[];
  groups: { name: Words; cells: Cell[] }[];
  /** A limit or target line, in the unit. */
  target?: number;
  /** A target per label, where they differ (bullets); null: none is set. */
  targets?: (number | null)[];
  /** Curves: where the promised time ends, in seconds, an upright line. */
  within?: number;
  /** Control chart: the limits and where they are broken, each with the rule in words ("7 on one side of the mean"). */
  limits?: { mean: number; low: number; high: number; trial: boolean; signals: { index: number; words: Words }[] };
  /** Series of one panel are drawn side by side at one scale (small multiples). */
  panel?: string;
  /** The KPI whose count the cells must add up to. */
  sums_to?: string;
}

/** A `day` is YYYY-MM-DD. */
export type ColumnKind = 'text' | 'day' | 'count' | 'rate' | 'seconds' | 'days' | 'hours' | 'instant' | 'number';

export interface Table {
  id: string;
  title: Words;
  caption: Words;
  columns: { key: string; label: Words; kind: ColumnKind }[];
  rows: Record<string, Words | number | null>[];
  /** The KPI whose count this column must add up to. */
  sums_to?: { kpi: string; column: string };
  /** No chart says what it says: it is printed for every reader. */
  essential?: true;
  /** How many rows there are in all, where `rows` is only the top of them. */
  total_rows: number;
}

export function defineKpi(kpi: Kpi): Kpi {
  return kpi;
}
