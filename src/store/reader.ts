import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Table } from '@uwdata/flechette';
import { type Packed, readNumbers, readTexts, readUtf8, type StoredNumbers, type Texts, unknownIn, unpack } from './codec.ts';
import type { StoredText } from './content.ts';
import { startsOf } from './entities.ts';
import { once, oncePer } from '../once.ts';
import type { ColdColumn, StoredNumber } from './rows.ts';
import { coldRows, type Segment } from './segment.ts';
import { StoreError } from './types.ts';

/** Item lists with codes as they are stored: entry 0 of the values is ''. */
interface StoredLists extends Texts {
  counts: Int32Array;
}

/** The columns of one segment, unpacked when they are asked for. */
export interface SegmentReader {
  segment: Segment;
  text(name: StoredText): Texts | undefined;
  /** Absolute values, NaN for unknown; undefined where none is known. */
  number(name: 'key' | 'batch' | 'until_batch'): Float64Array | undefined;
  /** Whether anything of a column is known. */
  has(name: StoredNumber | StoredText): boolean;
  /** As they are stored: steps or differences, as `sumFrom` and `basesOf` say; `unknownIn` says what means unknown. Undefined where none is known. */
  stored(name: StoredNumber): StoredNumbers | undefined;
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
  const stored = (name: StoredNumber): StoredNumbers | undefined => {
    const found = column(name);
    return found === undefined || found === null ? undefined : readNumbers(found);
  };
  const entities = () => {
    const items = names.has('entities') ? load('entities', 0).getChild('entities') : undefined;
    if (items === undefined || items === null) return undefined;
    // Rows without any have the smallest integer, which stands for unknown.
    const known = stored('entity_count');
    const counts = known === undefined ? new Int32Array(segment.rows) : new Int32Array(known);
    for (let row = 0; row < counts.length; row++) if ((counts[row] ?? 0) < 0) counts[row] = 0;
    return { counts, ...readTexts(items) };
  };
  const indexed = once(() => {
    const lists = entities();
    return lists === undefined ? undefined : { ...lists, starts: startsOf(lists.counts) };
  });
  let cold: { from: number; texts: (name: ColdColumn) => string[] } | undefined;
  return {
    segment,
    text(name) {
      const found = column(name);
      return found === undefined || found === null ? undefined : readTexts(found);
    },
    number(name) {
      const found = stored(name);
      if (found === undefined) return undefined;
      return name === 'key' ? sums(found) : knownOf(found);
    },
    has: (name) => names.has(name) || (shared?.().getChild(name) ?? null) !== null,
    stored,
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

function sums(stored: StoredNumbers): Float64Array {
  const values = new Float64Array(stored);
  addUp(values, 0);
  return values;
}

/** Makes of steps the sums they lead to, and returns the last. */
export function addUp(steps: Float64Array, from: number): number {
  let sum = from;
  for (let i = 0; i < steps.length; i++) {
    sum += steps[i] ?? Number.NaN;
    steps[i] = sum;
  }
  return sum;
}

function knownOf(stored: StoredNumbers): Float64Array {
  if (stored instanceof Float64Array) return stored;
  const unknown = unknownIn(stored);
  const values = new Float64Array(stored);
  for (let i = 0; i < values.length; i++) if (values[i] === unknown) values[i] = Number.NaN;
  return values;
}
