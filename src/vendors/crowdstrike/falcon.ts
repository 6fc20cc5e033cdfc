import { z } from 'zod';
import { type HttpRequest, SourceError } from '../../http.ts';
import { clockOf, following, instantOf, isoOf, openSession, readAnswer, readOAuthToken, rising } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext, type CollectWindow, onlyKnown } from '../vendor.ts';

// [falconpy]: _endpoint/_alerts.py and _case_management.py in github.com/CrowdStrike/falconpy
// [gofalcon]: github.com/CrowdStrike/gofalcon
// [elastic]: packages/crowdstrike in github.com/elastic/integrations

export const settings = z.strictObject({
  base_url: apiUrl, // api.crowdstrike.com, api.us-2…, api.eu-1…: a client id works in its own cloud only.
  client_id: z.string().min(1),
  client_secret: secret,
  member_cid: z.string().optional(), // A child's, where the client belongs to an MSSP's parent.
  objects: z
    .array(z.enum(['alerts', 'cases']))
    .min(1)
    .default(['alerts']),
  ca_file: z.string().optional(),
  page_size: z.int().min(1).max(1000).default(1000), // More ids at once are refused with 413 [elastic].
  requests_per_second: z.number().positive().default(20),
});
export type Context = Omit<CollectContext<z.infer<typeof settings>>, 'window'>;

const answered = z.object({
  meta: z.object({ pagination: z.object({ after: z.string().nullish(), total: z.number().nullish() }).nullish() }).nullish(),
  errors: z.array(z.object({ code: z.number().nullish(), message: z.string().nullish() })).nullish(),
  resources: z.array(z.unknown()).nullish(),
});

/** Questions to one cloud. A token lives 30 minutes and is asked for again; there is nothing to refresh it with [falconpy]. */
export function openFalcon({ http, settings, effects }: Context) {
  const { client_id, client_secret, member_cid } = settings;
  const form = { client_id, client_secret, ...onlyKnown({ member_cid }) };
  const session = openSession(http, effects, { request: () => ({ path: 'oauth2/token', form }), read: readOAuthToken });
  let clock: number | undefined;
  async function ask(scope: string, request: HttpRequest) {
    const where = `${request.method ?? 'GET'} /${request.path}`;
    try {
      // Sent with every request, as the service wants it even without a body [gofalcon].
      const answer = await session.request({ ...request, headers: { 'Content-Type': 'application/json' }, idempotent: true });
      const { meta, errors, resources } = readAnswer(answer, answered, where);
      const [error] = errors ?? [];
      // 200 may carry errors, as a missing scope's 403 [elastic].
      if (error !== undefined)
        throw new SourceError(
          error.code === 403 ? 'forbidden' : 'server-error',
          `${where} answered ${error.code}: ${error.message}.`,
          onlyKnown({ status: error.code }),
        );
      clock ??= clockOf(answer);
      return { ...meta?.pagination, resources: resources ?? [] };
    } catch (cause) {
      throw withHint(cause, scope);
    }
  }
  /** `since`: its clock at the first answer. */
  return { ask, since: () => clock };
}
type Ask = ReturnType<typeof openFalcon>['ask'];

/** A login from another cloud is refused with 401 or 403 alike. */
function withHint(cause: unknown, scope: string): unknown {
  if (!(cause instanceof SourceError) || (cause.kind !== 'unauthorised' && cause.kind !== 'forbidden')) return cause;
  const login = cause.kind === 'unauthorised' || cause.message.includes('/oauth2/token');
  const hint = login ? 'Check also that base_url is the cloud this API client was made in.' : `The API client needs the scope "${scope}".`;
  return new SourceError(cause.kind, `${cause.message} ${hint}`, { cause, ...onlyKnown({ status: cause.status }) });
}

/** What changes keeps its date of creation: sorted by that, nothing slips from page to page [falconpy warns of sorting by the other]. */
function filterOf({ mode, from, to }: CollectWindow): string {
  return mode === 'created'
    ? `created_timestamp:>='${isoOf(from)}'+created_timestamp:<'${isoOf(to)}'`
    : `updated_timestamp:>='${isoOf(from)}'`;
}
const sort = 'created_timestamp|asc';

/** The endpoint for more than 10,000 alerts; its token stands for a place in the order [falconpy]. */
export async function* alerts(ask: Ask, window: CollectWindow, limit: number) {
  const filter = filterOf(window);
  const pages = following(async (after) => {
    const json = { filter, sort, limit, ...(after === undefined ? {} : { after }) };
    const { resources, after: next } = await ask('Alerts: Read', { method: 'POST', path: 'alerts/combined/alerts/v1', json });
    return { records: resources, next };
  });
  for await (const { records } of pages) yield records.map((alert) => ({ alert }));
}

const identified = z.object({ id: z.string(), created_timestamp: z.string().optional() });

/** Ids by offset, of which only the first 10,000 are to be had, so each page begins at the last one's date; then the cases. */
export async function* cases(ask: Ask, window: CollectWindow, size: number) {
  const filter = filterOf(window);
  const risen = rising({
    from: window.mode === 'created' ? window.from : 0,
    size,
    async fetch(from, offset) {
      const query = { filter: `${filter}+created_timestamp:>='${isoOf(from)}'`, sort, limit: size, offset };
      const { resources } = await ask('Cases: Read', { path: 'cases/queries/cases/v1', query });
      const ids = z.array(z.string()).parse(resources);
      return { records: await casesOf(ask, ids), more: ids.length >= size };
    },
    stampOf: (record) => instantOf(identified.safeParse(record).data?.created_timestamp),
    idOf: (record) => identified.safeParse(record).data?.id,
  });
  for await (const { records } of risen) yield records.map((record) => ({ case: record }));
}

/** In the order of the ids, which the answer does not keep to. */
async function casesOf(ask: Ask, ids: readonly string[]): Promise<unknown[]> {
  if (ids.length === 0) return [];
  const { resources } = await ask('Cases: Read', { method: 'POST', path: 'cases/entities/cases/v2', json: { ids } });
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = (record: unknown) => places.get(identified.safeParse(record).data?.id ?? '') ?? ids.length;
  if (resources.length === 0)
    throw new SourceError('unexpected', `POST /cases/entities/cases/v2 gave none of ${ids.length} cases it knows the ids of`);
  return resources.toSorted((a, b) => placeOf(a) - placeOf(b));
}
