import { z } from 'zod';
import type { Ms, Rejection } from '../finding.ts';
import { SourceError } from '../http.ts';
import {
  type FileRecord,
  fileRecord,
  findingOf,
  gatherVersions,
  isBroken,
  mapping,
  mappingProblem,
  type RecordFiles,
  readRows,
  rejection,
  rowReader,
  type Versions,
} from '../records/index.ts';
import { type Answer, answers, type CollectWindow, defineVendor, type Page, questions } from './vendor.ts';

const pageSize = 5000;
const checkedRows = 100;

const settings = mapping
  .extend({
    /** A file, or a pattern with * and ? within one folder, relative to the configuration. */
    path: z.string().min(1),
    format: z.enum(['csv', 'json', 'jsonl']).optional(),
    delimiter: z
      .string()
      .regex(/^[\t !#-~]$/, 'one ASCII character, no quote')
      .optional(),
    /** The columns of a CSV file without a header line; what is beyond the last belongs to it. */
    header: z.array(z.string().min(1)).min(1).optional(),
    /** The only encoding; a byte order mark is taken off. */
    encoding: z.literal('utf-8').default('utf-8'),
    /** Where a JSON file has its array: "/data/items" or "data.items". */
    records: z.string().default(''),
    /** What all files together may unpack to. */
    max_bytes: z
      .int()
      .positive()
      .default(2 ** 30),
  })
  .superRefine((declared, issues) => {
    const problem = mappingProblem(declared);
    if (problem !== undefined) issues.addIssue({ code: 'custom', message: problem });
  });
type Settings = z.infer<typeof settings>;

const ifMapped: { answer: Answer; note: string } = { answer: 'field', note: 'if the column is mapped' };

export default defineVendor<Settings, FileRecord>({
  id: 'file',
  name: 'File export',
  family: 'file',
  permissions: ['read access to the file, or to the folder its pattern names'],
  settings,
  capability: {
    ...answers(ifMapped, ...questions),
    acknowledged_at: { answer: 'field', note: 'if the column is mapped, or by acknowledged_when from earlier versions in the file' },
    reopened: { answer: 'event', note: 'if updated_at and status are mapped and the file keeps earlier versions' },
    attacks: { answer: 'no', note: 'no column is read for it' },
  },
  raw: fileRecord,

  async check({ settings, effects, base_dir }) {
    const reader = rowReader(settings);
    const rejected: Rejection[] = [];
    let rows = 0;
    for await (const row of readRows(filesOf(settings, base_dir), reader.wanted, effects, fail)) {
      const read = isBroken(row) ? { rejection: rejection(row, row.reason) } : reader.read(row);
      if (read === undefined) continue;
      if ('rejection' in read) rejected.push(read.rejection);
      if (++rows === checkedRows) break;
    }
    const [first] = rejected;
    if (first === undefined) return `${settings.path}: the first ${rows} rows can be read`;
    const example = `the first: ${first.place}: ${first.reason}`;
    if (rejected.length === rows)
      throw new SourceError('rejected', `none of the first ${rows} rows of ${settings.path} can be read; ${example}`);
    return `${settings.path}: ${rejected.length} of the first ${rows} rows cannot be read; ${example}`;
  },

  async *pages({ settings, window, effects, base_dir }) {
    const reader = rowReader(settings);
    const versions = gatherVersions(settings.versions);
    const failures: SourceError[] = [];
    let rejected: Rejection[] = [];
    let rows = 0;
    for await (const row of readRows(filesOf(settings, base_dir), reader.wanted, effects, (error) => failures.push(error))) {
      rows++;
      const read = isBroken(row) ? { rejection: rejection(row, row.reason), created_at: undefined } : reader.read(row);
      if (read === undefined) continue;
      if (!('rejection' in read)) versions.add(read);
      else if (read.created_at === undefined || isDue(window, read.created_at, Number.POSITIVE_INFINITY)) rejected.push(read.rejection);
      if (rejected.length < pageSize) continue;
      yield { records: [], rejected };
      rejected = [];
    }
    const [failure] = failures;
    if (rows === 0 && failure !== undefined) throw failure;
    const incomplete = failures.map(({ message }) => message).join('; ');
    if (rejected.length > 0 || incomplete !== '') yield { records: [], rejected, ...(incomplete === '' ? {} : { incomplete }) };
    yield* recordPages(versions, window, failures.length === 0);
  },

  normalise: (raw, { settings }) => findingOf(raw, settings),
});

function fail(error: SourceError): never {
  throw error;
}

function filesOf({ path, format, delimiter, header, records, max_bytes }: Settings, base: string | undefined): RecordFiles {
  return { path, base, format, delimiter, header, records, max_bytes };
}

/** Both edges belong to it: `changed` is as of now and has no end. */
function isDue({ mode, from, to }: CollectWindow, createdAt: Ms, changedAt: Ms): boolean {
  return mode === 'created' ? createdAt >= from && createdAt < to : changedAt >= from;
}

function* recordPages(versions: Versions, window: CollectWindow, complete: boolean): Generator<Page, void, void> {
  const due = (createdAt: Ms, changedAt: Ms) => isDue(window, createdAt, changedAt);
  const expected = complete ? { expected: versions.count(due) } : {};
  let page = emptyPage();
  for (const { record, place, changed_at } of versions.take(due)) {
    page.records.push(record);
    page.places.push(place);
    page.watermark = Math.max(page.watermark, changed_at);
    if (page.records.length < pageSize) continue;
    yield { ...page, ...expected };
    page = emptyPage();
  }
  if (page.records.length > 0) yield { ...page, ...expected };
  else if (complete && expected.expected === 0) yield { records: [], expected: 0 };
}

function emptyPage(): { records: FileRecord[]; places: string[]; watermark: Ms } {
  return { records: [], places: [], watermark: Number.NEGATIVE_INFINITY };
}
