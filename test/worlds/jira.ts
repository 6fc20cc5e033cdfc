import type { Asked, Reply } from '../../src/demo/server.ts';
import { basicAuthOf, loopbackToken } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byChange, byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/rest/api/3/search/jql';
const levels = ['', 'Lowest', 'Low', 'Medium', 'High', 'Highest'];
const timeOf = (at: number) => new Date(at).toISOString().replace('Z', '+0000');

function issueOf(item: Item): Record<string, unknown> {
  const open = item.status === 'open';
  const record = {
    id: item.id,
    key: `SOC-${item.id}`,
    fields: {
      created: timeOf(item.created),
      updated: timeOf(item.changed),
      summary: item.title,
      status: { name: open ? 'Backlog' : 'Done', statusCategory: { key: open ? 'new' : 'done' } },
      priority: { name: levels[item.severity] },
      resolution: null,
      resolutiondate: null,
    },
  };
  const unknown = { 'fields/status/statusCategory/key': 'parked', 'fields/priority/name': 'Dire' };
  return odd(record, item, { id: ['id'], unknown, keep: ['id', 'fields/created', 'fields/updated'] });
}

const form = /^\(project = SOC\) AND (created|updated) >= (\d+)(?: AND \1 < (\d+))? ORDER BY \1 ASC, id ASC$/;

/** A token is the worst that it may be: a count of what is there now. */
function answer({ query }: Asked, items: Items): Reply {
  const [, field, from, to = Number.POSITIVE_INFINITY] = form.exec(query.get('jql') ?? '') ?? [];
  if (field === undefined) return failure(400);
  const found = (field === 'created' ? byCreation : byChange)(items, Number(from), Number(to));
  const [skip, limit] = [Number(query.get('nextPageToken') ?? 0), Number(query.get('maxResults'))];
  const page = byOffset(found, skip, limit).map(issueOf);
  return json({ issues: page, ...(skip + limit < found.length ? { nextPageToken: String(skip + limit) } : { isLast: true }) });
}

const failure: World['failure'] = (status, headers) => json({ errorMessages: ['Refused'], errors: {} }, headers, status);

export default {
  vendor: 'jira',
  isPage,
  failure,
  inapplicable: { 'token expires': 'an API token cannot be renewed by whoever holds it' },
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: basicAuthOf('kpi@example.com', loopbackToken),
      isPage,
      failure,
      settings: (url) => ({
        base_url: url,
        user: 'kpi@example.com',
        api_token: secretOf(loopbackToken),
        jql: 'project = SOC',
        page_size: options?.page_size ?? 100,
      }),
      route(asked, known) {
        if (asked.path === '/rest/api/3/myself') return json({ accountId: 'a1' });
        if (asked.path === '/rest/api/3/status') return json([{ id: '3', statusCategory: { key: 'done' } }]);
        if (asked.path === '/rest/api/3/changelog/bulkfetch') return json({ issueChangeLogs: [] });
        return isPage(asked) ? answer(asked, known) : undefined;
      },
    }),
} satisfies World;
