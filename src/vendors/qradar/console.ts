import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { type HttpAnswer, type HttpRequest, SourceError } from '../../http.ts';
import { type CollectContext, type CollectWindow, exactId, listIn } from '../vendor.ts';
import { fields } from './offense.ts';

// Sources of the quirks in this folder:
// [filter] [paging] [sort] [errors]: pages of https://ibmsecuritydocs.github.io/qradar_api_overview/
// [offenses]: GET /siem/offenses and its neighbours in https://ibmsecuritydocs.github.io/qradar_api_20.0/
// [demisto]: the QRadar connector and its recorded answers in github.com/demisto/content

export type Context = Omit<CollectContext<{ version: string; page_size: number }>, 'window'>;

/** One GET. Without a Version header the console's newest version answers, and an upgrade would change what we read (overview page). */
export async function get(
  { http, settings }: Context,
  path: string,
  query: NonNullable<HttpRequest['query']>,
  options: { range?: string; accept?: number[] } = {},
): Promise<HttpAnswer> {
  const range = options.range === undefined ? {} : { Range: options.range };
  return http.request({ path, query, headers: { Version: settings.version, ...range }, accept: options.accept ?? [] });
}

/** Where a collection begins: whether this console keeps dates of change, and its latest one, in its own clock. */
export async function startOf(context: Context): Promise<{ dated: boolean; watermark: Ms | undefined }> {
  const query = { fields: 'id,last_persisted_time', sort: '-last_persisted_time' };
  const answer = await get(context, 'siem/offenses', query, { range: 'items=0-0', accept: [416, 422] });
  if (answer.headers.deprecated !== undefined) {
    context.effects.log({
      level: 'warn',
      event: 'deprecated',
      message: `QRadar API ${context.settings.version} is deprecated: ${answer.headers.deprecated}`,
    });
  }
  const [newest] =
    answer.status === 200 ? listIn(answer, z.object({ last_persisted_time: z.number().nullish() }), 'GET siem/offenses') : [];
  const date = Date.parse(answer.headers.date ?? '');
  const clock = Number.isNaN(date) ? undefined : date;
  if (answer.status !== 422 && newest === undefined) return { dated: true, watermark: undefined };
  // Older consoles keep no such date (demisto's recorded offenses have none): go by the clock of the answer.
  if (typeof newest?.last_persisted_time !== 'number') return { dated: false, watermark: clock };
  // One date in the far future, from a clock that was set wrong for an hour, would end all collecting.
  return { dated: true, watermark: Math.min(newest.last_persisted_time, clock ?? newest.last_persisted_time) };
}

/**
 * last_persisted_time moves when a field changes, last_updated_time only when an event comes [offenses]. No upper bound for changes:
 * what changes while we read must not slip out. Closes are asked for apart, since one filter alone lost some (demisto/content#29230).
 * A console without these dates is asked for all that is open or hidden, and for what was closed. Only equality is safe for status.
 */
export function filtersFor({ mode, from, to }: CollectWindow, dated: boolean): Asked[] {
  const closed = `status = CLOSED and close_time >= ${from}`;
  // Nearly all of these were changed since, too, and have been given: names and dates tell which were not.
  if (mode === 'changed' && dated) return [{ filter: `last_persisted_time >= ${from}` }, { filter: closed, glance: true }];
  if (mode === 'changed') return ['status = OPEN', 'status = HIDDEN', closed].map((filter) => ({ filter }));
  const created = dated ? 'first_persisted_time' : 'start_time';
  return [{ filter: `${created} >= ${from} and ${created} < ${to}` }];
}

/** What to ask for; at a glance only what tells whether a record is known already. */
interface Asked {
  filter: string;
  glance?: true;
}

/** A record as it came, and what paging needs to know of it. */
interface Entry {
  record: unknown;
  id?: string;
  closed?: unknown;
}
const identified = z.object({ id: exactId, close_time: z.unknown().optional() });

/**
 * Every offense that matches, by rising id. Never by offset: an offset shifts when an offense goes, and loses one (measured: 197 of 200 runs).
 * `added` is by how much the console's own count of the whole changes with this page; NaN where it gives none.
 */
export async function* keyset(context: Context, { filter, glance }: Asked): AsyncGenerator<{ entries: Entry[]; added: number }> {
  const { page_size: size } = context.settings;
  let expected: number | undefined;
  let fetched = 0;
  let last: bigint | undefined;
  for (let more = true; more; ) {
    const { entries, matching } = await offenses(
      context,
      last === undefined ? filter : `${filter} and id > ${last}`,
      glance === true ? 'id,close_time' : fields,
      // A record of two fields is a tenth as long as the shortest whole one.
      glance === true ? size * 10 : size,
    );
    more = entries.length > 0 && !(matching <= entries.length);
    if (more) last = highest(entries, last);
    yield { entries, added: expected === undefined ? matching : 0 };
    expected ??= matching;
    fetched += entries.length;
  }
  if (expected === undefined || !(fetched < expected)) return;
  // Offenses that were purged while we read would explain it: ask how many there are now.
  const { matching } = await offenses(context, filter, 'id', 1);
  yield { entries: [], added: matching - expected };
}

/** The whole records of entries seen at a glance; one without an id is left as it is, to be counted as unreadable. One that is gone has none. */
export async function wholeOf(context: Context, glanced: readonly Entry[]): Promise<unknown[]> {
  const records = glanced.filter(({ id }) => id === undefined).map(({ record }) => record);
  const ids = glanced.flatMap(({ id }) => id ?? []);
  for (let from = 0; from < ids.length; from += context.settings.page_size) {
    const some = ids.slice(from, from + context.settings.page_size);
    const { entries } = await offenses(context, `id in (${some.join(',')})`, fields, some.length);
    records.push(...entries.map(({ record }) => record));
  }
  return records;
}

/** The first `size` offenses that match, and how many match in all, as in "Content-Range: items 0-49/493"; 416 or "items *\/3" is none [paging]. */
async function offenses(context: Context, filter: string, fields: string, size: number): Promise<{ entries: Entry[]; matching: number }> {
  const answer = await get(context, 'siem/offenses', { filter, fields, sort: '+id' }, { range: `items=0-${size - 1}`, accept: [416] });
  const records = answer.status === 416 ? [] : listIn(answer, z.unknown(), 'GET siem/offenses');
  const entries = records.map((record) => {
    const known = identified.safeParse(record).data;
    return known === undefined ? { record } : { record, id: known.id, closed: known.close_time };
  });
  const [, matching] = /\/(\d+)\s*$/.exec(answer.headers['content-range'] ?? '') ?? [];
  return { entries, matching: Number(matching ?? Number.NaN) };
}

/** The id to go on from. A server that lets `>` mean `>=` repeats one record; one that goes back would go round for ever. */
function highest(entries: readonly Entry[], before: bigint | undefined): bigint | undefined {
  let last = before;
  for (const { id } of entries) {
    if (id === undefined) continue;
    if (last !== undefined && BigInt(id) < last)
      throw new SourceError('endless', `GET siem/offenses: id ${id} came after ${last}; the console does not keep to filter or sort`);
    last = BigInt(id);
  }
  if (last === before)
    throw new SourceError('endless', `GET siem/offenses: the page after id ${before} does not advance, yet more is announced`);
  return last;
}
