import type { Outcome } from '../outcome.ts';
import type { Words } from '../words/index.ts';
import type { Cell, ChapterId, Counted, Kpi, Series, Table } from './kpi.ts';

/** The whole content of a report, as `report.json` holds it. Renderers add form, never figures. */
export interface Analysis {
  schema: 1;
  client: { id: string; name: string };
  report: { id: string; title: string; reader: 'manager' | 'client' | 'engineer' };
  /** Instants as ISO 8601 UTC. `label` is the period's name: "2026-10", "2026-W42", "2026-10-05". */
  period: { start: string; end: string; zone: string; label: string; days: number };
  as_of: string;
  locale: string;
  /** Which sources are the record for cases and which for alerts; absent: every record counts by itself. */
  records?: { cases: readonly string[]; alerts: readonly string[] };
  /** Printed at the top of every page, e.g. "Sample data". */
  notice?: string;
  /** Why the report as a whole is incomplete; absent when it is complete. */
  incomplete?: Words;
  /** What its figures say of themselves: "1 of 31 days not complete". The sentence above says why. */
  marked?: Words;
  kpis: Record<string, KpiEntry>;
  series: Record<string, Series>;
  tables: Record<string, Table>;
  coverage: CoverageDay[];
  /** What was left out of the figures, by reason. */
  excluded: { reason: Words; n: number }[];
  chapters: { id: ChapterId; title: Words; kpis: string[] }[];
  /** The registry entries of the KPIs above, for the appendix. */
  definitions: Record<string, Definition>;
  /** What each source can and cannot answer. */
  capabilities: { source: string; product: string; question: string; answer: string; note?: string }[];
  /** What was read: the batches' digests, versions. */
  provenance: { batches: number; digest: string; versions: Record<string, string> };
  /** What an engineer asks next; present where the run can tell. */
  diagnostics?: Diagnostics;
}

/** How the figures came about, for the engineer's page. */
export interface Diagnostics {
  /** The sets of findings that were meant, in the filter language: tag rules in order, escalated, exclusions, service levels. */
  queries?: { name: Words; place: string; text: string }[];
  /** What collecting the period took, by source. */
  timings?: { source: string; collections: number; requests: number; records: number; seconds: number }[];
  /** Records no finding could be made of, by source and reason. */
  rejected?: { source: string; reason: string; n: number; example?: string }[];
  /** Titles no tag rule matched, most frequent first. */
  unmatched?: { title: string; n: number }[];
}

/** A KPI as report.json has it: the outcome's fields, flat. Durations in seconds, rates 0..1. */
export type KpiEntry = Outcome & {
  id: string;
  name: Words;
  unit: string;
  /** The same KPI over the period before, where it could be computed. */
  previous?: Outcome;
  target?: number;
  /** In words from an interval: "no clear change", "probably rose by 12 %", "clearly fell by 30 %". */
  change?: Words;
  /** The whole sentence about the figure and its change, built from these cells. */
  sentence?: Words;
  /**
   * This figure in the periods up to and with this one, oldest first, at most 13; `label` as in `period`. Gaps stay in it.
   * `charted` is what the control chart is made of: counts as rates per complete day, absent where too much is missing.
   * `as_of` where an earlier figure stands as it was first taken down; otherwise it is what is known now.
   */
  history?: { label: string; cell: Cell; charted?: number; as_of?: string }[];
  /** Is it changing? By the XmR rules over `history`; better and worse by the KPI's direction, higher and lower where it has none. */
  variation?: 'steady' | 'better' | 'worse' | 'higher' | 'lower';
  /** Will it meet its target? By the target's place among the XmR limits. */
  assurance?: 'will-meet' | 'hit-or-miss' | 'will-miss';
  series: string[];
  tables: string[];
  notes: Words[];
};

/** A registry entry without its code. */
export type Definition = Omit<Kpi, 'compute' | 'show' | 'daily' | 'moved' | 'target' | 'counts' | Told | 'formulaFor'> &
  Record<Told, Words> & { counts: Counted };

/** What of a definition is told to a reader. */
type Told = 'name' | 'question' | 'formula' | 'statistic';

export interface CoverageDay {
  source: string;
  /** Local day, YYYY-MM-DD. */
  day: string;
  status: 'complete' | 'partial' | 'failed' | 'not-collected' | 'late';
  reason?: Words;
  /** Findings of that day the product reported, where it said so; undefined when unknown. */
  expected?: number;
  fetched: number;
}
