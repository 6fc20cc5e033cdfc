import { z } from 'zod';
import { type Http, SourceError } from '../../http.ts';
import { basicAuth, clockOf, fieldOf, openSession, prefixed, readAnswer, readOAuthToken, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, exactId, onlyKnown } from '../vendor.ts';
import { createdOf, detection, findingOf } from './detection.ts';

// [soar]: github.com/splunk-soar-connectors/extrahop, supported by ExtraHop; [examples]: github.com/ExtraHop/code-examples
// [sekoia]: ExtraHop in github.com/SEKOIA-IO/automation-library

const shared = {
  base_url: apiUrl,
  /** "sec" leaves out what is about performance. */
  categories: z.array(z.string().min(1)).min(1).default(['sec']),
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(1000).default(1000),
  requests_per_second: z.number().positive().default(5), // Undocumented; half of what [sekoia] keeps to.
};
/** RevealX 360 takes a client's id and secret, a sensor or console of one's own an API key. */
const settings = z.discriminatedUnion('platform', [
  z.strictObject({ platform: z.literal('revealx-360'), client_id: z.string().min(1), client_secret: secret, ...shared }),
  z.strictObject({ platform: z.literal('self-managed'), api_key: secret, ...shared }),
]);
type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const stampIn = fieldOf('mod_time', z.number());
const idIn = fieldOf('id', exactId);

export default defineVendor({
  id: 'extrahop',
  name: 'ExtraHop RevealX',
  family: 'ndr',
  delivers: ['alert'],
  permissions: ['REST API credentials with system access "restricted read-only" and NDR module access'],
  settings,
  connection: (settings) => ({
    base_url: settings.base_url,
    refusals: {
      401: 'Check api_key, or client_id and client_secret, and platform.',
      403: 'The credentials need "restricted read-only" and access to the NDR module.',
      404: 'Check base_url and platform.',
    },
    ...(settings.platform === 'self-managed' ? { headers: { Authorization: prefixed('ExtraHop apikey=', settings.api_key) } } : {}),
    requests_per_second: settings.requests_per_second,
    ...onlyKnown({ ca_file: settings.ca_file }),
  }),
  capability: {
    ...answers('field', 'first_activity_at', 'assignee', 'entities', 'attacks'),
    ...answers('no', 'verdict_at', 'escalated', 'escalated_at', 'contained_at', 'notified_at', 'closed_by', 'log_sources', 'networks'),
    acknowledged_at: { answer: 'derived', note: 'a change of status is not dated: known to lie between two collections' },
    verdict: { answer: 'no', note: 'only whether action was taken, which is no verdict' },
    closed_at: { answer: 'derived', note: 'closing is not dated: known to lie between two collections' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    severity: { answer: 'field', note: 'the risk score: from 80 high, from 31 medium, below low; our reading' },
    rules: { answer: 'field', note: 'the type of detection' },
  },

  async check(context) {
    await search(open(context), context.settings.categories, { mod_time: 0, limit: 1, offset: 0 });
    return 'ExtraHop REST API v1: detections can be read';
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const { page_size: size, categories } = context.settings;
    const http = open(context);
    let watermark: number | undefined;
    // Creation cannot be asked for; "from" and "until" mean activity and bring old ones back [sekoia]. What was created since an
    // instant was also changed since then.
    const risen = rising({
      from,
      size,
      async fetch(at, offset) {
        const { records, clock } = await search(http, categories, { mod_time: at, limit: size, offset });
        watermark ??= clock;
        return { records };
      },
      stampOf: stampIn,
      idOf: idIn,
    });
    for await (const page of risen) {
      const records = page.records.filter((each) => mode === 'changed' || !isOutside(each, from, to));
      if (records.length > 0) yield { records };
    }
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: detection,
  normalise: (raw) => findingOf(raw),
});

/** What has no date goes on to be looked at. */
function isOutside(record: unknown, from: number, to: number): boolean {
  const at = createdOf(record);
  return at !== undefined && (at < from || at >= to);
}

/** Inclusive mod_time, whole milliseconds; a bare list without a total [soar]. */
async function search(http: Http, categories: string[], question: { mod_time: number; limit: number; offset: number }) {
  const answer = await http.request({
    method: 'POST',
    path: 'api/v1/detections/search',
    json: { filter: { categories }, ...question, sort: [{ field: 'mod_time', direction: 'asc' }] },
    idempotent: true,
  });
  return { records: readAnswer(answer, z.array(z.unknown()), 'POST detections/search'), clock: clockOf(answer) };
}

function open({ http, effects, settings }: Context): Http {
  if (settings.platform === 'self-managed') return http;
  const headers = { Authorization: basicAuth(settings.client_id, settings.client_secret) };
  return openSession(withExpiry(http), effects, {
    request: () => ({ path: 'oauth2/token', headers, form: { grant_type: 'client_credentials' } }),
    read: readOAuthToken,
  });
}

/** A token that has ended is also answered with 400 "The specified access token is invalid" [soar]. */
function withExpiry(http: Http): Http {
  return {
    stats: http.stats,
    async request(request) {
      try {
        return await http.request(request);
      } catch (cause) {
        if (!(cause instanceof SourceError) || cause.status !== 400) throw cause;
        throw new SourceError('unauthorised', cause.message, { cause, status: 400 });
      }
    },
  };
}
