import { z } from 'zod';
import type { LifecycleEvent, Ms } from '../../finding.ts';
import { moveOf } from '../../products/index.ts';
import { type Lookups, onlyKnown } from '../vendor.ts';

// [notable]: Notable Event API reference of Enterprise Security, and the finding module of github.com/ansible-collections/splunk.es

/** Splunk knows texts only, and gives a list where a field has several values. */
export const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]).nullish();

export const text = texts.transform((values) => values?.find((value) => value !== '') ?? undefined);

/** One edit, as the table of reviews keeps it. */
export const review = z.object({
  rule_id: text,
  time: text,
  owner: text,
  status: text,
  urgency: text,
  disposition: text,
  user: text,
  reviewer: text,
});

export type Review = z.infer<typeof review>;

/** Epoch seconds with a fraction. */
export function secondsOf(text: string | undefined): Ms | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Math.trunc(Number(text) * 1000) : undefined;
}

/** Whatever a person edits but the urgency and the verdict takes a notable up. */
export function isTouch({ type, by_kind }: LifecycleEvent): boolean {
  return by_kind === 'human' && type !== 'severity' && type !== 'verdict';
}

/** The table of reviews has a row for each edit: the only place that says when. */
export function eventsOf(reviews: readonly Review[], names: Lookups): LifecycleEvent[] {
  let before: Partial<Review> = { status: '1', owner: 'unassigned' };
  return reviews.flatMap((after) => {
    const at = secondsOf(after.time);
    const by = after.reviewer ?? after.user;
    const isTool = by === 'splunk-system-user' || by === 'nobody';
    const who = by === undefined ? {} : { by, by_kind: isTool ? ('automation' as const) : ('human' as const) };
    const step = (type: LifecycleEvent['type'], field: keyof Review): LifecycleEvent[] => {
      // An edit that leaves a field alone may leave it out.
      if (at === undefined || after[field] === undefined || after[field] === before[field]) return [];
      return [{ at, type, ...who, ...onlyKnown({ from: before[field], to: after[field] }) }];
    };
    const ends = (status: string | undefined) => (names.ends?.get(status ?? '') ?? String(status === '4' || status === '5')) === 'true';
    const found = [
      ...step(moveOf(ends(before.status), ends(after.status)), 'status'),
      ...step('assigned', 'owner'),
      ...(before.urgency === undefined ? [] : step('severity', 'urgency')),
      ...step('verdict', 'disposition'),
    ];
    before = { ...before, ...onlyKnown(after) };
    return found;
  });
}
