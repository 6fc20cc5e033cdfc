import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { type Http, SourceError } from '../../http.ts';
import { clockOf } from '../../products/index.ts';
import type { CollectContext } from '../vendor.ts';

// [jobs]: https://help.splunk.com, REST API reference, search/v2/jobs and search/v2/jobs/{sid}/results
// [limits]: limits.conf, [restapi] maxresultrows = 50,000 rows an answer

export type Context = Omit<CollectContext<{ app: string; page_size: number }>, 'window'>;

export interface Search {
  /** Begins with "search " or "|". */
  spl: string;
  /** Epoch seconds or Splunk's relative times; _time in [earliest, latest). */
  earliest?: string;
  latest?: string;
  /** Epoch seconds; by when the event came to the index. */
  indexed_from?: number;
}

interface Rows {
  records: unknown[];
  expected: number;
  /** The search head's clock when the job was begun. */
  clock: Ms | undefined;
}

const message = z.object({ type: z.string().nullish(), text: z.string().nullish() });
const content = z.object({
  dispatchState: z.string(),
  isDone: z.boolean(),
  isFailed: z.boolean().nullish(),
  isFinalized: z.boolean().nullish(),
  resultCount: z.number(),
  messages: z.array(message).nullish(),
});
const job = z.object({ entry: z.array(z.object({ content })).min(1) });
const result = z.object({ results: z.array(z.unknown()).optional(), messages: z.array(message).optional() });

/** Half an hour of one search, asked for every second. */
const maxPolls = 1800;

/**
 * Runs one search to its end and gives its rows page by page. A finished job is a frozen list, so an offset shifts nothing.
 * Throws SourceError when the search failed, was stopped early, or said an error beside its rows.
 */
export async function* rowsOf(context: Context, search: Search): AsyncGenerator<Rows, void, void> {
  const { http, settings } = context;
  const jobs = `servicesNS/nobody/${settings.app}/search/v2/jobs`;
  const begun = await http.request({
    method: 'POST',
    path: jobs,
    idempotent: true, // A second job does no harm: it ends by itself.
    form: {
      ...{ search: search.spl, output_mode: 'json', exec_mode: 'normal' },
      ...{ earliest_time: search.earliest ?? '0', latest_time: search.latest ?? '+1d' },
      ...(search.indexed_from === undefined ? {} : { index_earliest: String(search.indexed_from) }),
    },
  });
  const started = z.object({ sid: z.string() }).safeParse(begun.json);
  if (!started.success)
    throw new SourceError('unexpected', `POST ${jobs} gave no sid: ${wordsOf(result.safeParse(begun.json).data?.messages)}`);
  const path = `${jobs}/${encodeURIComponent(started.data.sid)}`;
  try {
    const expected = await finished(context, path);
    const clock = clockOf(begun);
    let got = 0;
    do {
      const records = await resultsOf(http, path, got, settings.page_size);
      got += records.length;
      yield { records, expected, clock };
      if (records.length === 0) break;
    } while (got < expected);
  } finally {
    // Left behind, it would count against the account's quota for ten minutes.
    await http.request({ method: 'DELETE', path }).catch(() => {});
  }
}

/** The same for a search whose rows have to be there, all of them. Throws SourceError where they are not. */
export async function* everyRowOf(context: Context, search: Search): AsyncGenerator<Rows, void, void> {
  let got = 0;
  for await (const page of rowsOf(context, search)) {
    got += page.records.length;
    yield page;
    if (page.records.length === 0 && got < page.expected)
      throw new SourceError('truncated', `The search said ${page.expected} rows and gave ${got}`);
  }
}

/** All rows of a search that gives few. */
export async function allRows(context: Context, search: Search): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const { records } of everyRowOf(context, search)) rows.push(...records);
  return rows;
}

async function finished({ http, effects }: Context, path: string): Promise<number> {
  for (let polls = 0; polls < maxPolls; polls++) {
    const answer = await http.request({ path, query: { output_mode: 'json' } });
    const parsed = job.safeParse(answer.json);
    if (!parsed.success) throw new SourceError('unexpected', `GET ${path} gave no state of the search: ${parsed.error.issues[0]?.message}`);
    const [state] = parsed.data.entry.map((entry) => entry.content);
    if (state?.isFailed === true || state?.dispatchState === 'FAILED')
      throw new SourceError(
        'rejected',
        `The search failed: ${wordsOf(state.messages)} Check that Enterprise Security is installed in this app.`,
      );
    // Stopped by a quota or by hand: what it has is not all.
    if (state?.isDone === true && state.isFinalized === true)
      throw new SourceError(
        'server-error',
        `The search was ended early: ${wordsOf(state.messages)} Ask for a shorter window, or raise its quota.`,
      );
    if (state?.isDone === true) return state.resultCount;
    await effects.sleep(polls < 5 ? 200 : 1000);
  }
  throw new SourceError('timeout', `The search did not end within ${maxPolls / 60} minutes. Ask for a shorter window.`);
}

async function resultsOf(http: Http, path: string, offset: number, count: number): Promise<unknown[]> {
  const answer = await http.request({ path: `${path}/results`, query: { output_mode: 'json', offset, count } });
  const parsed = result.safeParse(answer.json);
  // 204, or only messages, is how no rows look.
  if (answer.json !== null && !parsed.success) throw new SourceError('unexpected', `GET ${path}/results gave no rows as documented`);
  const errors = parsed.data?.messages?.filter(({ type }) => type === 'ERROR' || type === 'FATAL') ?? [];
  if (errors.length > 0) throw new SourceError('server-error', `The search said: ${wordsOf(errors)}`);
  return parsed.data?.results ?? [];
}

function wordsOf(messages: readonly z.infer<typeof message>[] | null | undefined): string {
  return (messages ?? []).flatMap(({ text }) => text || []).join('; ') || 'it does not say why.';
}

/** A text within double quotes in SPL. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}
