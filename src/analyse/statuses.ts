import { type Status, statuses } from '../finding.ts';
import type { Findings } from './findings.ts';
import { oncePerObject } from '../once.ts';
import { countPairs } from './table.ts';

/** Written alike: "On Hold", "on-hold" and "on_hold". */
export function foldedStatus(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

/**
 * What a product's word for a status means: what the findings in it now are, or our own word for it. A word that stands for
 * two of ours, in two products, or that no finding is in now, means nothing that is known.
 */
export const statusesOf = oncePerObject(({ view }: Findings): ((word: string) => Status | undefined) => {
  const meanings = new Map<string, Status | undefined>(statuses.map((status) => [status, status]));
  for (const { left, right: word } of countPairs(view.text('status'), view.text('status_raw'))) {
    const status = statuses.find((one) => one === left);
    if (word === undefined || status === undefined) continue;
    const key = foldedStatus(word);
    meanings.set(key, meanings.has(key) && meanings.get(key) !== status ? undefined : status);
  }
  return (word) => meanings.get(foldedStatus(word));
});
