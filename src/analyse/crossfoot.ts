import type { Words } from '../words/index.ts';
import { hasValue } from '../outcome.ts';
import type { Analysis } from './analysis.ts';
import type { Cell, Series, Table } from './kpi.ts';

/**
 * Where the parts of a report do not add up to its headline figures, one sentence per place; empty when all foots.
 * Two drawings of the same total over the same labels are held against each other, so that the cell is named.
 * An edition with a problem is not issued.
 */
export function crossFoot(analysis: Analysis): string[] {
  const series = Object.values(analysis.series);
  return [
    ...series.flatMap((one) => brokenCells(analysis, one)),
    ...series.flatMap((one) => seriesSum(analysis, one)),
    ...Object.values(analysis.tables).flatMap((one) => tableSum(analysis, one)),
    ...twins(series).flatMap(([one, other]) => differences(one, other)),
  ];
}

/** No cell of a total is negative, broken, or larger than the total. */
function brokenCells({ kpis }: Analysis, series: Series): string[] {
  const total = series.sums_to === undefined ? undefined : kpis[series.sums_to];
  if (total === undefined || !hasValue(total)) return [];
  const sound = (n: number) => Number.isInteger(n) && n >= 0 && n <= total.value;
  return series.groups.flatMap(({ name, cells }) =>
    cells.flatMap((cell, i) => {
      if (!('value' in cell) || sound(cell.value)) return [];
      return [`${series.id}, ${placeOf(series, name, i)} is ${cell.value}, which is no part of ${total.id}, ${total.value}`];
    }),
  );
}

function placeOf({ labels, groups }: Series, group: Words, index: number): string {
  return groups.length > 1 ? `${group} ${labels[index]}` : `${labels[index]}`;
}

function seriesSum({ kpis }: Analysis, series: Series): string[] {
  const total = series.sums_to === undefined ? undefined : kpis[series.sums_to];
  if (total === undefined || !hasValue(total)) return [];
  const sum = series.groups.flatMap((group) => group.cells).reduce((all, cell) => all + (countIn(cell) ?? 0), 0); // a cell without data adds nothing
  return sum === total.value ? [] : [`${series.id} adds up to ${sum}, but ${total.id} is ${total.value}`];
}

/** Only where every row is printed: the top of a list adds up to less. */
function tableSum({ kpis }: Analysis, { id, sums_to, rows, total_rows }: Table): string[] {
  const total = sums_to === undefined ? undefined : kpis[sums_to.kpi];
  if (sums_to === undefined || total === undefined || !hasValue(total) || rows.length < total_rows) return [];
  const sum = rows.reduce((all, row) => all + Number(row[sums_to.column]), 0);
  return sum === total.value ? [] : [`${id} adds up to ${sum} in "${sums_to.column}", but ${total.id} is ${total.value}`];
}

/** Pairs of drawings that cut the same total along the same labels. */
function twins(series: readonly Series[]): [Series, Series][] {
  const summing = series.filter(({ sums_to }) => sums_to !== undefined);
  const cut = ({ sums_to, axis, labels }: Series) => JSON.stringify([sums_to, axis, labels]);
  const groups = [...Map.groupBy(summing, cut).values()];
  return groups.flatMap(([first, ...others]) => (first === undefined ? [] : others.map((other): [Series, Series] => [first, other])));
}

function differences(one: Series, other: Series): string[] {
  return one.labels.flatMap((label, i) => {
    const [a, b] = [columnSum(one, i), columnSum(other, i)];
    return a === b ? [] : [`${one.id} has ${a} at ${label}, but ${other.id} has ${b}`];
  });
}

function columnSum({ groups }: Series, index: number): number {
  return groups.reduce((sum, { cells }) => sum + (countIn(cells[index]) ?? 0), 0); // a cell without data adds nothing
}

function countIn(cell: Cell | undefined): number | undefined {
  return cell !== undefined && 'value' in cell ? cell.value : undefined;
}
