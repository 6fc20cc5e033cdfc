import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { type Http, type HttpRequest, SourceError } from '../../http.ts';
import { basicAuth, clockOf, instantOf, isoOf, openSession, prefixed, readAnswer, readOAuthToken } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext, defineVendor, exactId, onlyKnown } from '../vendor.ts';
import { findingOf, record } from './record.ts';

// [vat]: modules/vectra.py and platform.py in github.com/vectranetworks/vectra_api_tools, the vendor's own client
// [soar]: github.com/splunk-soar-connectors/vectraxdr and vectrandr, with recorded answers

const version = z.string().regex(/^v\d+(\.\d+)?$/);
const shared = {
  base_url: apiUrl,
  /** Detections and closed assignments without activity since then are not asked whether they changed. */
  lookback_days: z.int().min(1).max(366).default(90),
  ca_file: z.string().optional(),
  page_size: z.int().min(2).max(1000).default(1000), // What every integration stays below.
  requests_per_second: z.number().positive().default(1.5), // 100 a minute: the vendor names none, its MCP server keeps to this.
};
/** The appliance (Quadrant UX) takes a token, the cloud (Respond UX) a client's id and secret. */
const settings = z.discriminatedUnion('platform', [
  z.strictObject({ platform: z.literal('qux'), api_token: secret, api_version: version.default('v2.5'), ...shared }),
  z.strictObject({
    platform: z.literal('rux'),
    client_id: z.string().min(1),
    client_secret: secret,
    api_version: version.default('v3.3'),
    ...shared,
  }),
]);
type Settings = z.infer<typeof settings>;
type Context = Omit<CollectContext<Settings>, 'window'>;

const day = 24 * 3600 * 1000;

