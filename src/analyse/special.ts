import type { Findings } from './findings.ts';
import { oncePerObject } from '../once.ts';

/** 1 for the rows that were reopened or merged. They are few: whoever goes over all rows asks this before he looks one up. */
export const specialRows = oncePerObject(({ view, stays, merged }: Findings): Uint8Array => {
  const special = new Uint8Array(view.rows);
  for (const row of [...stays.keys(), ...merged.keys()]) special[row] = 1;
  return special;
});
