import { z } from 'zod';
import type { Finding, LifecycleEvent, Ms } from '../../finding.ts';
import type { Http } from '../../http.ts';
import { following, instantOf, lifeOf, moveOf, readAnswer, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [openapi]: Atlassian's own description, swagger-v3.v3.json

const text = z.string().nullish();
/** "toString" is a key of theirs that every object has by itself: only an own one counts. */
const item = z.looseObject({ field: text, from: text, to: text }).transform(({ field, from, to, ...rest }) => {
  const own = (key: string) => (Object.hasOwn(rest, key) && typeof rest[key] === 'string' ? rest[key] : undefined);
  return { field, from, to, before: own('fromString'), after: own('toString') };
});

/** Changes of one issue. `created` is a text by the description, a number of seconds in its own example. */
export const history = z.array(
  z.object({
    created: z.union([z.string(), z.number()]),
    author: z.object({ displayName: text, accountId: text, accountType: text }).nullish(),
    items: z.array(item).nullish(),
  }),
);
type Change = z.infer<typeof history>[number];

const logs = z.object({
  issueChangeLogs: z.array(z.object({ issueId: z.string(), changeHistories: z.array(z.unknown()) })),
  nextPageToken: text,
});
const known = z.array(z.object({ id: z.string(), statusCategory: z.object({ key: z.string() }) }));

/** What happened to these issues, by id; at most 1000 are asked at once, and one may be on two pages [openapi]. */
export async function historiesOf(http: Http, issueIdsOrKeys: readonly string[]): Promise<Map<string, unknown[]>> {
  const found = new Map<string, unknown[]>();
  const fetch = async (nextPageToken: string | undefined) => {
    const json = { issueIdsOrKeys, fieldIds: ['status', 'assignee', 'resolution'], maxResults: 10_000, ...onlyKnown({ nextPageToken }) };
    const answer = await http.request({ method: 'POST', path: 'rest/api/3/changelog/bulkfetch', json, idempotent: true });
    const page = readAnswer(answer, logs, 'POST changelog/bulkfetch');
    return { records: page.issueChangeLogs, next: page.nextPageToken };
  };
  for await (const { records } of following<string>(fetch))
    for (const { issueId, changeHistories } of logs.shape.issueChangeLogs.parse(records))
      found.set(issueId, [...(found.get(issueId) ?? []), ...changeHistories]);
  return found;
}

/** The category of each status, by its id: names are a site's own. */
export async function categoriesOf(http: Http): Promise<Map<string, string>> {
  const statuses = readAnswer(await http.request({ path: 'rest/api/3/status' }), known, 'GET status');
  return new Map(statuses.map(({ id, statusCategory }) => [id, statusCategory.key]));
}

/** Nothing where no history was read: an empty one says that nothing happened. */
export function lifeIn(
  changes: readonly Change[] | undefined,
  categories: ReadonlyMap<string, string>,
  isClosed: boolean,
): Partial<Finding> {
  if (changes === undefined) return {};
  const steps = changes.flatMap((change) => (change.items ?? []).map((each) => stepOf(change, each, categories)));
  const known = steps.filter((step) => step !== undefined).toSorted((a, b) => a.event.at - b.event.at);
  const touches = new Set(known.filter(({ taken }) => taken).map(({ event }) => event));
  const {
    closed_at: _resolutiondate,
    events,
    ...life
  } = lifeOf(
    known.map(({ event }) => event),
    isClosed,
    (event) => touches.has(event),
  );
  return onlyKnown({ ...life, events: events.length > 0 ? events : undefined });
}

const kinds = words<NonNullable<LifecycleEvent['by_kind']>>({ atlassian: 'human', app: 'automation' });

/** `taken`: whether somebody took it up by that. */
function stepOf(
  { created, author }: Change,
  { field, from, to, before, after }: z.infer<typeof item>,
  categories: ReadonlyMap<string, string>,
): { event: LifecycleEvent; taken: boolean } | undefined {
  const at = timeOf(created);
  if (at === undefined) return undefined;
  const by_kind = kinds[author?.accountType ?? ''] ?? 'unknown';
  const shared = { at, by_kind, ...onlyKnown({ by: author?.displayName || author?.accountId, from: before, to: after }) };
  if (field === 'assignee') return { event: { ...shared, type: 'assigned' }, taken: Boolean(to) };
  if (field === 'resolution') return to ? { event: { ...shared, type: 'verdict' }, taken: false } : undefined;
  if (field !== 'status') return undefined;
  const [was, is] = [categories.get(from ?? ''), categories.get(to ?? '')];
  const type = moveOf(was === 'done', is === undefined ? was === 'done' : is === 'done');
  return { event: { ...shared, type }, taken: was === 'new' && is !== undefined && is !== 'new' };
}

function timeOf(created: string | number): Ms | undefined {
  if (typeof created === 'string') return instantOf(created);
  return created > 1e11 ? created : created * 1000;
}
