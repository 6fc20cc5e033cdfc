import { z } from 'zod';
import { SourceError } from '../../http.ts';
import { clockOf, fieldOf, instantOf, isoOf, readAnswer, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, type CollectWindow, defineVendor, onlyKnown } from '../vendor.ts';
import { alert, findingOf } from './alert.ts';

// [devnet]: alerts-api, alert-bulk-export, authentication and rate-limiting pages of developer.carbonblack.com
// [sdk]: github.com/carbonblack/carbon-black-cloud-sdk-python

const settings = z.strictObject({
  base_url: apiUrl, // https://defense-<name>.conferdeploy.net
  org_key: z.string().regex(/^\w+$/),
  api_id: z.string().min(1),
  api_secret: secret,
  /** Alerts older than that are not asked whether they changed: what the product keeps. */
  lookback_days: z.int().min(1).max(366).default(180),
  ca_file: z.string().optional(),
  page_size: z.int().min(2).max(10_000).default(1000),
  requests_per_second: z.number().positive().default(3), // "1000 requests in 5 minutes" [devnet].
});
type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const day = 24 * 3600 * 1000;

const stampIn = fieldOf('backend_timestamp', z.string());
const idIn = fieldOf('id', z.string());

export default defineVendor({
  id: 'carbon-black',
  name: 'Carbon Black Cloud',
  family: 'edr',
  delivers: ['alert'],
  permissions: ['API key of the type Custom with an access level that holds org.alerts: READ and nothing else'],
  settings,
  connection: ({ base_url, api_id, api_secret, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      401: 'Check api_id, api_secret and that base_url is the host this organisation signs in at.',
      403: "The key's access level needs org.alerts: READ. Check also org_key.",
      404: 'Check org_key.',
    },
    headers: { 'X-Auth-Token': { reveal: () => `${api_secret.reveal()}/${api_id}` } }, // The secret first [devnet].
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    // Notes are a question for each alert: not read [sdk].
    ...answers('field', 'first_activity_at', 'verdict_at', 'closed_by', 'entities', 'attacks'),
    ...answers('no', 'escalated', 'escalated_at', 'contained_at', 'notified_at', 'assignee', 'networks'),
    acknowledged_at: { answer: 'derived', note: 'only the last change of status is dated: known to lie between two collections' },
    verdict: { answer: 'field', note: 'the determination, else a closing reason that says as much' },
    closed_at: { answer: 'field', note: 'the last change of status of a closed alert' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    severity: { answer: 'field', note: '1–3 low, 4–6 medium, 7–8 high, 9–10 critical: our reading, the product names no ranges' },
    rules: { answer: 'field', note: 'of an analytics alert only its kind' },
    log_sources: { answer: 'field', note: 'the kind of alert' },
  },

  async check(context) {
    const { num_found } = await search(context, { time_range: { range: '-2w' }, rows: 1 });
    return `Carbon Black Cloud alerts v7: ${num_found} alerts in two weeks`;
  },

  async *pages({ window, ...context }) {
    const { page_size: size, lookback_days } = context.settings;
    let watermark: number | undefined;
    const risen = rising({
      from: window.mode === 'created' ? window.from : window.from - lookback_days * day,
      size,
      async fetch(at, offset) {
        const found = await search(context, { ...questionOf(window, at), ...rowsAfter(offset, size) });
        watermark ??= found.clock;
        return { records: found.results, total: window.mode === 'created' ? found.num_found : undefined };
      },
      stampOf: (record) => instantOf(stampIn(record)),
      idOf: idIn,
    });
    for await (const page of risen) if (page.records.length > 0) yield page;
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: alert,
  normalise: (raw) => findingOf(raw),
});

/**
 * time_range is the date of creation and, left out, the last two weeks [devnet]; changes have a criterion of their own. What changes
 * keeps its date of creation: sorted by that, nothing slips from page to page. Both want an end: one that nothing lies beyond.
 */
function questionOf({ mode, from, to }: CollectWindow, at: number): object {
  const beyond = isoOf(to + 2 * day);
  const sort = [{ field: 'backend_timestamp', order: 'ASC' }];
  if (mode === 'created') return { time_range: { start: isoOf(at), end: isoOf(to) }, sort };
  const criteria = { backend_update_timestamp: { start: isoOf(from), end: beyond } };
  return { time_range: { start: isoOf(at), end: beyond }, criteria, sort };
}

/** `start` counts from 1, says the SDK, for the version before: sent as if from 0, a row may come twice but none is passed over. */
function rowsAfter(offset: number, rows: number): object {
  if (offset + rows > 10_000 && offset > 0)
    throw new SourceError('endless', 'More than 10,000 alerts share one millisecond; the API gives no more (500 beyond, says its SDK).');
  return offset === 0 ? { rows } : { rows, start: offset };
}

const answered = z.object({ results: z.array(z.unknown()), num_found: z.number() });

async function search({ http, settings }: Context, json: object) {
  const path = `api/alerts/v7/orgs/${settings.org_key}/alerts/_search`;
  const answer = await http.request({ method: 'POST', path, json, idempotent: true });
  return { ...readAnswer(answer, answered, 'POST alerts/_search'), clock: clockOf(answer) };
}
