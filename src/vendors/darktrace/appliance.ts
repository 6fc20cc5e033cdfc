import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { type Http, type HttpAnswer, type HttpRequest, SourceError } from '../../http.ts';
import { clockOf, readAnswer } from '../../products/index.ts';
import { Secret } from '../../secret.ts';
import { exactId } from '../vendor.ts';

// [soar]: github.com/splunk-soar-connectors/darktrace and [xsoar]: Packs/Darktrace in github.com/demisto/content, both
// written by Darktrace; [sdk]: github.com/LegendEvent/darktrace-sdk; [sekoia]: SEKOIA-IO/automation-library, recorded answers

/** Model breaches, and what AI Analyst made of them. */
export type List = 'breaches' | 'events';

interface Revealable {
  reveal(): string;
}

/** HMAC-SHA1 over path and query byte for byte as they are sent, the public token and the date [soar]. */
export function signature(target: string, now: Ms, open: Revealable, hidden: Revealable): Record<string, string | Revealable> {
  const date = new Date(now).toISOString().replace(/[-:]|\..*/g, '');
  const signed = createHmac('sha1', hidden.reveal()).update(`${target}\n${open.reveal()}\n${date}`).digest('hex');
  return { 'DTAPI-Token': open, 'DTAPI-Date': date, 'DTAPI-Signature': new Secret(signed, 'signature') };
}

const paths: Readonly<Record<List, string>> = { breaches: 'modelbreaches', events: 'aianalyst/incidentevents' };
/** By the time of the record, seconds later than the breach [sekoia]. What is acknowledged is left out unless asked for. */
const options: Readonly<Record<List, NonNullable<HttpRequest['query']>>> = {
  breaches: { creationtime: true, includeacknowledged: true, includebreachurl: true },
  events: { includeacknowledged: true },
};
/** Where there are none, an appliance may answer {} [soar]. */
const listed = z.union([z.array(z.unknown()), z.strictObject({}).transform(() => [])]);
const dated = {
  breaches: z.object({ creationTime: z.number() }).transform(({ creationTime }) => ({ start: creationTime, end: creationTime })),
  events: z
    .object({ createdAt: z.number(), periods: z.array(z.object({ start: z.number() })).nullish() })
    .transform(({ createdAt, periods }) => ({ start: Math.min(createdAt, ...(periods ?? []).map(({ start }) => start)), end: createdAt })),
};
/** An event is about a span of time, and nobody says how that is filtered: only what is nowhere near was not filtered at all. */
const slack: Readonly<Record<List, Ms>> = { breaches: 0, events: 7 * 24 * 3600 * 1000 };

export function createdOf(list: List, record: unknown): Ms | undefined {
  return dated[list].safeParse(record).data?.end;
}

/** All of one list between two instants. Parameters in the order of the alphabet, which one client says is demanded [sdk]. */
export async function ask(http: Http, list: List, from: Ms, to: Ms): Promise<{ records: unknown[]; clock: Ms | undefined }> {
  const where = `GET /${paths[list]}`;
  const query = Object.fromEntries(Object.entries({ ...options[list], starttime: from, endtime: to }).sort());
  const answer = await get(http, { path: paths[list], query }, where);
  const records = readAnswer(answer, listed, where);
  const spans = records.map((each) => dated[list].safeParse(each).data).filter((span) => span !== undefined);
  if (records.length > 0 && spans.length === 0) throw new SourceError('unexpected', `${where} gave records of another kind`);
  if (spans.some(({ start, end }) => start - slack[list] > to || end + slack[list] < from))
    throw new SourceError('endless', `${where} gave records from outside of the time asked for: its paging does not advance.`);
  return { records, clock: clockOf(answer) };
}

const commented = z.object({ pbid: exactId, commentCount: z.number().positive() });

/** Each breach with its comments, which a list only counts. One that is gone by now has none. */
export function withComments(http: Http, breaches: readonly unknown[]): Promise<unknown[]> {
  return Promise.all(
    breaches.map(async (breach) => {
      const { data } = commented.safeParse(breach);
      if (data === undefined) return { breach };
      const path = `modelbreaches/${data.pbid}/comments`;
      const answer = await get(http, { path, accept: [404] }, `GET /${path}`);
      return { breach, comments: answer.status === 404 ? [] : readAnswer(answer, listed, `GET /${path}`) };
    }),
  );
}

/** What this API says with a status of its own kind [xsoar]: 302 to its login or to "/403", 400 for signature and date. */
async function get(http: Http, request: HttpRequest, where: string): Promise<HttpAnswer> {
  const answer = await http.request({ ...request, accept: [...(request.accept ?? []), 302] }).catch((cause: unknown) => {
    if (!(cause instanceof SourceError) || cause.status !== 400) throw cause;
    const isDate = /DATE ERROR/i.test(cause.message);
    const next = isDate
      ? 'The clocks of this machine and of the appliance are too far apart: set both by NTP.'
      : 'Check public_token and private_token: they must be one pair of this appliance.';
    throw new SourceError('unauthorised', `${cause.message} ${next}`, { cause, status: 400 });
  });
  if (answer.status !== 302) return answer;
  const to = answer.headers.location ?? 'nowhere';
  if (to.endsWith('/403'))
    throw new SourceError(
      'forbidden',
      `${where} answered 302 to ${to}: the user of this API token may not read it. Give it the permissions that doctor lists.`,
      { status: 302 },
    );
  throw new SourceError('not-found', `${where} answered 302 to ${to}: this appliance has no such API. Check base_url and its version.`, {
    status: 302,
  });
}
