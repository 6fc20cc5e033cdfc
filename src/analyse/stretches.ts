import type { Ms } from '../finding.ts';
import { oncePerObject } from '../once.ts';

/** Rows `[first, end)` of the view. */
export interface Stretch {
  first: number;
  end: number;
}

const blockRows = 4096;

/** The least and the greatest instant of each block of rows; unknown ones are passed over. */
const rangesOf = oncePerObject((instants: Float64Array) => {
  const blocks = Math.ceil(instants.length / blockRows);
  const [least, most] = [new Float64Array(blocks), new Float64Array(blocks)];
  for (let block = 0; block < blocks; block += 1) {
    const end = Math.min(instants.length, (block + 1) * blockRows);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = block * blockRows; row < end; row += 1) {
      const instant = instants[row] ?? Number.NaN;
      if (instant < low) low = instant;
      if (instant > high) high = instant;
    }
    least[block] = low;
    most[block] = high;
  }
  return { least, most };
});

/**
 * Where the rows lie of which some instant can be in `[from, to)`. Findings come nearly in order, so a period asks for few of
 * the rows of a long history, and the others need not be read.
 */
export function stretchesWithin(instants: Float64Array, from: Ms, to: Ms): Stretch[] {
  const { least, most } = rangesOf(instants);
  const found: Stretch[] = [];
  for (let block = 0; block < least.length; block += 1) {
    if (!((least[block] ?? Number.NaN) < to && (most[block] ?? Number.NaN) >= from)) continue;
    const first = block * blockRows;
    const end = Math.min(instants.length, first + blockRows);
    const last = found.at(-1);
    if (last?.end === first) last.end = end;
    else found.push({ first, end });
  }
  return found;
}

/** How many rows they have together. */
export function rowsIn(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { first, end }) => sum + end - first, 0);
}
