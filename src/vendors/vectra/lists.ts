import { z } from 'zod';
import { type Http, type HttpRequest, SourceError } from '../../http.ts';
import { basicAuth, clockOf, openSession, readAnswer, readOAuthToken } from '../../products/index.ts';
import { exactId } from '../vendor.ts';
import type { Settings, Context } from './settings.ts';

export const lists = ['detections', 'assignments'] as const;
export type List = (typeof lists)[number];

export type Query = NonNullable<HttpRequest['query']>;

/** Assignments take no page_size and come in pages of the product's own [vat]. */
export function sized({ page_size }: Settings, list: List, size = page_size): Query {
  return list === 'detections' ? { page_size: size } : {};
}

/**
 * In rising order of ids, each page from the last one's id on: pages by number would shift. "next" says only whether there
 * is more: recorded links lead to http and to other hosts [soar].
 */
export async function* rising(http: Http, settings: Settings, list: List, query: Query) {
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

export const idOf = (each: unknown): string | undefined => keyed.safeParse(each).data?.id;

const marks = { detections: z.object({ created_timestamp: z.string() }), assignments: z.object({ date_assigned: z.string() }) };

const listed = z.object({ next: z.string().nullish(), results: z.array(z.unknown()) });

export async function ask(http: Http, { api_version }: Settings, list: List, query: Query) {
  const answer = await http.request({ path: `api/${api_version}/${list}`, query });
  const { next, results } = readAnswer(answer, listed, `GET ${list}`);
  if (results.length > 0 && !results.some((each) => marks[list].safeParse(each).success))
    throw new SourceError('unexpected', `GET ${list} gave records of another kind`);
  return { next, results, clock: clockOf(answer) };
}

export function open({ http, effects, settings }: Context): Http {
  if (settings.platform === 'qux') return http;
  const { client_id, client_secret, api_version } = settings;
  const path = `api/${api_version}/oauth2/token`;
  const headers = { Authorization: basicAuth(client_id, client_secret) };
  return openSession(http, effects, {
    request: () => ({ path, headers, form: { grant_type: 'client_credentials' } }),
    read: readOAuthToken,
  });
}
