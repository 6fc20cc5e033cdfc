import type { Outcome } from '../outcome.ts';
import type { ChapterId, Kpi, Series, Table } from './kpi.ts';

/** The whole content of a report, as `report.json` holds it. Renderers add form, never figures. */
export interface Analysis {
  schema: 1;
  client: { id: string; name: string };
  report: { id: string; title: string; reader: 'manager' | 'client' | 'engineer' };
  /** Instants as ISO 8601 UTC. `label` is the period's name: "2026-10", "2026-W42", "2026-10-05". */
  period: { start: string; end: string; zone: string; label: string; days: number };
  as_of: string;
  locale: string;
  /** Printed at the top of every page, e.g. "Sample data". */
  notice?: string;
  /** Why the report as a whole is incomplete; absent when it is complete. */
  incomplete?: string;
  /** What its figures say of themselves: "1 of 31 days not complete". The sentence above says why. */
  marked?: string;
  kpis: Record<string, KpiEntry>;
  series: Record<string, Series>;
  tables: Record<string, Table>;
  coverage: CoverageDay[];
  /** What was left out of the figures, by reason. */
  excluded: { reason: string; n: number }[];
  chapters: { id: ChapterId; title: string; kpis: string[] }[];
  /** The registry entries of the KPIs above, for the appendix. */
  definitions: Record<string, Definition>;
  /** What each source can and cannot answer. */
  capabilities: { source: string; product: string; question: string; answer: string; note?: string }[];
  /** What was read: the batches' digests, versions. */
  provenance: { batches: number; digest: string; versions: Record<string, string> };
}

/** A KPI as report.json has it: the outcome's fields, flat. Durations in seconds, rates 0..1. */
export type KpiEntry = Outcome & {
  id: string;
  name: string;
  unit: string;
  /** The same KPI over the period before, where it could be computed. */
  previous?: Outcome;
  target?: number;
  /** In words from an interval: "no clear change", "probably rose by 12 %", "clearly fell by 30 %". */
  change?: string;
  /** The whole sentence about the figure and its change, built from these cells. */
  sentence?: string;
  series: string[];
  tables: string[];
  notes: string[];
};

/** A registry entry without its code. */
export type Definition = Omit<Kpi, 'compute' | 'show' | 'daily'>;

export interface CoverageDay {
  source: string;
  /** Local day, YYYY-MM-DD. */
  day: string;
  status: 'complete' | 'partial' | 'failed' | 'not-collected' | 'late';
  reason?: string;
  /** Findings of that day the product reported, where it said so; undefined when unknown. */
  expected?: number;
  fetched: number;
}
