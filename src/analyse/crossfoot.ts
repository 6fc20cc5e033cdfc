import { hasValue } from '../outcome.ts';
import type { Analysis } from './analysis.ts';
import type { Series } from './kpi.ts';

/**
 * Where the parts of a report do not add up to its headline figures, one sentence per place; empty when all foots.
 * An edition with a problem is not issued.
 */
export function crossFoot(analysis: Analysis): string[] {
  return Object.values(analysis.series).flatMap((series) => problem(analysis, series));
}

function problem({ kpis }: Analysis, series: Series): string[] {
  const total = series.sums_to === undefined ? undefined : kpis[series.sums_to];
  if (total === undefined || !hasValue(total)) return [];
  const sum = series.groups.flatMap((group) => group.cells).reduce((all, cell) => all + ('value' in cell ? cell.value : 0), 0); // a cell without data adds nothing
  return sum === total.value ? [] : [`${series.id} adds up to ${sum}, but ${total.id} is ${total.value}`];
}
