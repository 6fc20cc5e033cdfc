import { z } from 'zod';
import type { Finding, Ms, Severity, Status, Verdict } from '../finding.ts';
import { clockOf, fieldOf, instantOf, isoOf, readAnswer, rising, words } from '../products/index.ts';
import { secret } from '../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, onlyKnown } from './vendor.ts';

// [swagger]: server_api_swagger.json in github.com/demisto/demisto-py; [content]: github.com/demisto/content

const settings = z.strictObject({
  base_url: apiUrl, // Version 6: https://<host>; version 8: https://api-<host>/xsoar/public/v1
  api_key: secret,
  key_id: z.string().min(1).optional(), // Version 8, standard keys.
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(1000).default(1000), // More is refused, and none at all means no rows [swagger].
  requests_per_second: z.number().positive().default(5), // No limit is documented.
});
type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const text = z.string().nullish();
/** Only the fields used. */
const incident = z.object({
  id: z.string().min(1),
  created: z.string(),
  name: text,
  type: text,
  status: z.number().nullish(),
  severity: z.number().nullish(),
  owner: text,
  occurred: text,
  closed: text,
  closeReason: text,
  closingUserId: text,
  sourceBrand: text,
});

/** The swagger says only "number"; these are what the product shows [content]. */
const severities = words<Severity>({ 0: 0, 0.5: 1, 1: 2, 2: 3, 3: 4, 4: 5 });
const states = words<Status>({ 0: 'new', 1: 'in_progress', 2: 'closed', 3: 'closed' });
/** "Resolved" says nothing of what it was; a site's own reasons are its own to map [content]. */
const verdicts = words<Verdict>({ 'False Positive': 'false_positive', Duplicate: 'duplicate', 'Security Testing': 'test', Other: 'other' });

const idIn = fieldOf('id', z.string());

export default defineVendor({
  id: 'cortex-xsoar',
  name: 'Palo Alto Cortex XSOAR',
  family: 'case',
  delivers: ['case'],
  permissions: ['API key of a role with read permission for incidents and nothing else'],
  settings,
  connection: ({ base_url, api_key, key_id, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      401: 'Check api_key, and key_id: XSOAR 8 wants both, XSOAR 6 the key alone.',
      403: 'The role of the API key needs read permission for incidents.',
      404: 'Check base_url: XSOAR 8 answers below /xsoar of its API address.',
    },
    headers: { Authorization: api_key, ...onlyKnown({ 'x-xdr-auth-id': key_id }) },
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    // What was done to an incident are entries of its investigation, a question for each and mostly prose: not read [swagger].
    // No description that was read says where one incident has its page: there are no links [swagger] [content].
    ...answers('field', 'closed_at', 'assignee', 'closed_by', 'severity'),
    ...answers('no', 'verdict_at', 'escalated', 'escalated_at', 'contained_at', 'notified_at', 'attacks', 'networks'),
    first_activity_at: { answer: 'field', note: 'when it occurred, by the word of the integration' },
    acknowledged_at: { answer: 'derived', note: 'a change of status is not dated: known to lie between two collections' },
    verdict: { answer: 'field', note: 'the close reason' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    rules: { answer: 'field', note: 'the type of incident' },
    entities: { answer: 'no', note: 'they are in fields of your own' },
    log_sources: { answer: 'field', note: 'the integration' },
  },

  async check(context) {
    await search(context, 'created', { query: '', page: 0, size: 1 });
    return 'Cortex XSOAR: incidents can be searched';
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const { page_size: size } = context.settings;
    const field = mode === 'created' ? 'created' : 'modified';
    const stampIn = fieldOf(field, z.string());
    const until = mode === 'created' ? ` and ${field}:<"${isoOf(to)}"` : '';
    let watermark: Ms | undefined;
    const risen = rising({
      from,
      size,
      async fetch(at, offset) {
        const question = { query: `${field}:>="${isoOf(at)}"${until}`, page: Math.floor(offset / size), size };
        const { clock, records, total } = await search(context, field, question);
        watermark ??= clock;
        return { records, total };
      },
      stampOf: (each) => instantOf(stampIn(each)),
      idOf: idIn,
    });
    for await (const { records, expected } of risen)
      if (records.length > 0 || mode === 'created') yield { records, ...(mode === 'created' ? onlyKnown({ expected }) : {}) };
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: incident,
  normalise: findingOf,
});

const answered = z.object({ data: z.array(z.unknown()).nullish(), total: z.number() }); // No data is null.

async function search({ http }: Context, field: string, question: { query: string; page: number; size: number }) {
  const filter = { ...question, sort: [{ field, asc: true }] };
  const path = 'incidents/search';
  const answer = await http.request({ method: 'POST', path, json: { userFilter: false, filter }, idempotent: true });
  const { data, total } = readAnswer(answer, answered, 'POST incidents/search');
  return { records: data ?? [], total, clock: clockOf(answer) };
}

function findingOf(raw: z.infer<typeof incident>): Finding {
  const [severity_raw, status_raw] = [raw.severity?.toString(), raw.status?.toString()];
  const status = states[status_raw ?? ''] ?? 'unknown';
  const done = status === 'closed';
  const closed = instantOf(raw.closed);
  return {
    native_id: raw.id,
    kind: 'case',
    product: 'Cortex XSOAR',
    title: raw.name || '(no name)',
    severity: severity_raw === undefined ? 0 : (severities[severity_raw] ?? 99),
    status,
    verdict: verdicts[raw.closeReason ?? ''] ?? null,
    created_at: instantOf(raw.created) ?? Number.NaN,
    escalated: null,
    rules: raw.type ? [{ name: raw.type }] : [],
    entities: [],
    attacks: [],
    tags: [],
    networks: [],
    log_sources: raw.sourceBrand ? [raw.sourceBrand] : [],
    ...onlyKnown({
      severity_raw,
      status_raw,
      verdict_raw: raw.closeReason,
      assignee: raw.owner,
      first_activity_at: instantOf(raw.occurred),
      closed_at: done && closed !== undefined && closed > 0 ? closed : undefined, // Year 1 while open [swagger].
      closed_by: done ? raw.closingUserId : undefined,
    }),
  };
}
