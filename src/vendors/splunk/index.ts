import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { fieldOf, prefixed } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectWindow, defineVendor, onlyKnown } from '../vendor.ts';
import { review } from './edits.ts';
import { fields, findingOf, reviewed } from './notable.ts';
import { allRows, type Context, everyRowOf, quoted, rowsOf, type Search } from './search.ts';
import { idOf, reviewsOf, statesOf } from './reviews.ts';

const settings = z.strictObject({
  base_url: apiUrl, // The management port, 8089.
  token: secret,
  ca_file: z.string().optional(),
  /** Where people open Splunk, for links. */
  web_url: z.url().optional(),
  /** Macros and lookups of Enterprise Security live in its app. */
  app: z
    .string()
    .regex(/^[\w-]+$/)
    .default('SplunkEnterpriseSecuritySuite'),
  page_size: z.int().min(1).max(50_000).default(2000), // limits.conf: maxresultrows
  requests_per_second: z.number().positive().optional(),
});

const reviewTable = { answer: 'event', note: 'from the table of reviews, which has a row for each edit' } as const;

export default defineVendor({
  id: 'splunk',
  name: 'Splunk Enterprise Security',
  family: 'siem',
  delivers: ['alert'],
  permissions: [
    'Role with search on index=notable, rtsearch off, and read on the lookups incident_review_lookup and reviewstatuses_lookup',
    'An authentication token (Settings > Tokens); on Splunk Cloud REST access has to be enabled by its support',
  ],
  settings,
  connection: ({ base_url, token, ca_file, requests_per_second }) => ({
    base_url,
    headers: { Authorization: prefixed('Bearer ', token) },
    refusals: {
      401: 'Check token: it may have expired; on Splunk Cloud REST access has to be enabled by its support.',
      403: 'The role of the token needs search on index=notable and read on the lookups that doctor lists.',
      404: 'Check app: is Enterprise Security installed under that name?',
    },
    concurrency: 1, // Searches at once are limited for each account.
    ...onlyKnown({ ca_file, requests_per_second }),
  }),
  capability: {
    ...answers('field', 'assignee', 'rules', 'entities'),
    ...answers('no', 'escalated_at', 'contained_at', 'notified_at', 'networks'),
    first_activity_at: { answer: 'field', note: 'orig_time, where the search keeps it' },
    acknowledged_at: reviewTable,
    verdict: { answer: 'field', note: 'disposition; those of your own need a mapping' },
    verdict_at: reviewTable,
    escalated: { answer: 'no', note: 'a client may map a status to it' },
    closed_at: reviewTable,
    reopened: reviewTable,
    closed_by: reviewTable,
    severity: { answer: 'field', note: 'urgency: severity by the priority of the asset' },
    attacks: { answer: 'field', note: 'where the search is annotated' },
    log_sources: { answer: 'field', note: 'where the search keeps orig_sourcetype' },
  },

  async check(context) {
    const path = `servicesNS/nobody/${context.settings.app}/server/info`;
    const answer = await context.http.request({ path, query: { output_mode: 'json' } });
    const info = z.object({ entry: z.array(z.object({ content: z.object({ version: z.string() }) })).min(1) }).safeParse(answer.json);
    const rows = await allRows(context, { spl: `${notables} | head 1`, earliest: '-24h' });
    const seen = rows.length === 0 ? '; no notable in the last day' : '';
    return `Splunk ${info.data?.entry[0]?.content.version ?? 'of unknown version'}${seen}`;
  },

  async *pages(context) {
    const { window } = context;
    const lookups = await statesOf(context);
    const given = new Set<string>();
    let watermark: Ms | undefined;
    let expected = 0;
    for await (const search of searchesFor(context, window, given, (clock) => (watermark ??= clock))) {
      let counted = false;
      for await (const { records, expected: more, clock } of rowsOf(context, search)) {
        watermark ??= clock;
        if (!counted) expected += more;
        counted = true;
        for (const record of records) given.add(idOf(record) ?? '');
        const reviews = await reviewsOf(context, records);
        const whole = records.map((row) => ({ notable: row, reviews: reviews.get(idOf(row) ?? '') ?? [] }));
        if (whole.length > 0) yield { records: whole, lookups, expected };
      }
    }
    yield { records: [], expected, ...onlyKnown({ watermark }) };
  },

  raw: reviewed,
  normalise: (raw, { lookups, settings }) => findingOf(raw, lookups, settings.web_url),
});

export const notables = 'search `notable`';

export const table = `| table ${fields.map((name) => (name.includes('.') ? quoted(name) : name)).join(', ')}`;

const seconds = (instant: Ms) => Math.floor(instant / 1000);

/**
 * What was made, by its own time; what changed, by when it came to the index (by its own time late ones are missed,
 * demisto/content#39860) and, apart, what was edited since: an edit leaves the notable itself as it was.
 */
async function* searchesFor(
  context: Context,
  { mode, from, to }: CollectWindow,
  given: ReadonlySet<string>,
  tell: (clock: Ms | undefined) => void,
): AsyncGenerator<Search, void, void> {
  if (mode === 'created') return yield { spl: `${notables} ${table}`, earliest: String(from / 1000), latest: String(to / 1000) };
  const since = `| inputlookup incident_review_lookup where time>=${seconds(from)} | dedup rule_id | table rule_id`;
  const ids: string[] = [];
  for await (const { records, clock } of everyRowOf(context, { spl: since })) {
    tell(clock);
    for (const row of records) ids.push(ruleIn(row) ?? '');
  }
  yield { spl: `${notables} ${table}`, indexed_from: seconds(from) };
  const edited = ids.filter((id) => id !== '' && !given.has(id));
  for (let at = 0; at < edited.length; at += 200)
    yield {
      spl: `${notables} | search event_id IN (${edited
        .slice(at, at + 200)
        .map(quoted)
        .join(', ')}) ${table}`,
    };
}

const ruleIn = fieldOf('rule_id', review.shape.rule_id);
