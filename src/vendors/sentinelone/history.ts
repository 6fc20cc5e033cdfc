import { z } from 'zod';
import type { Finding, LifecycleEvent } from '../../finding.ts';
import type { Http } from '../../http.ts';
import { following, inParts, instantOf, lifeOf, moveOf, readAnswer } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [swimlane]: a recorded timeline in SentinelOne's connector of Swimlane Turbine: who changed a status or a verdict, from what to what

const text = z.string().nullish();

/** A line of the activity log. */
export const activity = z.object({
  activityType: z.number(),
  createdAt: z.string(),
  userId: text,
  data: z.object({
    username: text,
    oldIncidentStatus: text,
    newIncidentStatus: text,
    oldAnalystVerdict: text,
    newAnalystVerdict: text,
  }),
});
type Activity = z.infer<typeof activity>;

/** "changed the incident status for" and "changed the analyst verdict for" [swimlane]. */
const types = { status: 2028, verdict: 2030 } as const;

const answered = z.object({ data: z.array(z.unknown()), pagination: z.object({ nextCursor: text }).nullish() });
const placed = z.object({ threatId: z.string() });

/** What was decided about these threats, oldest first, by id. As many ids as an address of some thousand characters holds. */
export async function historiesOf(http: Http, ids: readonly string[]): Promise<Map<string, unknown[]>> {
  const found = await inParts(ids, 200, (part) => activitiesOf(http, part));
  return Map.groupBy(found, (each) => placed.safeParse(each).data?.threatId ?? '');
}

async function activitiesOf(http: Http, ids: readonly string[]): Promise<unknown[]> {
  const query = {
    threatIds: ids.join(','),
    activityTypes: Object.values(types).join(','),
    sortBy: 'createdAt',
    sortOrder: 'asc',
    limit: 1000,
  };
  const all: unknown[] = [];
  const pages = following<string>(async (cursor) => {
    const answer = await http.request({ path: 'web/api/v2.1/activities', query: { ...query, cursor } });
    const { data, pagination } = readAnswer(answer, answered, 'GET activities');
    // It comes encoded already, and would be encoded twice (plugins/sentinelone in github.com/rapid7/insightconnect-plugins).
    return { records: data, next: pagination?.nextCursor ? decodeURIComponent(pagination.nextCursor) : undefined };
  });
  for await (const { records } of pages) all.push(...records);
  return all;
}

/** Nothing where no history was read: an empty one says that nothing was decided. */
export function lifeIn(activities: readonly Activity[] | undefined, isClosed: boolean): Partial<Finding> {
  if (activities === undefined) return {};
  const { events, ...life } = lifeOf(activities.flatMap(eventOf), isClosed, () => true);
  return onlyKnown({ ...life, events: events.length > 0 ? events : undefined });
}

function eventOf({ activityType, createdAt, userId, data }: Activity): LifecycleEvent[] {
  const at = instantOf(createdAt);
  if (at === undefined) return [];
  // What SentinelOne does by itself has no user.
  const shared = { at, by_kind: userId ? 'human' : 'automation', ...onlyKnown({ by: data.username }) } as const;
  if (activityType === types.verdict)
    return [{ ...shared, type: 'verdict', ...onlyKnown({ from: data.oldAnalystVerdict, to: data.newAnalystVerdict }) }];
  if (activityType !== types.status) return [];
  const { oldIncidentStatus: from, newIncidentStatus: to } = data;
  return [{ ...shared, type: moveOf(from === 'resolved', to === 'resolved'), ...onlyKnown({ from, to }) }];
}
