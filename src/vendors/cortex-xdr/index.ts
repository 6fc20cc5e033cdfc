import { hash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { clockOf, fieldOf, readAnswer, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, type CollectWindow, defineVendor, exactId, onlyKnown } from '../vendor.ts';
import { findingOf, incident } from './incident.ts';

// [audits]: audits_management_log.d.ts in github.com/PaloAltoNetworks/pan-cortex-xdr-nodejs
// [docs]: "Get all Incidents" and "Get Started" in the Cortex XDR REST API reference, docs-cortex.paloaltonetworks.com
// [rapid7]: plugins/palo_alto_cortex_xdr in github.com/rapid7/insightconnect-plugins

const settings = z.strictObject({
  base_url: apiUrl, // https://api-<tenant>.xdr.<region>.paloaltonetworks.com
  key_id: exactId,
  api_key: secret,
  key_type: z.enum(['advanced', 'standard']).default('advanced'),
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(100).default(100), // "Maximum result set size is 100" [docs].
  requests_per_second: z.number().positive().default(1), // Undocumented; what Rapid7's plugin keeps to.
});
type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const path = 'public_api/v1/incidents/get_incidents';
const where = `POST /${path}`;

const stampIn = fieldOf('creation_time', z.number());
const idIn = fieldOf('incident_id', exactId);

export default defineVendor({
  id: 'cortex-xdr',
  name: 'Palo Alto Cortex XDR',
  family: 'edr',
  delivers: ['case'],
  permissions: ['API key of a role that may only view incidents ("Incidents: View"), with all endpoint groups in its scope'],
  settings,
  connection: (settings) => ({
    base_url: settings.base_url,
    requests_per_second: settings.requests_per_second,
    refusals: {
      401: "Check key_id and key_type, that base_url is the tenant the key was made in, and this machine's clock: an advanced key is signed with the time.",
      402: 'The tenant has no licence for this API.', // [rapid7]
      403: 'The role of the key needs "Incidents: View".',
    },
    sign: (_target, now) => signed(settings, now),
    ...onlyKnown({ ca_file: settings.ca_file }),
  }),
  capability: {
    // Who changed an incident when stands in audits/management_logs alone, in prose and for a right of its own: not read [audits].
    ...answers('field', 'closed_at', 'assignee', 'entities', 'attacks'),
    ...answers('no', 'escalated', 'escalated_at', 'contained_at', 'notified_at', 'networks'),
    first_activity_at: { answer: 'field', note: 'the detection time, which most incidents lack' },
    acknowledged_at: { answer: 'derived', note: 'assigning dates nothing: known to lie between two collections' },
    verdict: { answer: 'field', note: 'the word of the closing; "known issue" and reasons of your own need a mapping' },
    verdict_at: { answer: 'field', note: 'it is given on closing' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    closed_by: { answer: 'field', note: 'only whether Cortex resolved it by itself, no name' },
    severity: { answer: 'field', note: 'one set by hand stands above the computed one' },
    rules: { answer: 'no', note: "only an incident's alerts know theirs" },
    log_sources: { answer: 'field', note: 'what raised the alerts of the incident' },
  },

  async check(context) {
    const { reply } = await ask(context, [], 0, 1);
    return `Cortex XDR: ${reply.total_count ?? 'unknown number of'} incidents${reply.total_count === 10_000 ? ' or more' : ''}`;
  },

  async *pages({ window, ...context }) {
    const { page_size: size } = context.settings;
    let watermark: number | undefined;
    let restricted = 0;
    const risen = rising({
      from: window.mode === 'created' ? window.from : 0,
      size,
      // Counted to 10,000 at most, and wrong in a recording: no total is passed on (pan-cortex-xdr-nodejs, demisto/content).
      async fetch(at, offset) {
        const { reply, clock } = await ask(context, filtersOf(window, at), offset, size);
        watermark ??= clock;
        restricted = Math.max(restricted, reply.restricted_incident_ids?.length ?? 0);
        return { records: reply.incidents };
      },
      stampOf: stampIn,
      idOf: idIn,
    });
    for await (const page of risen) if (page.records.length > 0) yield page;
    const incomplete = restricted === 0 ? undefined : `${restricted} incidents are out of the scope of this API key`;
    yield { records: [], ...onlyKnown({ watermark, incomplete }) };
  },

  raw: incident,
  normalise: (raw) => findingOf(raw),
});

/** All of them must hold [docs]. What changes keeps its date of creation: sorted by that, nothing slips from page to page. */
function filtersOf({ mode, from, to }: CollectWindow, at: number): object[] {
  return [
    { field: 'creation_time', operator: 'gte', value: at },
    mode === 'created'
      ? { field: 'creation_time', operator: 'lte', value: to - 1 }
      : { field: 'modification_time', operator: 'gte', value: from },
  ];
}

const answered = z.object({
  reply: z.object({
    total_count: z.number().nullish(), // null at times [rapid7].
    incidents: z.array(z.unknown()),
    restricted_incident_ids: z.array(z.unknown()).nullish(),
  }),
});

async function ask({ http }: Context, filters: object[], offset: number, size: number) {
  const sort = { field: 'creation_time', keyword: 'asc' };
  const answer = await http.request({
    method: 'POST',
    path,
    idempotent: true,
    json: { request_data: { filters, search_from: offset, search_to: offset + size, sort } },
  });
  return { ...readAnswer(answer, answered, where), clock: clockOf(answer) };
}

/** An advanced key never travels: a hash of it, a nonce and the time does, made anew for every try [docs]. */
function signed({ key_id, api_key, key_type }: z.infer<typeof settings>, now: number): Record<string, string> {
  if (key_type === 'standard') return { 'x-xdr-auth-id': key_id, Authorization: api_key.reveal() };
  const nonce = randomBytes(32).toString('hex');
  const Authorization = hash('sha256', `${api_key.reveal()}${nonce}${now}`);
  return { 'x-xdr-auth-id': key_id, 'x-xdr-nonce': nonce, 'x-xdr-timestamp': String(now), Authorization };
}
