import { type Client, loadConfig, readFilter } from '../config/index.ts';
import type { Ms } from '../finding.ts';
import { writeCsv } from '../render/index.ts';
import { openClientStore } from '../gather/index.ts';
import { type Answer, type Bucket, FieldError, tally } from '../run/index.ts';
import type { Batch } from '../store/index.ts';
import { visible } from '../words/index.ts';
import { UsageError } from './failure.ts';
import { clientOf, daysAsked, type Shell } from './shell.ts';

export interface QueryFlags {
  where?: string;
  by?: string;
  bucket?: string;
  from?: string;
  to?: string;
  format: string;
}

/** Counts, each with what it is made of. Exit code 1 when what was collected in that time is not complete. */
export async function query(shell: Shell, clientId: string, flags: QueryFlags): Promise<number> {
  if (!['text', 'json', 'csv'].includes(flags.format)) throw new UsageError(`unknown format ${flags.format}; there are: text, json, csv`);
  const bucket = flags.bucket === undefined ? undefined : bucketOf(flags.bucket);
  const config = await loadConfig(shell.config, shell.effects);
  const client = clientOf(config, clientId);
  const where = flags.where === undefined ? undefined : readFilter('--where', flags.where, client.timezone);
  const days = daysAsked(flags, client.timezone);
  const from = days?.start ?? Number.NEGATIVE_INFINITY;
  const below = days?.end ?? Number.POSITIVE_INFINITY;
  const store = openClientStore(config, client.id, { read_only: true });
  try {
    const view = store.view({ as_of: shell.effects.now() });
    const { timezone: zone } = client;
    const answer = asked(() => tally(view, { where, by: flags.by, bucket, from, below, zone, categories: config.categories }));
    const faults = faultsIn(view.batches, from, below);
    for (const line of form(flags, answer, client, faults)) shell.print(line);
    for (const fault of faults) shell.effects.log({ level: 'warn', event: 'incomplete', message: fault });
    return faults.length === 0 ? 0 : 1;
  } finally {
    store.close();
  }
}

function asked(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    throw error instanceof FieldError ? new UsageError(error.message) : error;
  }
}

const secondsIn = { s: 1, m: 60, h: 3600 } as const;

/** @throws UsageError for what is no width. A bucket of the clock starts anew at midnight, so it is no longer than a day. */
function bucketOf(text: string): Bucket {
  const found = /^([1-9]\d{0,4})([smhd])$/.exec(text);
  const count = Number(found?.[1]);
  const unit = found?.[2];
  if (unit === 'd') return { days: count };
  const seconds = count * secondsIn[unit as keyof typeof secondsIn]; // NaN where nothing was found
  if (!(seconds <= 24 * 3600)) throw new UsageError(`--bucket ${text} is no width; write 30s, 15m or 6h (a day at most), or days as 1d`);
  return { seconds };
}

/** Collections of that time that are not complete, unless a later one covers them. */
function faultsIn(batches: readonly Batch[], from: Ms, below: Ms): string[] {
  const open = batches.filter(
    (batch) =>
      batch.status !== 'complete' &&
      batch.window_from < below &&
      batch.window_to > from &&
      !batches.some(
        (later) =>
          later.id > batch.id &&
          later.source === batch.source &&
          later.status === 'complete' &&
          later.window_from <= batch.window_from &&
          later.window_to >= batch.window_to,
      ),
  );
  return open.map(({ source, status, reason }) => `${source} is ${status}, so these are lower bounds: ${reason}`);
}

/** With its offset: when the clocks go back, an hour comes twice. */
function clock(at: Ms, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return local.toString({ smallestUnit: at % 60_000 === 0 ? 'minute' : 'second', timeZoneName: 'never' });
}

function* form(flags: QueryFlags, { counts, n, of }: Answer, { timezone: zone }: Client, faults: readonly string[]): Generator<string> {
  const value = (found: string | null | undefined): string => (found === null ? '(unknown)' : visible(found ?? ''));
  if (flags.format === 'json') {
    const rows = counts.map(({ at, ...rest }) => ({ ...(at === undefined ? {} : { at: new Date(at).toISOString() }), ...rest }));
    yield JSON.stringify({ zone, n, of, incomplete: faults, counts: rows }, null, 1);
  } else if (flags.format === 'csv') {
    const columns = [
      ...(flags.bucket === undefined ? [] : [{ name: 'at', kind: 'instant' as const, value: (row: (typeof counts)[number]) => row.at }]),
      ...(flags.by === undefined ? [] : [{ name: flags.by, kind: 'text' as const, value: (row: (typeof counts)[number]) => row.value }]),
      { name: 'n', kind: 'number' as const, value: (row: (typeof counts)[number]) => row.n },
    ];
    for (const chunk of writeCsv(columns, counts, zone)) yield chunk.trimEnd();
  } else {
    const width = Math.max(1, ...counts.map((count) => String(count.n).length));
    if (flags.by !== undefined || flags.bucket !== undefined)
      for (const { at, value: found, n: count } of counts)
        yield [
          String(count).padStart(width),
          ...(at === undefined ? [] : [clock(at, zone)]),
          ...(found === undefined ? [] : [value(found)]),
        ].join('  ');
    yield `${n} of ${of} findings${flags.bucket === undefined ? '' : `, times in ${zone}; buckets without any are left out`}`;
  }
}
