import { z } from 'zod';
import { SourceError } from '../../http.ts';
import { clockOf, fieldOf, prefixed, readAnswer, rising, withHistories } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, type CollectContext, defineVendor, onlyKnown } from '../vendor.ts';
import { historiesOf } from './history.ts';
import { findingOf, record } from './record.ts';

// [openapi]: TheHive 5.7.3 OpenAPI, docs/thehive/api-docs/docs.yaml in github.com/StrangeBeeCorp/docs
// [py]: github.com/TheHive-Project/TheHive4py 2.0.3

const settings = z.strictObject({
  base_url: apiUrl,
  api_key: secret,
  organisation: z.string().min(1).optional(), // Absent: the account's default one; one source per organisation [openapi].
  /** Reads what was changed of each alert and case when, and by whom, out of the audit log: a question for every hundred more. */
  history: z.boolean().default(false),
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(500).default(500), // No maximum is documented.
  requests_per_second: z.number().positive().default(5), // No limit is documented.
});
type Settings = z.infer<typeof settings>;
type Context = Omit<CollectContext<Settings>, 'window'>;

const idIn = fieldOf('_id', z.string());
const kinds = ['Alert', 'Case'] as const;
type Kind = (typeof kinds)[number];

export default defineVendor({
  id: 'thehive',
  name: 'TheHive 5',
  family: 'case',
  delivers: ['alert', 'case'],
  permissions: ['an account of the organisation with the profile "read-only", and an API key of its own'],
  settings,
  connection: ({ base_url, api_key, organisation, ca_file, requests_per_second }) => ({
    base_url,
    refusals: {
      401: 'Check api_key: is it of this installation, and not locked?',
      403: 'The account needs the profile "read-only" in the organisation that is asked; check organisation.',
      404: 'TheHive 5 is needed; check base_url.',
    },
    headers: { Authorization: prefixed('Bearer ', api_key), ...onlyKnown({ 'X-Organisation': organisation }) },
    requests_per_second,
    ...onlyKnown({ ca_file }),
  }),
  capability: {
    ...answers('field', 'assignee', 'severity'),
    ...answers('no', 'verdict_at', 'contained_at', 'notified_at', 'rules', 'networks'),
    first_activity_at: { answer: 'field', note: 'date of an alert, startDate of a case: written by whoever made it' },
    acknowledged_at: { answer: 'field', note: 'first time in progress' },
    verdict: { answer: 'field', note: 'the status at the close; a status of your own is yours to map' },
    escalated: { answer: 'field', note: 'an alert that became part of a case' },
    escalated_at: { answer: 'field', note: 'when it was imported' },
    closed_at: { answer: 'field', note: 'closedDate, of a case the last endDate' },
    reopened: { answer: 'event', note: 'with history, else a close that is gone at the next collection' },
    closed_by: { answer: 'event', note: 'with history' },
    entities: { answer: 'no', note: 'observables would be a request each' },
    attacks: { answer: 'field', note: 'ids among the tags; procedures would be a request each' },
    log_sources: { answer: 'field', note: 'the source of an alert' },
  },

  async check(context) {
    for (const kind of kinds) await list(context, kind, '_createdAt', { from: 0, offset: 0, size: 1 });
    if (context.settings.history) await historiesOf(context.http, ['~0']);
    return 'TheHive API v1: alerts and cases can be read';
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const { page_size: size } = context.settings;
    const read = (ids: readonly string[]) => historiesOf(context.http, ids);
    const given = new Map<string, number | undefined>();
    let watermark: number | undefined;
    let total = 0;
    for (const kind of kinds) {
      // Until its first change a record has no _updatedAt [openapi], so no one order holds both: the new ones, then the changed ones.
      for (const field of mode === 'created' ? (['_createdAt'] as const) : (['_createdAt', '_updatedAt'] as const)) {
        let expected: number | undefined;
        const risen = rising({
          from,
          size,
          async fetch(at, offset) {
            const found = await list(context, kind, field, { from: at, offset, size, ...(mode === 'created' ? { to } : {}) });
            watermark ??= found.clock;
            return found;
          },
          stampOf: fieldOf(field, z.number()),
          idOf: idIn,
        });
        for await (const page of risen) {
          expected = page.expected ?? expected;
          const records = page.records.filter((each) => isFresh(given, each));
          if (records.length > 0) yield { records: context.settings.history ? await withHistories(records, idIn, read) : records };
        }
        total += expected ?? Number.NaN;
      }
    }
    const expected = mode === 'created' && Number.isFinite(total) ? total : undefined;
    yield { records: [], ...onlyKnown({ watermark, expected }) };
  },

  raw: record,
  normalise: (raw, { settings }) => findingOf(raw, settings.base_url),
});

const keyed = z.object({ _id: z.string(), _createdAt: z.number(), _updatedAt: z.number().nullish() });

/** Not yet given as it is now; what cannot be told is passed on. */
function isFresh(given: Map<string, number | undefined>, record: unknown): boolean {
  const { data } = keyed.safeParse(record);
  if (data === undefined) return true;
  const stamp = data._updatedAt ?? data._createdAt;
  if (given.get(data._id) === stamp) return false;
  given.set(data._id, stamp);
  return true;
}

const typed = z.array(z.looseObject({ _type: z.string() }));

/**
 * Records of a kind with from <= field < to in rising order. Operators and "_fields" as in the examples and in [py]: the
 * prose and the schemas of [openapi] name some of them differently.
 */
async function list(
  { http }: Context,
  kind: Kind,
  field: string,
  { from, to, offset, size }: { from: number; to?: number; offset: number; size: number },
) {
  const bounds = [{ _gte: { _field: field, _value: from } }, ...(to === undefined ? [] : [{ _lt: { _field: field, _value: to } }])];
  const query = [
    { _name: `list${kind}` },
    { _name: 'filter', _and: bounds },
    { _name: 'sort', _fields: [{ [field]: 'asc' }] },
    { _name: 'page', from: offset, to: offset + size, extraData: ['total'] },
  ];
  const where = `POST api/v1/query list${kind}`;
  const path = 'api/v1/query';
  const answer = await http.request({ method: 'POST', path, json: { query }, idempotent: true });
  const records = readAnswer(answer, typed, where);
  if (records.some(({ _type }) => _type !== kind)) throw new SourceError('unexpected', `${where} gave records of another type`);
  const told = answer.headers['x-total']; // What the page's extraData "total" becomes [openapi].
  return { records, total: told !== undefined && /^\d+$/.test(told) ? Number(told) : undefined, clock: clockOf(answer) };
}
