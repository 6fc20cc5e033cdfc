import { type Categories, type CategoryRule, categorise } from '../categories.ts';
import type { Client } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { listColumns, type TextColumn } from '../store/columns.ts';
import type { View } from '../store/index.ts';
import { escalatedColumn, pseudonyms, severityColumn, tidy, unnamed, verdictColumn } from './columns.ts';
import { exclusionsOf, flawsOf, mergedRows } from './exclusions.ts';
import type { Reader } from './kpi.ts';
import type { Links } from './links/index.ts';
import { joinedFindings } from './populations.ts';
import { rulesOf } from './identity.ts';
import { type Interval, type Lifecycle, lifecycleOf, mergedTimes, specialStays } from './lifecycle.ts';
import { lazily, oncePer } from '../once.ts';
import { type Coded, keepValues, type Lists, rename, singleLists, splitLists } from './table.ts';

/** What every period of one report shares: the rows of the view, read once, with the client's own meanings applied. */
export interface Findings {
  view: View;
  client: Client;
  reader: Reader;
  asOf: Ms;
  categories: readonly CategoryRule[];
  created: Float64Array;
  life: Lifecycle;
  /** Open stretches of the rows that were reopened, or merged at a known time. */
  stays: ReadonlyMap<number, readonly Interval[]>;
  /** When rows were merged into another, where that is known: they were open before. */
  merged: ReadonlyMap<number, Ms>;
  /** Per row 0, or the 1-based place of the reason for which it is left out. */
  excluded: Uint8Array;
  flaws: Uint8Array;
  /** 1, 0, or -1 where unknown. */
  escalated: Int8Array;
  /** When, where it is known. */
  escalatedAt: Float64Array;
  /** Which alerts belong to which cases; undefined where the client does not say which source is the record for what. */
  links: Links | undefined;
  /** Every alert, in a case or not, and no case; the very same where there are no links. */
  alerts: Findings;
  /** @throws RangeError for a column that only a cohort has. */
  coded(name: ColumnName): Coded;
  /** What the tag rules make of all of them, whatever the period. */
  tagged: Categories;
  /** What the distinct texts of a column consist of, without log sources that are no real ones. */
  lists(name: ColumnName): Lists;
}

/** What findings can be counted by: stored texts, and what is derived from them and from the period. */
export type ColumnName = TextColumn | 'severity' | 'closing_reason' | 'rule' | 'analyst' | 'category' | 'day' | 'hour' | 'weekday';

/** Columns that the view has in another form, or not at all. */
const derivedColumns: Readonly<Record<string, (findings: Findings) => Coded>> = {
  severity: ({ view }) => severityColumn(view),
  verdict: ({ view, client }) => verdictColumn(view, client.mappings.verdicts),
  title: ({ view }) => rename(view.text('title'), tidy),
  closing_reason: ({ view }) => rename(view.text('verdict_raw'), tidy),
  rule: (findings) => rulesOf(findings).column,
  category: ({ tagged }) => ({ codes: tagged.codes, values: tagged.names }),
  analyst: ({ view, reader }) => {
    const names = rename(view.text('assignee'), tidy);
    return reader === 'client' ? pseudonyms(names) : names;
  },
};

/** Columns of which a finding can have several values. */
export const manyValued: ReadonlySet<ColumnName> = new Set([...listColumns, 'rule']);

export interface FindingsInput {
  view: View;
  client: Client;
  reader: Reader;
  asOf: Ms;
  categories: readonly CategoryRule[];
}

/** Everything is computed on first use; nothing is copied from the view. */
export function prepareFindings(input: FindingsInput): Findings {
  const { view, client, asOf } = input;
  const created = view.number('created_at');
  const coded = oncePer((name: ColumnName): Coded => {
    const column = derivedColumns[name]?.(findings) ?? view.text(name);
    if (column === undefined) throw new RangeError(`findings have no column "${name}"`);
    return column;
  });
  const lists = oncePer((name: ColumnName) => {
    if (!manyValued.has(name)) return singleLists(coded(name).values);
    const split = splitLists(coded(name).values);
    const ignore = name === 'log_sources' ? client.mappings.ignore_log_sources : undefined;
    return ignore === undefined ? split : keepValues(split, unnamed(split.values, ignore));
  });
  // The view has just said that it is a text; a tag rule sees it as it is printed.
  const textOf = (name: string) => (view.text(name) === undefined ? undefined : coded(name as ColumnName));
  const findings: Findings = lazily(
    { ...input, created, coded, lists },
    {
      life: () => lifecycleOf(view, created, asOf),
      stays: () => specialStays(view, findings.life, created, findings.merged),
      merged: () => mergedTimes(view, mergedRows(findings.excluded), created, asOf),
      excluded: () => exclusionsOf(view, created, coded('verdict'), asOf),
      flaws: () => flawsOf(findings.life),
      escalated: () => escalatedColumn(view, client.mappings.escalated, client.timezone),
      escalatedAt: () => view.number('escalated_at'),
      tagged: () => categorise({ rows: view.rows, text: textOf, number: (name) => view.number(name) }, input.categories),
      links: () => undefined,
      alerts: (): Findings => findings,
    },
  );
  return client.records === undefined ? findings : joinedFindings(findings);
}
