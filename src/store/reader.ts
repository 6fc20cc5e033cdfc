import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Table } from '@uwdata/flechette';
import { type Packed, readNumbers, readTexts, readUtf8, type StoredNumbers, type Texts, unknownIn, unpack } from './codec.ts';
import type { StoredText } from './content.ts';
import { startsOf } from './entities.ts';
import { once, oncePer } from '../once.ts';
import { basesOf, type ColdColumn, isStamp, type StoredNumber } from './rows.ts';
import { coldRows, type Segment } from './segment.ts';
import { StoreError } from './types.ts';

/** Item lists with codes as they are stored: entry 0 of the values is ''. */
interface StoredLists extends Texts {
  counts: Int32Array;
}

/** Numbers with a value of their own for unknown, relative to `bases`; without bases they are absolute. */
interface Differences {
  stored: StoredNumbers;
  bases: Float64Array | undefined;
}

/** The columns of one segment, unpacked when they are asked for. */
export interface SegmentReader {
  segment: Segment;
  text(name: StoredText): Texts | undefined;
  /** Absolute values, NaN for unknown; undefined where none is known. */
  number(name: StoredNumber): Float64Array | undefined;
  /** Whether anything of a column is known. */
  has(name: StoredNumber | StoredText): boolean;
  /** The same as stored: what to add `bases` to, where there are any; undefined where none is known. */
  differences(name: StoredNumber): Differences | undefined;
  entities(): StoredLists | undefined;
  /** The entities of one row, as items. */
  entitiesOf(row: number): string[];
  cold(name: ColdColumn, row: number): string;
}

/** Reads a segment through `db`, which must keep seeing it: a snapshot, or the only writer. */
export function readSegment(db: DatabaseSync, segment: Segment): SegmentReader {
  const load = loader(db, segment);
  const names = partNames(db, segment.id);
  const shared = names.has('hot') ? once(() => load('hot', 0)) : undefined;
  const column = (name: string) => {
    const table = shared?.() ?? (names.has(name) ? load(name, 0) : undefined);
    return table?.getChild(name);
  };
  const numbers = (name: StoredNumber) => {
    const found = column(name);
    return found === undefined || found === null ? undefined : readNumbers(found);
  };
  const created = once(() => sums(numbers('created_at') ?? new Float64Array(segment.rows), segment.created_min));
  const entities = () => {
    const items = names.has('entities') ? load('entities', 0).getChild('entities') : undefined;
    if (items === undefined || items === null) return undefined;
    // Rows without any have the smallest integer, which stands for unknown.
    const stored = numbers('entity_count');
    const counts = stored === undefined ? new Int32Array(segment.rows) : new Int32Array(stored);
    for (let row = 0; row < counts.length; row++) if ((counts[row] ?? 0) < 0) counts[row] = 0;
    return { counts, ...readTexts(items) };
  };
  const indexed = once(() => {
    const lists = entities();
    return lists === undefined ? undefined : { ...lists, starts: startsOf(lists.counts) };
  });
  const differences = (name: StoredNumber): Differences | undefined => {
    if (name === 'created_at') return { stored: created(), bases: undefined };
    const stored = numbers(name);
    if (stored === undefined) return undefined;
    if (name === 'key') return { stored: sums(stored, 0), bases: undefined };
    return { stored, bases: isStamp(name) ? basesOf(name, created(), () => number('closed_at')) : undefined };
  };
  const number = (name: StoredNumber): Float64Array | undefined => {
    const found = differences(name);
    return found && absolute(found);
  };
  let cold: { from: number; texts: (name: ColdColumn) => string[] } | undefined;
  return {
    segment,
    text(name) {
      const found = column(name);
      return found === undefined || found === null ? undefined : readTexts(found);
    },
    number,
    has: (name) => names.has(name) || (shared?.().getChild(name) ?? null) !== null,
    differences,
    entities,
    entitiesOf(row) {
      const { codes = [], values = [], starts } = indexed() ?? {};
      return Array.from(codes.slice(starts?.[row], starts?.[row + 1]), (code) => values[code] ?? '');
    },
    cold(name, row) {
      const from = row - (row % coldRows);
      if (cold?.from !== from) {
        const table = load('cold', from);
        cold = { from, texts: oncePer((wanted: ColdColumn) => readUtf8(table.getChild(wanted))) };
      }
      return cold.texts(name)[row - from] ?? '';
    },
  };
}

function loader(db: DatabaseSync, segment: Segment): (name: string, row: number) => Table {
  let statement: StatementSync | undefined;
  return (name, row) => {
    statement ??= db.prepare('SELECT raw, data FROM part WHERE segment = ? AND name = ? AND row = ?');
    const part = statement.get(segment.id, name, row) as Packed | undefined; // typed by the STRICT table
    try {
      if (part === undefined) throw new Error('the part is missing');
      return unpack(part);
    } catch (cause) {
      throw new StoreError(`${segmentName(segment)}, ${name} is damaged; run doctor and restore the store from a backup`, { cause });
    }
  };
}

function partNames(db: DatabaseSync, segment: number): Set<string> {
  const rows = db.prepare('SELECT DISTINCT name FROM part WHERE segment = ?').all(segment);
  return new Set(rows.map((row) => String(row.name)));
}

/** A segment as people are told about it. */
export function segmentName(segment: Segment): string {
  return `segment ${segment.id} (${segment.kind}${segment.bucket === '' ? '' : ` ${segment.bucket}`}, ${segment.rows} observations)`;
}

// Numbers are first copied to floats, so that the loops below meet one type of array.

function sums(stored: StoredNumbers, base: number): Float64Array {
  const values = new Float64Array(stored);
  let sum = base;
  for (let i = 0; i < values.length; i++) {
    sum += values[i] ?? Number.NaN;
    values[i] = sum;
  }
  return values;
}

function absolute({ stored, bases }: Differences): Float64Array {
  if (stored instanceof Float64Array && bases === undefined) return stored;
  const unknown = unknownIn(stored);
  const values = new Float64Array(stored);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (value === unknown) values[i] = Number.NaN;
    else if (bases !== undefined) values[i] = value + (bases[i] ?? Number.NaN);
  }
  return values;
}
