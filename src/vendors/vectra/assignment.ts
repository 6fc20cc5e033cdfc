import { z } from 'zod';
import type { Finding, LifecycleEvent, Verdict } from '../../finding.ts';
import { instantOf, words } from '../../products/index.ts';
import { exactId, onlyKnown } from '../vendor.ts';

const text = z.string().nullish();

export const user = z.object({ username: text }).nullish();

export const assignment = z.object({
  id: exactId,
  date_assigned: z.string(),
  date_resolved: text,
  assigned_to: user,
  resolved_by: user,
  outcome: z.object({ title: text, category: text }).nullish(),
  host_id: exactId.nullish(),
  account_id: exactId.nullish(),
  triaged_detections: z.unknown(), // A list of ids, {} or null (recorded).
  events: z.array(z.object({ event_type: text, datetime: text })).nullish(),
});

/** Without case: "benign_True_positive" was recorded [soar]. A site's own outcomes are its own to map. */
const verdicts = words<Verdict>({
  malicious_true_positive: 'true_positive',
  benign_true_positive: 'benign_positive',
  false_positive: 'false_positive',
});

export const nothing = { rules: [], entities: [], attacks: [], tags: [], networks: [], log_sources: [] };

export function ofAssignment(raw: z.infer<typeof assignment>, console: string): Finding {
  const [type, id] = raw.account_id ? ['account', raw.account_id] : ['host', raw.host_id];
  const resolved = instantOf(raw.date_resolved);
  const verdict_raw = raw.outcome?.category || raw.outcome?.title;
  const events = eventsOf(raw);
  const detections = z.array(exactId).safeParse(raw.triaged_detections).data ?? [];
  return {
    ...nothing,
    native_id: `assignment:${raw.id}`,
    kind: 'case',
    product: 'Vectra AI',
    title: id ? `Assignment of ${type} ${id}` : 'Assignment',
    severity: 0,
    status: raw.date_resolved ? 'resolved' : 'in_progress',
    verdict: verdicts[verdict_raw?.toLowerCase() ?? ''] ?? null,
    created_at: instantOf(raw.date_assigned) ?? Number.NaN,
    escalated: null,
    ...onlyKnown({
      url: id ? `${console}/${type}s/${id}` : undefined,
      verdict_raw,
      verdict_at: verdict_raw ? resolved : undefined,
      verdict_reason: raw.outcome?.title,
      closed_at: resolved,
      assignee: raw.assigned_to?.username,
      closed_by: raw.resolved_by?.username,
      events: events.length > 0 ? events : undefined,
      children: detections.length > 0 ? detections.map((each) => ({ product: 'vectra', id: each })) : undefined,
    }),
  };
}

const steps = words<LifecycleEvent['type']>({ created: 'assigned', reassigned: 'assigned', resolved: 'closed' });

/** The newest comes first (recorded); who did it is a number that only /users explains. */
function eventsOf({ events }: z.infer<typeof assignment>): LifecycleEvent[] {
  return (events ?? []).toReversed().flatMap(({ event_type, datetime }) => {
    const [type, at] = [steps[event_type ?? ''], instantOf(datetime)];
    return type === undefined || at === undefined ? [] : [{ type, at }];
  });
}
