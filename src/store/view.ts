import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../finding.ts';
import { type BatchTimes, batchTimes, listBatches } from './batches.ts';
import { instantColumns, isEntityColumn, type NumberColumn, numberColumns, type TextColumn } from './columns.ts';
import { storedTexts, urlFrom } from './content.ts';
import { entityOf, gatherEntities } from './entities.ts';
import { gatherTexts } from './gather.ts';
import { gatherNumbers, numbersOf } from './numbers.ts';
import { type Placed, visitPlaces } from './placed.ts';
import { once, oncePer } from '../once.ts';
import { readSegment, type SegmentReader } from './reader.ts';
import { type ItemLists, inOrder, type StoredNumber } from './rows.ts';
import { listSegments } from './segment.ts';
import { isNeeded, placeLatest } from './select.ts';
import { entityLists, entityTexts, shownOf } from './shown.ts';
import type { ColdRow, TextValues, View } from './types.ts';

/** The view of a snapshot: `db` must not see later commits. */
export function viewOf(db: DatabaseSync, asOf: Ms, since: Ms): View {
  const times = once(() => batchTimes(db));
  const segments = listSegments(db);
  const anyLate = segments.some((segment) => segment.late);
  const needed = segments.filter((segment) => isNeeded(segment, asOf, since, anyLate));
  const { rows, placed } = placeLatest(
    needed.map((segment) => readSegment(db, segment)),
    asOf,
    times,
  );
  const snapshot: Snapshot = {
    rows,
    placed,
    times,
    entities: once(() => {
      const lists = gatherEntities(rows, placed);
      return { lists, shown: shownOf(lists.values) };
    }),
    numbers: numbersOf(rows, placed),
    unknownCodes: once(() => new Int32Array(rows).fill(-1)),
  };
  const batches = once(() => listBatches(db, asOf));
  const lists = once(() => {
    const { lists, shown } = snapshot.entities();
    return entityLists(lists, shown.entities);
  });
  const texts = oncePer((name: TextColumn) => readText(snapshot, name));
  const numbers: (name: NumberColumn) => Float64Array = oncePer((name: NumberColumn) => readNumber(snapshot, name, numbers));
  return {
    as_of: asOf,
    rows,
    text: ((name: string) => (isText(name) ? texts(name) : undefined)) as View['text'], // overloads: known names have a column
    number: ((name: string) => (isNumber(name) ? numbers(name) : undefined)) as View['number'], // as above
    entityLists: lists,
    identities: (wanted) => identitiesOf(snapshot, wanted),
    find: finderOf(snapshot, db, numbers),
    cold: (wanted) => coldRowsOf(snapshot, wanted),
    get batches() {
      return batches();
    },
  };
}

interface Snapshot {
  rows: number;
  placed: readonly Placed[];
  times: () => BatchTimes;
  entities: () => { lists: ItemLists; shown: ReturnType<typeof shownOf> };
  numbers: ReturnType<typeof numbersOf>;
  /** Of every column of which nothing is known: not to be written to. */
  unknownCodes: () => Int32Array;
}

/** Ids are looked up in the index of the store: reading all of them for a few would unpack every segment's rest. */
function finderOf({ times }: Snapshot, db: DatabaseSync, number: (name: NumberColumn) => Float64Array): View['find'] {
  const statement = once(() => db.prepare('SELECT key FROM finding WHERE source_no = ? AND native_id = ?'));
  return (id) =>
    [...times().sources].flatMap(([no, source]) => {
      const key = statement().get(no, id)?.key;
      return key === undefined ? [] : [{ source, row: placeOf(number('key'), Number(key)) }];
    });
}

/** Where a key stands among the keys of a view, which rise; -1 where it does not. */
function placeOf(keys: Float64Array, key: number): number {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((keys[middle] ?? Number.NaN) < key) from = middle + 1;
    else to = middle;
  }
  return keys[from] === key ? from : -1;
}

function isText(name: string): name is TextColumn {
  return name === 'source' || isEntityColumn(name) || (storedTexts as readonly string[]).includes(name); // widened only to ask
}

function isNumber(name: string): name is NumberColumn {
  return [...numberColumns, ...instantColumns].includes(name as NumberColumn); // widened only to ask
}

function readText(snapshot: Snapshot, name: TextColumn): TextValues {
  if (name === 'source') return readSource(snapshot);
  const unknown = () => ({ codes: snapshot.unknownCodes(), values: [] });
  if (isEntityColumn(name)) {
    const { lists, shown } = snapshot.entities();
    return shown[name].codes.some((code) => code >= 0) ? entityTexts(lists, shown[name]) : unknown();
  }
  return snapshot.placed.some(({ reader }) => reader.has(name)) ? gatherTexts(snapshot.rows, snapshot.placed, name) : unknown();
}

