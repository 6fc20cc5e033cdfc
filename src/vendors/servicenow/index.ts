import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import type { Http, HttpRequest } from '../../http.ts';
import { basicAuth, clockOf, fieldOf, openSession, readAnswer, readOAuthToken, rising, withHistories } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, onlyKnown } from '../vendor.ts';
import { assertAudited, historiesOf, openNames } from './history.ts';
import { audited, fields, findingOf } from './incident.ts';
import { cell, instantIn, textOf } from './values.ts';

// [table]: c_TableAPI.md, [limits]: inbound-REST-API-rate-limiting.md in github.com/ServiceNow/ServiceNowDocs

const shared = {
  base_url: apiUrl, // https://<instance>.service-now.com
  ca_file: z.string().optional(),
  /** Reads what changed of each incident when, and by whom, out of sys_audit, which takes a right of its own. */
  history: z.boolean().default(false),
  page_size: z.int().min(1).max(10_000).default(1000),
  requests_per_second: z.number().positive().default(2), // Limits are a site's own, by the hour [limits].
};
const settings = z.discriminatedUnion('auth', [
  z.strictObject({ auth: z.literal('basic'), user: z.string().min(1), password: secret, ...shared }),
  z.strictObject({ auth: z.literal('oauth'), client_id: z.string().min(1), client_secret: secret, ...shared }),
]);
type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;
type Query = NonNullable<HttpRequest['query']>;

const idIn = fieldOf('sys_id', cell);
const idOf = (record: unknown): string | undefined => textOf(idIn(record));

export default defineVendor({
  id: 'servicenow',
  name: 'ServiceNow Security Incident Response',
  family: 'case',
  delivers: ['case'],
  permissions: [
    'role sn_si.read, for a user whose time zone is GMT: times in questions are read in it, so another one shifts the window',
    'with history: read on sys_audit (an access control of its own, as by itself only administrators have it)',
  ],
  settings,
  connection: (settings) => ({
    base_url: settings.base_url,
    refusals: {
      400: 'Is the plug-in Security Incident Response installed?', // "Invalid table sn_si_incident".
      401: 'Check user and password, or client_id and client_secret, and that base_url is the instance they belong to.',
      403: 'The account needs the role sn_si.read.',
    },
    ...(settings.auth === 'basic' ? { headers: { Authorization: basicAuth(settings.user, settings.password) } } : {}),
    requests_per_second: settings.requests_per_second,
    ...onlyKnown({ ca_file: settings.ca_file }),
  }),
  capability: {
    ...answers('field', 'closed_at', 'assignee', 'closed_by'),
    ...answers('no', 'first_activity_at', 'escalated', 'escalated_at', 'contained_at', 'notified_at', 'attacks', 'networks'),
    acknowledged_at: { answer: 'event', note: 'assigned, or the first change of state; with history, else between two collections' },
    verdict: { answer: 'field', note: 'close codes that say it by themselves; others are yours to map' },
    verdict_at: { answer: 'event', note: 'with history' },
    reopened: { answer: 'event', note: 'with history, else a close that is gone at the next collection' },
    severity: { answer: 'field', note: 'the priority' },
    rules: { answer: 'field', note: 'alert_rule' },
    entities: { answer: 'field', note: 'configuration item and affected user' },
    log_sources: { answer: 'field', note: 'alert_sensor' },
  },

  async check(context) {
    const sysparm_query = `sys_created_on>=${timeOf(0)}^ORDERBYsys_created_on^ORDERBYsys_id`;
    const http = open(context);
    await ask(http, { sysparm_limit: 1, sysparm_query });
    if (context.settings.history) await assertAudited(http);
    return 'ServiceNow Table API: security incidents can be read';
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const { page_size: size } = context.settings;
    const field = mode === 'created' ? 'sys_created_on' : 'sys_updated_on';
    const stampIn = fieldOf(field, cell);
    const until = mode === 'created' ? `^${field}<${timeOf(to + 999)}` : '';
    const http = open(context);
    let watermark: Ms | undefined;
    const risen = rising({
      from: Math.floor(from / 1000) * 1000, // Whole seconds are all there are.
      size,
      async fetch(at, offset) {
        const sysparm_query = `${field}>=${timeOf(at)}${until}^ORDERBY${field}^ORDERBYsys_id`;
        // What the account may not see is cut out of a page after it was counted [table]: an empty one is not the end.
        for (let skip = offset; ; skip += size) {
          const { result, total, clock } = await ask(http, { sysparm_query, sysparm_limit: size, sysparm_offset: skip });
          watermark ??= clock;
          const more = total === undefined ? result.length >= size : skip + size < total;
          if (result.length > 0 || !more) return { records: result, more };
        }
      },
      stampOf: (record) => instantIn(stampIn(record)),
      idOf,
    });
    const names = openNames();
    for await (const { records } of risen) {
      if (records.length === 0) continue;
      if (!context.settings.history) yield { records };
      else yield { records: await withHistories(records, idOf, (ids) => historiesOf(http, ids)), lookups: names.from(records) };
    }
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: audited,
  normalise: (raw, { settings, lookups }) => findingOf(raw, settings.base_url, lookups),
});

/** As the database has it: UTC, no zone [table]. */
function timeOf(at: Ms): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

const answered = z.object({ result: z.array(z.unknown()) });

/** Values and their words in one ("all"): times in UTC, names and choices as people read them [table]. */
async function ask(http: Http, query: Query) {
  const shape = { sysparm_fields: fields, sysparm_display_value: 'all', sysparm_exclude_reference_link: true };
  const answer = await http.request({ path: 'api/now/table/sn_si_incident', query: { ...query, ...shape } });
  const told = answer.headers['x-total-count'];
  const total = told !== undefined && /^\d+$/.test(told) ? Number(told) : undefined;
  return { ...readAnswer(answer, answered, 'GET sn_si_incident'), total, clock: clockOf(answer) };
}

function open({ http, effects, settings }: Context): Http {
  if (settings.auth === 'basic') return http;
  const { client_id, client_secret } = settings;
  const form = { grant_type: 'client_credentials', client_id, client_secret };
  return openSession(http, effects, { request: () => ({ path: 'oauth_token.do', form }), read: readOAuthToken });
}
