import { z } from 'zod';
import type { Finding, LifecycleEvent } from '../../finding.ts';
import type { Http } from '../../http.ts';
import { inParts, lifeOf, moveOf, readAnswer } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [py]: "listAudit" in endpoints/audit.py of github.com/TheHive-Project/TheHive4py
// [audit]: recorded audits in docs/thehive of github.com/StrangeBeeCorp/docs

const text = z.string().nullish();

/** One audited change: `details` hold the fields it changed, as they were afterwards [audit]. */
export const audit = z.object({
  objectId: text,
  action: text,
  _createdAt: z.number(),
  _createdBy: text,
  details: z.object({ stage: text, status: text, assignee: text, severity: z.number().nullish() }).nullish().catch(undefined),
});
type Audit = z.infer<typeof audit>;

const rows = 1000;

/** What was changed of these alerts or cases themselves, oldest first, by id. */
export async function historiesOf(http: Http, ids: readonly string[]): Promise<Map<string, Audit[]>> {
  const found = await inParts(ids, 100, (part) => auditsOf(http, part));
  return Map.groupBy(found, ({ objectId }) => objectId ?? '');
}

/** Audits are only ever added, behind those that are there: an offset shifts nothing. */
async function auditsOf(http: Http, ids: readonly string[]): Promise<Audit[]> {
  const all: Audit[] = [];
  for (let more = true; more; ) {
    const query = [
      { _name: 'listAudit' },
      { _name: 'filter', _and: [{ _in: { _field: 'objectId', _values: ids } }] },
      { _name: 'sort', _fields: [{ _createdAt: 'asc' }] },
      { _name: 'page', from: all.length, to: all.length + rows },
    ];
    const answer = await http.request({ method: 'POST', path: 'api/v1/query', json: { query }, idempotent: true });
    const found = readAnswer(answer, z.array(audit), 'POST api/v1/query listAudit');
    all.push(...found);
    more = found.length >= rows;
  }
  return all;
}

/** Beside what the record says itself: it dates the first time in progress and the last close, but not who, nor how often. */
export function lifeIn(audits: readonly Audit[] | undefined, isClosed: boolean): Partial<Finding> {
  if (audits === undefined) return {};
  const { events, reopen_count, first_closed_at, closed_by, closed_by_kind } = lifeOf(eventsOf(audits), isClosed);
  return onlyKnown({ events: events.length > 0 ? events : undefined, reopen_count, first_closed_at, closed_by, closed_by_kind });
}

function eventsOf(audits: readonly Audit[]): LifecycleEvent[] {
  let stage = 'New';
  let severity: string | undefined;
  return audits.flatMap(({ action, details, _createdAt: at, _createdBy }) => {
    if (details == null) return [];
    // People and the accounts of tools look alike.
    const shared = { at, by_kind: 'unknown', ...onlyKnown({ by: _createdBy }) } as const;
    const events: LifecycleEvent[] = [];
    if (details.stage && details.stage !== stage && action !== 'create')
      events.push({ ...shared, type: moveOf(stage === 'Closed', details.stage === 'Closed'), from: stage, to: details.stage });
    if (details.assignee && action !== 'create') events.push({ ...shared, type: 'assigned', to: details.assignee });
    const now = details.severity?.toString();
    if (now !== undefined && severity !== undefined && now !== severity)
      events.push({ ...shared, type: 'severity', from: severity, to: now });
    stage = details.stage || stage;
    severity = now ?? severity;
    return events;
  });
}