function readSource(snapshot: Snapshot): TextValues {
  const { source, sources } = snapshot.times();
  const codes = new Int32Array(snapshot.rows);
  const [only] = sources.values();
  if (sources.size === 1 && only !== undefined) return { codes, values: codes.length === 0 ? [] : [only] };
  const batches = snapshot.numbers.column('batch');
  for (let row = 0; row < codes.length; row++) codes[row] = source[batches[row] ?? 0] ?? 0;
  const values = Array.from({ length: Math.max(0, ...sources.keys()) + 1 }, (_, no) => sources.get(no) ?? '');
  return inOrder(codes, values);
}

function readNumber(snapshot: Snapshot, name: NumberColumn, column: (name: NumberColumn) => Float64Array): Float64Array {
  switch (name) {
    case 'seen_at':
      return finishedOf(snapshot, 'batch');
    case 'first_seen_at':
      return finishedOf(snapshot, 'first_batch');
    case 'ack_before':
      return finishedOf(snapshot, 'ack_before_batch');
    case 'ack_after':
      return touchedAfter(snapshot, column('created_at'));
    default:
      return snapshot.numbers.column(name);
  }
}

// These loops ask by comparing and not by Number.isNaN, which would be called for each row.

/** When the batches of a column finished. */
function finishedOf(snapshot: Snapshot, name: StoredNumber): Float64Array {
  const batches = gatherBatches(snapshot, name);
  if (batches === undefined) return snapshot.numbers.unknown();
  const { finished } = snapshot.times();
  for (let row = 0; row < batches.length; row++) {
    const batch = batches[row] ?? Number.NaN;
    if (batch >= 0) batches[row] = finished[batch] ?? Number.NaN;
  }
  return batches;
}

/** A first touch comes after the creation and after the start of the last batch that would have told of it (0: none). */
function touchedAfter(snapshot: Snapshot, created: Float64Array): Float64Array {
  const batches = gatherBatches(snapshot, 'ack_after_batch');
  if (batches === undefined) return snapshot.numbers.unknown();
  const { started } = snapshot.times();
  for (let row = 0; row < batches.length; row++) {
    const batch = batches[row] ?? Number.NaN;
    if (!(batch >= 0)) continue;
    const creation = created[row] ?? Number.NaN;
    const touch = started[batch] ?? Number.NaN;
    batches[row] = batch === 0 || creation > touch ? creation : touch;
  }
  return batches;
}

function gatherBatches({ rows, placed }: Snapshot, name: StoredNumber): Float64Array | undefined {
  return placed.some(({ reader }) => reader.has(name)) ? gatherNumbers(rows, placed, name) : undefined;
}

function identitiesOf({ rows, placed }: Snapshot, wanted: ArrayLike<number>): ReturnType<View['identities']> {
  const asked = new Int32Array(rows).fill(-1);
  for (let i = 0; i < wanted.length; i++) asked[wanted[i] ?? -1] = i;
  const native_ids: string[] = new Array(wanted.length).fill('');
  const urls: (string | undefined)[] = new Array(wanted.length).fill(undefined);
  visitPlaces(placed, wanted, (place, reader, row) => {
    const position = asked[place] ?? -1;
    const id = reader.cold('native_id', row);
    native_ids[position] = id;
    urls[position] = urlFrom(reader.cold('url', row), id);
  });
  return { native_ids, urls };
}

function coldRowsOf({ placed }: Snapshot, wanted: ArrayLike<number>): ColdRow[] {
  const found = new Map<number, ColdRow>();
  visitPlaces(placed, wanted, (place, reader, row) => {
    if (!found.has(place)) found.set(place, coldRowOf(reader, row));
  });
  const rows: ColdRow[] = new Array(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const cold = found.get(wanted[i] ?? -1);
    if (cold !== undefined) rows[i] = cold;
  }
  return rows;
}

function coldRowOf(reader: SegmentReader, row: number): ColdRow {
  const native_id = reader.cold('native_id', row);
  return {
    native_id,
    get url() {
      return urlFrom(reader.cold('url', row), native_id);
    },
    // Mostly only the id is wanted; the entities of a whole segment are not unpacked for that.
    get extra() {
      const entities = reader.entitiesOf(row).map(entityOf);
      const rest = reader.cold('extra', row);
      if (rest === '' && entities.length === 0) return undefined;
      return JSON.stringify({ entities, ...(rest === '' ? { attacks: [] } : JSON.parse(rest)) });
    },
  };
}
