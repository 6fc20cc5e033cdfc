import { z } from 'zod';
import type { Finding, LifecycleEvent } from '../../finding.ts';
import { type Http, SourceError } from '../../http.ts';
import { fieldOf, inParts, instantOf, lifeOf, moveOf, readAnswer } from '../../products/index.ts';
import { type Lookups, onlyKnown } from '../vendor.ts';
import { type Cell, cell, nameOf, statusOf, textOf } from './values.ts';

const text = z.string().nullish();

/** A row of sys_audit: one field of one record before and after one change. */
export const change = z.object({
  documentkey: z.string(),
  fieldname: text,
  oldvalue: text,
  newvalue: text,
  sys_created_on: z.string(),
  user: text,
});
type Change = z.infer<typeof change>;

const answered = z.object({ result: z.array(change) });
const rows = 10_000;

/** What changed of these incidents, oldest first, by id. As many ids as an address of some thousand characters holds. */
export async function historiesOf(http: Http, ids: readonly string[]): Promise<Map<string, Change[]>> {
  const found = await inParts(ids, 50, (part) => changesOf(http, part));
  return Map.groupBy(found, ({ documentkey }) => documentkey);
}

/** Rows are only ever added, behind those that are there: an offset shifts nothing. */
async function changesOf(http: Http, ids: readonly string[]): Promise<Change[]> {
  const asked = `tablename=sn_si_incident^documentkeyIN${ids.join(',')}^fieldnameINstate,assigned_to,close_code`;
  const all: Change[] = [];
  for (let more = true; more; ) {
    const query = {
      sysparm_query: `${asked}^ORDERBYsys_created_on^ORDERBYsys_id`,
      sysparm_fields: Object.keys(change.shape).join(','),
      sysparm_limit: rows,
      sysparm_offset: all.length,
    };
    const { result } = readAnswer(await http.request({ path: 'api/now/table/sys_audit', query }), answered, 'GET sys_audit');
    all.push(...result);
    more = result.length >= rows;
  }
  return all;
}

/** Nothing where no row was had: an account that may not read them gets none, and every incident that lives has some. */
export function lifeIn(changes: readonly Change[] | undefined, isClosed: boolean, names: Lookups): Partial<Finding> {
  if (changes === undefined || changes.length === 0) return {};
  const events = changes.flatMap((each) => eventOf(each, names));
  const { closed_at: _field, closed_by: _name, ...life } = lifeOf(events, isClosed);
  return onlyKnown(life);
}

function eventOf({ fieldname, oldvalue, newvalue, sys_created_on, user }: Change, names: Lookups): LifecycleEvent[] {
  const at = instantOf(`${sys_created_on}Z`);
  if (at === undefined) return [];
  // People and the accounts of tools look alike; "system" is the instance itself.
  const shared = { at, by_kind: user === 'system' ? 'automation' : 'unknown', ...onlyKnown({ by: user }) } as const;
  const named = (value: string | null | undefined) => names[fieldname ?? '']?.get(value ?? '') ?? value;
  const step = (type: LifecycleEvent['type']) => [{ ...shared, type, ...onlyKnown({ from: named(oldvalue), to: named(newvalue) }) }];
  if (fieldname === 'assigned_to') return newvalue ? step('assigned') : [];
  if (fieldname === 'close_code') return newvalue ? step('verdict') : [];
  if (fieldname !== 'state') return [];
  const isEnd = (value: string | null | undefined) => statusOf(value ?? undefined, named(value) ?? undefined) === 'closed';
  // The row of its making says where it began.
  return oldvalue ? step(moveOf(isEnd(oldvalue), isEnd(newvalue))) : [];
}

const fields: Readonly<Record<string, (record: unknown) => Cell>> = {
  state: fieldOf('state', cell),
  assigned_to: fieldOf('assigned_to', cell),
};

/** The log holds bare values; what they are called, the incidents met so far say. */
export function openNames(): { from(records: readonly unknown[]): Lookups } {
  const names = { state: new Map<string, string>(), assigned_to: new Map<string, string>() };
  return {
    from(records) {
      for (const record of records) {
        for (const [field, known] of Object.entries(names)) {
          const value = fields[field]?.(record);
          const [id, name] = [textOf(value), nameOf(value)];
          if (id !== undefined && name !== undefined) known.set(id, name);
        }
      }
      return names;
    },
  };
}

/** An account without the right gets no rows, and no error. Throws SourceError. */
export async function assertAudited(http: Http): Promise<void> {
  const query = { sysparm_query: 'tablename=sn_si_incident', sysparm_fields: Object.keys(change.shape).join(','), sysparm_limit: 1 };
  const { result } = readAnswer(await http.request({ path: 'api/now/table/sys_audit', query }), answered, 'GET sys_audit');
  if (result.length > 0) return;
  throw new SourceError('forbidden', 'sys_audit shows no change of an incident: give the account read on it, or set history: false.');
}
