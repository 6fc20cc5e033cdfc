import { z } from 'zod';
import { type HttpRequest, SourceError } from '../../http.ts';
import { clockOf, fieldOf, instantOf, isoOf, prefixed, readAnswer, rising, withHistories } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, onlyKnown } from '../vendor.ts';
import { historiesOf } from './history.ts';
import { findingOf, reviewed, threat } from './threat.ts';

// [swagger]: SentinelOne's own API 2.1 swagger, docs/swagger_2_1.json in github.com/Celerium/SentinelOne-PowerShellWrapper
// [rapid7]: plugins/sentinelone in github.com/rapid7/insightconnect-plugins

const settings = z.strictObject({
  base_url: apiUrl,
  api_token: secret,
  ca_file: z.string().optional(),
  /** Reads who changed a threat's status and verdict when, out of the activity log. */
  history: z.boolean().default(true),
  page_size: z.int().min(1).max(1000).default(1000), // The API's own default is 10, and was taken for all there is [rapid7].
  requests_per_second: z.number().positive().default(10), // Undocumented for threats; what Rapid7's plugin keeps to.
});
type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const idIn = fieldOf('id', z.string());

export default defineVendor({
  id: 'sentinelone',
  name: 'SentinelOne Singularity',
  family: 'edr',
  delivers: ['alert'],
  permissions: ['Threats: View and Activity: View, by a service user of its own with the role Viewer on the sites to report'],
  settings,
  connection: ({ base_url, api_token, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      // Tokens live six months at most and cannot be renewed by whoever holds them [swagger].
      401: 'Its API token may have expired, or be of another console than base_url: make a new one for the service user.',
      403: 'The service user needs Threats: View on the sites to report, and Activity: View unless history is false.',
    },
    headers: { Authorization: prefixed('ApiToken ', api_token) },
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    ...answers('field', 'verdict', 'entities'),
    ...answers('no', 'escalated', 'escalated_at', 'notified_at', 'log_sources', 'networks'),
    first_activity_at: { answer: 'field', note: 'when the agent identified the threat' },
    acknowledged_at: { answer: 'event', note: "a person's first change of status or verdict; with history" },
    verdict_at: { answer: 'event', note: 'with history' },
    contained_at: { answer: 'field', note: 'the last successful kill, quarantine, remediation or rollback of a mitigated threat' },
    closed_at: { answer: 'event', note: 'a threat has no date of resolution; with history' },
    reopened: { answer: 'event', note: 'with history' },
    assignee: { answer: 'no', note: 'threats have none' },
    closed_by: { answer: 'event', note: 'with history; without it only whether SentinelOne did' },
    severity: { answer: 'field', note: 'threats have none: the confidence stands for it, malicious as high, suspicious as medium' },
    rules: { answer: 'field', note: 'the detection engines' },
    attacks: { answer: 'field', note: 'often empty' },
  },

  async check(context) {
    const { pagination } = await threats(context, { limit: 1 });
    if (context.settings.history) await historiesOf(context.http, ['100000000000000000']);
    return `SentinelOne API 2.1: ${pagination?.totalItems ?? 'unknown number of'} threats`;
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const { page_size: size } = context.settings;
    // updatedAt may lie some ms before createdAt (recorded by Elastic): a change is always asked for with an overlap.
    const field = mode === 'created' ? 'createdAt' : 'updatedAt';
    let watermark: number | undefined;
    const risen = rising({
      from,
      size,
      async fetch(from, skip) {
        const bounds = { [`${field}__gte`]: isoOf(from), [`${field}__lt`]: mode === 'created' ? isoOf(to) : undefined };
        const { data, pagination, clock } = await threats(context, {
          ...bounds,
          sortBy: field,
          sortOrder: 'asc',
          limit: size,
          skip: skip === 0 ? undefined : skip, // At most 1000 [swagger]: enough for threats of one millisecond.
        });
        watermark ??= clock;
        return { records: data, total: mode === 'created' ? pagination?.totalItems : undefined };
      },
      stampOf: (record) => instantOf(threat.safeParse(record).data?.threatInfo[field]),
      idOf: idIn,
    });
    const read = (ids: readonly string[]) => historiesOf(context.http, ids);
    for await (const page of risen)
      yield context.settings.history ? { ...page, records: await withHistories(page.records, idIn, read) } : page;
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: reviewed,
  normalise: (raw, { settings }) => findingOf(raw, settings.base_url),
});

const answered = z.object({
  data: z.array(z.unknown()),
  pagination: z.object({ totalItems: z.number().optional() }).nullish(),
  errors: z.array(z.object({ title: z.string().nullish(), detail: z.string().nullish() })).nullish(),
});

async function threats({ http }: Context, query: NonNullable<HttpRequest['query']>) {
  const answer = await http.request({ path: 'web/api/v2.1/threats', query });
  const { errors, ...rest } = readAnswer(answer, answered, 'GET threats');
  const [error] = errors ?? [];
  // 200 may carry errors [swagger].
  if (error !== undefined)
    throw new SourceError('server-error', `GET threats answered 200 with an error: ${error.detail ?? error.title ?? '(no words)'}`);
  return { ...rest, clock: clockOf(answer) };
}
