import { z } from 'zod';
import type { HttpRequest } from '../../http.ts';
import { clockOf, fieldOf, instantOf, isoOf, prefixed, readAnswer, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, type CollectWindow, defineVendor, onlyKnown } from '../vendor.ts';
import { alert, findingOf } from './alert.ts';

// [sdk]: github.com/trendmicro/tm-v1-pytv1, api/alert.py; [mock]: github.com/trendmicro/tm-v1-api-mockup, the vendor's own
// [mcp]: github.com/trendmicro/vision-one-mcp-server, which quotes the API reference
// [elastic]: packages/trend_micro_vision_one in github.com/elastic/integrations

const settings = z.strictObject({
  base_url: apiUrl, // https://api.<region>.xdr.trendmicro.com; without a region in the United States.
  api_key: secret,
  ca_file: z.string().optional(),
  requests_per_second: z.number().positive().default(2), // Counted by the minute; the numbers are not published.
});
type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const path = 'v3.0/workbench/alerts';

const idIn = fieldOf('id', z.string());

export default defineVendor({
  id: 'trend-vision-one',
  name: 'Trend Vision One',
  family: 'edr',
  delivers: ['alert'],
  permissions: ['API key of a role with Workbench: View (filtered or all) and nothing else'],
  settings,
  connection: ({ base_url, api_key, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      401: 'An API key ends on the day chosen when it was made and works in its own region only: check base_url, or make a new key.',
      403: 'The role of the API key needs Workbench: View.',
    },
    headers: { Authorization: prefixed('Bearer ', api_key) },
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    // Notes are a question for each alert, and who changed it when is not to be had: neither is read [mcp].
    ...answers('field', 'severity', 'entities'),
    ...answers('no', 'verdict_at', 'escalated_at', 'contained_at', 'notified_at', 'closed_by', 'networks'),
    first_activity_at: { answer: 'no', note: 'only matched events carry their time' },
    acknowledged_at: { answer: 'field', note: 'first investigated' },
    verdict: { answer: 'field', note: '"No Findings" counts from the close on' },
    escalated: { answer: 'no', note: 'a case or incident is its parent' },
    closed_at: { answer: 'derived', note: 'closing is not dated: known to lie between two collections' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    assignee: { answer: 'field', note: 'ids of accounts, no names' },
    rules: { answer: 'field', note: 'the detection model' },
    attacks: { answer: 'field', note: 'techniques only' },
    log_sources: { answer: 'field', note: 'the provider of the alert' },
  },

  async check(context) {
    await ask(context, path, { orderBy: 'createdDateTime desc' });
    return 'Trend Vision One API v3.0: Workbench alerts can be read';
  },

  async *pages({ window, ...context }) {
    const target = window.mode === 'created' ? 'createdDateTime' : 'updatedDateTime';
    const stampIn = fieldOf(target, z.string());
    let watermark: number | undefined;
    let link: string | undefined;
    const risen = rising({
      from: wholeSecond(window.from),
      size: Number.POSITIVE_INFINITY, // The service sets it, and says itself whether there is more.
      async fetch(at, offset) {
        const found = await (offset > 0 && link !== undefined ? ask(context, link) : ask(context, path, questionOf(window, target, at)));
        watermark ??= found.clock;
        link = found.link;
        return { records: found.items, more: link !== undefined };
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
 * Whole seconds, and without a target the date of creation, by which changes are never seen [sdk]. What the token in a next link stands
 * for is not said: each page begins at the last one's second, and a link is followed only while all of a page lies in one second.
 * Without an end it is the moment of the request, by the service's own clock [sdk].
 */
function questionOf({ mode, to }: CollectWindow, target: string, at: number): NonNullable<HttpRequest['query']> {
  const end = mode === 'created' ? seconds(to + 999) : undefined;
  return { startDateTime: seconds(at), endDateTime: end, dateTimeTarget: target, orderBy: `${target} asc` };
}

const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000;
const seconds = (at: number): string => isoOf(wholeSecond(at)).replace('.000Z', 'Z');

const answered = z.object({ items: z.array(z.unknown()), nextLink: z.string().nullish() });

async function ask({ http }: Context, path: string, query: HttpRequest['query'] = {}) {
  const answer = await http.request({ path, query });
  const { items, nextLink } = readAnswer(answer, answered, 'GET workbench/alerts');
  return { items, link: nextLink?.replaceAll(' ', '%20') || undefined, clock: clockOf(answer) }; // Raw blanks come [elastic].
}
