import { hash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Effects } from './effects.ts';
import type { Ms } from './finding.ts';
import { type Http, openHttp, SourceError } from './http.ts';
import type { AnyVendor, CollectWindow, Page } from './vendors/vendor.ts';

export interface CollectRequest {
  vendor: AnyVendor;
  /** As the vendor's own schema parsed them. */
  settings: unknown;
  window: CollectWindow;
  effects: Effects;
  /** Given each page as it arrives, numbered from 1. What it throws is our own fault and is not caught. */
  take: (page: Page, number: number) => void | Promise<void>;
  /** Instead of the vendor's own connection. */
  http?: Http;
  /** Folder for redacted recordings. */
  record_to?: string;
  /** Folder that relative paths in the settings start from. */
  base_dir?: string;
  max_pages?: number;
}

/** How one collection went. A source that fails is a value here, never an exception. */
export interface Collection {
  /** complete: all there is; partial: what was taken is real but not all; failed: nothing was had. */
  status: 'complete' | 'partial' | 'failed';
  /** Why it is not complete. */
  reason: string | undefined;
  started_at: Ms;
  finished_at: Ms;
  /** What the source said would match, where it said so. */
  expected: number | undefined;
  /** Records that arrived, readable or not. */
  fetched: number;
  pages: number;
  requests: number;
  retries: number;
  bytes: number;
  /** From where the next `changed` collection may go on, in the source's clock; only after a complete one, where the source gives one. */
  watermark: Ms | undefined;
  /** From when on the source had anything to say, where that is later than asked. */
  since: Ms | undefined;
  /** What stopped it, for --debug. */
  error: unknown;
}

/** Opens the door a vendor names; one that names none gets a door that does not open. */
export async function openConnection(
  vendor: AnyVendor,
  settings: unknown,
  effects: Effects,
  options: Pick<CollectRequest, 'record_to' | 'base_dir'> = {},
): Promise<Http> {
  if (vendor.connection === undefined) return noNetwork(vendor.id);
  const { record_to, base_dir } = options;
  const connection = vendor.connection(settings);
  const ca = connection.ca_file === undefined || base_dir === undefined ? {} : { ca_file: resolve(base_dir, connection.ca_file) };
  return openHttp({ ...connection, ...ca, ...(record_to === undefined ? {} : { record_to }) }, effects);
}

/** Collects one source for one window, page by page. Never throws for the source's fault. */
export async function collectSource(request: CollectRequest): Promise<Collection> {
  const { vendor, settings, window, effects, take } = request;
  const started_at = effects.now();
  const tally = startTally(vendor, request.max_pages ?? 20_000);
  let http: Http | undefined;
  let error: unknown;
  try {
    http = request.http ?? (await openConnection(vendor, settings, effects, request));
    const base = request.base_dir === undefined ? {} : { base_dir: request.base_dir };
    const pages = vendor.pages({ http, settings, window, effects, ...base });
    for (let page = await next(pages, tally); page !== undefined; page = await next(pages, tally)) {
      effects.failpoint('fetch.after_page');
      try {
        await take(page, tally.pages);
      } catch (cause) {
        throw new TakeError(cause);
      }
      effects.failpoint('fetch.between_pages');
    }
  } catch (cause) {
    if (cause instanceof TakeError) throw cause.cause;
    error = cause;
  }
  const { requests, retries, bytes } = http?.stats ?? { requests: 0, retries: 0, bytes: 0 };
  return { ...conclude(tally, error), started_at, finished_at: effects.now(), requests, retries, bytes, error };
}

/** What the taker threw, so that it is not mistaken for the source's fault. */
class TakeError extends Error {
  constructor(cause: unknown) {
    super('the page could not be taken', { cause });
  }
}

interface Tally {
  pages: number;
  fetched: number;
  expected: number | undefined;
  watermark: Ms | undefined;
  since: Ms | undefined;
  incomplete: string[];
  count(page: Page): void;
}

/** The vendor's next page, counted and known not to be one of an endless row. */
async function next(pages: AsyncGenerator<Page, void, void>, tally: Tally): Promise<Page | undefined> {
  const step = await pages.next();
  if (step.done === true) return undefined;
  tally.count(step.value);
  return step.value;
}

function startTally(vendor: AnyVendor, maxPages: number): Tally {
  // A file may well hold the same rows twice; only a network source can serve one page for ever.
  const assertNew = vendor.connection === undefined ? () => {} : repetitionGuard(vendor.name);
  return {
    pages: 0,
    fetched: 0,
    expected: undefined,
    watermark: undefined,
    since: undefined,
    incomplete: [],
    count(page) {
      assertNew(page);
      if (this.pages >= maxPages)
        throw new SourceError('endless', `${vendor.name} gave more than ${maxPages} pages; ask for a shorter window`);
      this.pages++;
      this.fetched += page.records.length + (page.rejected?.length ?? 0);
      if (page.expected !== undefined) this.expected = page.expected;
      if (page.since !== undefined) this.since = page.since;
      if (page.incomplete !== undefined) this.incomplete.push(page.incomplete);
      if (page.watermark !== undefined) this.watermark = Math.max(page.watermark, this.watermark ?? page.watermark);
    },
  };
}

/** Refuses a page that begins, ends and counts as an earlier one, and a third empty page in a row. */
function repetitionGuard(name: string): (page: Page) => void {
  const seen = new Set<string>();
  let empty = 0;
  return (page) => {
    empty = page.records.length === 0 ? empty + 1 : 0;
    if (empty >= 3) throw new SourceError('endless', `${name} gave three empty pages in a row and still no end`);
    if (page.records.length === 0) return;
    const digest = hash('sha1', JSON.stringify([page.records.length, page.records[0], page.records.at(-1)]));
    if (seen.has(digest)) throw new SourceError('endless', `${name} gave the same page twice: its paging does not advance`);
    seen.add(digest);
  };
}

function conclude(
  tally: Tally,
  error: unknown,
): Pick<Collection, 'status' | 'reason' | 'expected' | 'fetched' | 'pages' | 'watermark' | 'since'> {
  const { pages, fetched, expected, since } = tally;
  const reasons = [...tally.incomplete];
  if (error !== undefined) reasons.unshift(error instanceof Error ? error.message : String(error));
  else if (expected !== undefined && fetched < expected) reasons.push(`the source said ${expected} records, its pages gave ${fetched}`);
  if (reasons.length === 0) return { status: 'complete', reason: undefined, expected, fetched, pages, since, watermark: tally.watermark };
  const status = error !== undefined && fetched === 0 ? 'failed' : 'partial';
  // Pages come in the order of ids, not of changes: what was missed may be older than anything seen, so no watermark.
  return { status, reason: [...new Set(reasons)].join('; '), expected, fetched, pages, since, watermark: undefined };
}

function noNetwork(vendor: string): Http {
  return {
    request: () => Promise.reject(new SourceError('unexpected', `the vendor "${vendor}" uses no network, yet asked for it`)),
    stats: { requests: 0, retries: 0, bytes: 0 },
  };
}