export default defineVendor({
  id: 'vectra',
  name: 'Vectra AI (QUX and RUX)',
  family: 'ndr',
  delivers: ['alert', 'case'],
  permissions: ['RUX: API client with the role "Read-Only"', 'QUX: API token of a local user with the role "Read-Only"'],
  settings,
  connection: (settings) => ({
    base_url: settings.base_url,
    refusals: {
      401: 'Check the token or client: is it of this platform (qux or rux) and of base_url?',
      403: 'The token or client needs the role "Read-Only".',
      404: 'Check api_version and platform: RUX and QUX know different versions.',
    },
    ...(settings.platform === 'qux' ? { headers: { Authorization: prefixed('Token ', settings.api_token) } } : {}),
    requests_per_second: settings.requests_per_second,
    ...onlyKnown({ ca_file: settings.ca_file }),
  }),
  capability: {
    first_activity_at: { answer: 'field', note: 'detections only' },
    acknowledged_at: { answer: 'field', note: 'detections only: when its present assignment was made' },
    verdict: { answer: 'field', note: 'the outcome of an assignment, which is for a host or account and not for a detection' },
    verdict_at: { answer: 'field', note: 'when the assignment was resolved' },
    escalated: { answer: 'no' },
    escalated_at: { answer: 'no' },
    contained_at: { answer: 'no' },
    notified_at: { answer: 'no' },
    closed_at: { answer: 'field', note: 'assignments only: a fixed detection carries no date' },
    reopened: { answer: 'no' },
    assignee: { answer: 'field' },
    closed_by: { answer: 'field', note: 'assignments only' },
    severity: { answer: 'field', note: 'detections only, by the quadrant of threat and certainty: our reading' },
    rules: { answer: 'field', note: 'the type of detection' },
    entities: { answer: 'field', note: 'detections only' },
    attacks: { answer: 'no' },
    log_sources: { answer: 'field', note: 'the sensor' },
    networks: { answer: 'no' },
  },

  async check(context) {
    const http = open(context);
    for (const list of lists) await ask(http, context.settings, list, sized(context.settings, list, 2));
    return `Vectra API ${context.settings.api_version}: detections and assignments can be read`;
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const http = open(context);
    const back = seconds(from - (mode === 'created' ? day : context.settings.lookback_days * day));
    // Only activity can be asked for, which may lie before the creation and knows nothing of analysts [vat].
    const questions: [List, Query][] = [
      ['detections', { last_timestamp_gte: back }],
      ['assignments', { created_after: back }],
    ];
    if (mode === 'changed') questions.push(['assignments', { resolved: false }]);
    const given = { detections: new Set<string>(), assignments: new Set<string>() };
    let watermark: Ms | undefined;
    for (const [list, query] of questions) {
      for await (const { records, clock } of rising(http, context.settings, list, query)) {
        watermark ??= clock;
        const fresh = records.filter((each) => isNew(given[list], each));
        const asked = fresh.filter((each) => mode === 'changed' || !isOutside(each, from, to));
        if (asked.length > 0) yield { records: asked.map((each) => ({ [list === 'detections' ? 'detection' : 'assignment']: each })) };
        // Ids rise as assignments are made, and reassigning dates none anew (recorded): after those open since long come the late ones.
        if (records.length > 0 && fresh.length === 0) break;
      }
    }
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: record,
  normalise: (raw, { settings }) => findingOf(raw, settings.base_url),
});

const lists = ['detections', 'assignments'] as const;
type List = (typeof lists)[number];
type Query = NonNullable<HttpRequest['query']>;

const seconds = (at: Ms): string => isoOf(Math.floor(at / 1000) * 1000).replace('.000Z', 'Z');

/** Assignments take no page_size and come in pages of the product's own [vat]. */
function sized({ page_size }: Settings, list: List, size = page_size): Query {
  return list === 'detections' ? { page_size: size } : {};
}

/**
 * In rising order of ids, each page from the last one's id on: pages by number would shift. "next" says only whether there
 * is more: recorded links lead to http and to other hosts [soar].
 */
async function* rising(http: Http, settings: Settings, list: List, query: Query) {
  let last: string | undefined;
  const met = new Set<string>();
  for (;;) {
    const answer = await ask(http, settings, list, { ...query, ...sized(settings, list), ordering: 'id', min_id: last });
    const ids = answer.results.map(idOf);
    const fresh = answer.results.filter((_each, index) => !met.has(ids[index] ?? ''));
    const known = met.size;
    for (const id of ids) if (id !== undefined) met.add(id);
    if (answer.next && met.size === known)
      throw new SourceError('endless', `GET ${list} gives the same records again and again: its paging does not advance.`);
    yield { records: fresh, clock: answer.clock };
    if (!answer.next) return;
    last = ids.findLast((id) => id !== undefined);
  }
}

const keyed = z.object({ id: exactId });
const idOf = (each: unknown): string | undefined => keyed.safeParse(each).data?.id;
const dated = z.object({ created_timestamp: z.string().optional(), date_assigned: z.string().optional() });

/** What has no date goes on to be looked at. */
function isOutside(each: unknown, from: Ms, to: Ms): boolean {
  const { data } = dated.safeParse(each);
  const at = instantOf(data?.created_timestamp ?? data?.date_assigned);
  return at !== undefined && (at < from || at >= to);
}

/** What has no id is always new: it is passed on, to be rejected by name. */
function isNew(given: Set<string>, each: unknown): boolean {
  const id = idOf(each);
  return id === undefined || given.size < given.add(id).size;
}

const marks = { detections: z.object({ created_timestamp: z.string() }), assignments: z.object({ date_assigned: z.string() }) };
const listed = z.object({ next: z.string().nullish(), results: z.array(z.unknown()) });

async function ask(http: Http, { api_version }: Settings, list: List, query: Query) {
  const answer = await http.request({ path: `api/${api_version}/${list}`, query });
  const { next, results } = readAnswer(answer, listed, `GET ${list}`);
  if (results.length > 0 && !results.some((each) => marks[list].safeParse(each).success))
    throw new SourceError('unexpected', `GET ${list} gave records of another kind`);
  return { next, results, clock: clockOf(answer) };
}

function open({ http, effects, settings }: Context): Http {
  if (settings.platform === 'qux') return http;
  const { client_id, client_secret, api_version } = settings;
  const path = `api/${api_version}/oauth2/token`;
  const headers = { Authorization: basicAuth(client_id, client_secret) };
  return openSession(http, effects, {
    request: () => ({ path, headers, form: { grant_type: 'client_credentials' } }),
    read: readOAuthToken,
  });
}
