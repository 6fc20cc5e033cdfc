import { z } from 'zod';
import type { Lookups } from '../vendor.ts';
import { type Review, review } from './edits.ts';
import { reviewed } from './notable.ts';
import { allRows, type Context, quoted } from './search.ts';

const identified = z.object({ event_id: reviewed.shape.notable.shape.event_id });

export function idOf(row: unknown): string | undefined {
  return identified.safeParse(row).data?.event_id;
}

/** Every edit of these notables, oldest first. */
export async function reviewsOf(context: Context, records: readonly unknown[]): Promise<Map<string, Review[]>> {
  const ids = [...new Set(records.flatMap((record) => idOf(record) ?? []))];
  const found = new Map<string, Review[]>();
  for (let at = 0; at < ids.length; at += 500) {
    const these = ids.slice(at, at + 500).map((id) => `rule_id=${quoted(id)}`);
    const spl = `| inputlookup incident_review_lookup where ${these.join(' OR ')} | sort 0 time | table ${Object.keys(review.shape).join(', ')}`;
    for (const row of await allRows(context, { spl })) {
      const { data } = review.safeParse(row);
      if (data?.rule_id === undefined) continue;
      const known = found.get(data.rule_id);
      if (known === undefined) found.set(data.rule_id, [data]);
      else known.push(data);
    }
  }
  return found;
}

/** Which states end a notable: sites add their own. */
export async function statesOf(context: Context): Promise<Lookups> {
  const rows = await allRows(context, { spl: '| inputlookup reviewstatuses_lookup | table status, end' });
  const state = z.object({ status: z.string(), end: z.string() });
  const known = rows.flatMap((row) => state.safeParse(row).data ?? []);
  return { ends: new Map(known.map(({ status, end }) => [status, String(end === '1' || end === 'true')])) };
}
