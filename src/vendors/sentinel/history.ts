import { z } from 'zod';
import type { Finding, LifecycleEvent, Ms } from '../../finding.ts';
import { type Http, SourceError } from '../../http.ts';
import { inParts, instantOf, lifeOf, moveOf } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [table]: https://learn.microsoft.com/azure/azure-monitor/reference/tables/securityincident, one row for each change
// [query]: https://learn.microsoft.com/azure/azure-monitor/logs/api/response-format

const text = z.string().nullish();

/** One row of SecurityIncident: how the incident was after one change. */
export const change = z.object({
  IncidentName: text,
  Status: text,
  Severity: text,
  Classification: text,
  Owner: text,
  ModifiedBy: text,
  ClosedTime: text,
  LastModifiedTime: text,
});
type Change = z.infer<typeof change>;

const columns = Object.keys(change.shape).filter((name) => name !== 'Owner');

const answered = z.object({
  tables: z.array(z.object({ columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) })).min(1),
  error: z.object({ message: z.string().nullish() }).nullish(),
});

/** The rows of these incidents, oldest first, by name. Throws SourceError, also for an answer that is only a part. */
export async function historiesOf(http: Http, address: string, names: readonly string[]): Promise<Map<string, Change[]>> {
  const rows = await inParts(names, 200, (part) => changesOf(http, address, part));
  return Map.groupBy(rows, ({ IncidentName }) => IncidentName ?? '');
}

async function changesOf(http: Http, address: string, names: readonly string[]): Promise<Change[]> {
  const asked = names.map((name) => `'${name.replaceAll(/['\\]/g, '')}'`);
  const query = [
    `SecurityIncident | where IncidentName in (${asked.join(',')})`,
    `extend Owner = tostring(coalesce(Owner.userPrincipalName, Owner.email, Owner.assignedTo))`,
    `project ${[...columns, 'Owner'].join(', ')} | order by LastModifiedTime asc`,
  ].join(' | ');
  const answer = await http.request({ method: 'POST', path: address, idempotent: true, json: { query } });
  const parsed = answered.safeParse(answer.json);
  if (!parsed.success)
    throw new SourceError('unexpected', 'The query of SecurityIncident gave no table; check query_url and workspace_id.');
  // A query that failed half-way answers 200 with rows and an error beside them [query].
  if (parsed.data.error)
    throw new SourceError('server-error', `The query of SecurityIncident gave a part only: ${parsed.data.error.message}`);
  return rowsOf(parsed.data.tables[0]);
}

function rowsOf(table: z.infer<typeof answered>['tables'][number] | undefined): Change[] {
  return (table?.rows ?? []).map((row) => change.parse(Object.fromEntries((table?.columns ?? []).map(({ name }, at) => [name, row[at]]))));
}

/** What the changes tell; the table's own date of the close is the exact one. */
export function lifeIn(changes: readonly Change[], isClosed: boolean): Partial<Finding> {
  const { reopen_count, closed_at, ...life } = lifeOf(eventsOf(changes), isClosed, isTouch);
  const ends = isClosed ? instantOf(changes.findLast(({ Status }) => Status === 'Closed')?.ClosedTime) : undefined;
  return onlyKnown({ ...life, reopen_count: changes.length === 0 ? undefined : reopen_count, closed_at: ends ?? closed_at });
}

/** A person took it, worked on it or closed it. */
function isTouch({ type, to }: LifecycleEvent): boolean {
  return type === 'assigned' || type === 'closed' || (type === 'status' && to === 'Active');
}

function eventsOf(changes: readonly Change[]): LifecycleEvent[] {
  let before: Change = {};
  return changes.flatMap((after) => {
    const at = instantOf(after.LastModifiedTime);
    const events = at === undefined ? [] : stepsBetween(before, after, at);
    before = after;
    return events;
  });
}

function stepsBetween(before: Change, after: Change, at: Ms): LifecycleEvent[] {
  const by = onlyKnown({ by: after.ModifiedBy, by_kind: kindOf(after.ModifiedBy) });
  const step = (type: LifecycleEvent['type'], from: string | null | undefined, to: string | null | undefined): LifecycleEvent[] =>
    (from ?? '') === (to ?? '') ? [] : [{ at, type, ...by, ...onlyKnown({ from, to }) }];
  const isNew = before.Status === undefined;
  const moved = moveOf(before.Status === 'Closed', after.Status === 'Closed');
  return [
    ...(isNew && after.Status === 'New' ? [] : step(moved, before.Status, after.Status)),
    ...step('assigned', before.Owner, after.Owner),
    ...(isNew ? [] : step('severity', before.Severity, after.Severity)),
    ...step('verdict', before.Classification, after.Classification),
  ];
}

/** People are named by their address; rules and playbooks say what they are. */
function kindOf(name: string | null | undefined): LifecycleEvent['by_kind'] {
  if (!name) return undefined;
  if (name.includes('@')) return 'human';
  return /automation|playbook|logic app|fusion|microsoft|defender/i.test(name) ? 'automation' : 'unknown';
}
