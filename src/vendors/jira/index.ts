import { z } from 'zod';
import { basicAuth, clockOf, fieldOf, instantOf, readAnswer, rising, together, withHistories } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, type Lookups, onlyKnown, type Page } from '../vendor.ts';
import { categoriesOf, historiesOf } from './history.ts';
import { text, issue, fields, findingOf } from './issue.ts';

// [openapi]: Jira Cloud's own swagger-v3.v3.json, developer.atlassian.com/cloud/jira/platform/rest/v3
// [faros]: jql-builder.ts in github.com/faros-ai/airbyte-connectors

const settings = z.strictObject({
  base_url: apiUrl, // https://<site>.atlassian.net; Data Center speaks another API.
  user: z.string().min(1), // The account's mail address.
  api_token: secret,
  /** Which issues are the SOC's, like: project = SOC AND issuetype = Incident */
  jql: z
    .string()
    .min(1)
    .regex(/^(?!.*\border\s+by\b)/is, 'the order is ours: leave ORDER BY out'),
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(100).default(100), // With fields, no more than that ever comes.
  /** Reads what happened to each issue: who took, closed and reopened it when. */
  history: z.boolean().default(true),
  requests_per_second: z.number().positive().default(5),
});

type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const minute = 60_000;

const idIn = fieldOf('id', z.string());

export default defineVendor({
  id: 'jira',
  name: 'Jira Cloud',
  family: 'case',
  delivers: ['case'],
  permissions: ['Browse projects, for an account of its own in the projects that the setting jql names'],
  settings,
  connection: ({ base_url, user, api_token, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      401: 'Check user and api_token, and that base_url is a site of that account.',
      403: 'The account needs Browse projects in the projects that jql names.',
      404: 'Check base_url: is it the address of the site?',
    },
    headers: { Authorization: basicAuth(user, api_token) },
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    assignee: { answer: 'field' },
    ...answers(
      'no',
      'first_activity_at',
      'escalated',
      'escalated_at',
      'contained_at',
      'notified_at',
      'rules',
      'entities',
      'attacks',
      'log_sources',
      'networks',
    ),
    acknowledged_at: { answer: 'event', note: 'assigned, or out of "to do", by a person; with history' },
    verdict: { answer: 'field', note: 'the resolution; one of your own is yours to map' },
    verdict_at: { answer: 'event', note: 'with history' },
    closed_at: { answer: 'field', note: 'resolutiondate, or the last change of category where a workflow sets none' },
    reopened: { answer: 'event', note: 'with history' },
    closed_by: { answer: 'event', note: 'with history' },
    severity: { answer: 'field', note: 'the priority' },
  },

  async check(context) {
    await authenticate(context);
    await search(context, { jql: `(${context.settings.jql}) AND created >= 0 ORDER BY created ASC, id ASC`, maxResults: 1 });
    return 'Jira Cloud REST API 3: issues can be searched';
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const { jql, page_size: size } = context.settings;
    const field = mode === 'created' ? 'created' : 'updated';
    const stampIn = fieldOf('fields', z.object({ [field]: z.string() }));
    const clock = await authenticate(context);
    let token: string | undefined;
    const risen = rising({
      from,
      size,
      async fetch(at, offset) {
        // Dates as texts are cut to minutes and read in the account's time zone; milliseconds are exact [faros].
        const until = mode === 'created' ? ` AND ${field} < ${to}` : '';
        const question = `(${jql}) AND ${field} >= ${at}${until} ORDER BY ${field} ASC, id ASC`;
        // What a token stands for is not said: each page begins at the last one's instant, and a token is followed only within one.
        const found = await search(context, { jql: question, maxResults: size, nextPageToken: offset > 0 ? token : undefined });
        token = found.nextPageToken || undefined;
        return { records: found.issues, more: token !== undefined };
      },
      stampOf: (each) => instantOf(stampIn(each)?.[field]),
      idOf: idIn,
    });
    if (context.settings.history) yield* withLives(context, risen);
    else for await (const { records } of risen) if (records.length > 0) yield { records };
    // "Recent updates might not be immediately visible" [openapi]: what was changed just now is asked for again.
    yield { records: [], ...onlyKnown({ watermark: clock === undefined ? undefined : clock - 10 * minute }) };
  },

  raw: issue,
  normalise: (raw, { settings, lookups }) => findingOf(raw, settings.base_url, lookups.categories ?? new Map()),
});

async function* withLives({ http }: Context, pages: AsyncIterable<Page>): AsyncGenerator<Page, void, void> {
  let lookups: Lookups | undefined;
  for await (const records of together(pages, 1000)) {
    lookups ??= { categories: await categoriesOf(http) };
    yield { records: await withHistories(records, idIn, (ids) => historiesOf(http, ids)), lookups };
  }
}

/** A search with wrong credentials may be answered as if nobody asked, with nothing found; this one is refused. */
async function authenticate({ http }: Context): Promise<number | undefined> {
  const answer = await http.request({ path: 'rest/api/3/myself' });
  readAnswer(answer, z.object({ accountId: z.string() }), 'GET myself');
  return clockOf(answer);
}

const answered = z.object({ issues: z.array(z.unknown()), nextPageToken: text });

async function search({ http }: Context, question: { jql: string; maxResults: number; nextPageToken?: string | undefined }) {
  const answer = await http.request({ path: 'rest/api/3/search/jql', query: { ...question, fields } });
  return readAnswer(answer, answered, 'GET search/jql');
}
