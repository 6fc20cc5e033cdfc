import { z } from 'zod';
import type { Ms, Status } from '../../finding.ts';
import { instantOf, words } from '../../products/index.ts';

// [sir]: security-incident-response in github.com/ServiceNow/ServiceNowDocs

const scalar = z.union([z.string(), z.number().transform(String)]).nullish();

/** A value with its words; a bare value, as where only values are asked for. "" means none. */
export const cell = z.union([
  scalar.transform((value) => ({ value, display_value: value })),
  z.object({ value: scalar, display_value: scalar }),
]);
export type Cell = z.infer<typeof cell> | undefined;

export function textOf(each: Cell): string | undefined {
  return each?.value || undefined;
}

/** UTC without a zone. */
export function instantIn(each: Cell): Ms | undefined {
  return instantOf(`${textOf(each) ?? ''}Z`);
}

export const nameOf = (each: Cell): string | undefined => each?.display_value || textOf(each);

/** By number where recorded, else by the name of the state as installed [sir]. Numbers and names are a site's to change. */
const states = words<Status>({
  3: 'closed',
  16: 'in_progress',
  draft: 'new',
  analysis: 'in_progress',
  contain: 'in_progress',
  eradicate: 'in_progress',
  recover: 'in_progress',
  review: 'in_progress',
  closed: 'closed',
  cancelled: 'closed',
});

export function statusOf(value: string | undefined, name: string | undefined): Status {
  return states[value ?? ''] ?? states[name?.toLowerCase() ?? ''] ?? 'unknown';
}
