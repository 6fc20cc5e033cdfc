import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  batchType,
  Column,
  columnFromArray,
  dictionary,
  int8,
  int16,
  int32,
  type Table,
  tableFromColumns,
  tableFromIPC,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import type { TextValues } from './types.ts';

/** Distinct texts and, per row, which; entry 0 is '' and means unknown. */
export interface Texts {
  codes: Uint8Array | Int16Array | Int32Array | Int8Array;
  values: readonly string[];
}

/** Numbers as stored: integers as small as they fit, where the smallest integer of the type means unknown, or floats with NaN. */
export type StoredNumbers = Int8Array | Int16Array | Int32Array | Float64Array;

// biome-ignore lint/suspicious/noExplicitAny: Arrow columns differ in their value type; each reader knows its own.
type AnyColumn = Column<any>;

export type Columns = [string, AnyColumn][];

/** A compressed Arrow table and the size it unpacks to. */
export interface Packed {
  raw: number;
  data: Uint8Array;
}

/** Arrow IPC in one zstd frame with a checksum, so that a flipped bit is an error and no figure. */
export function pack(columns: Columns, level: number): Packed {
  const ipc = tableToIPC(tableFromColumns(columns), { format: 'stream' });
  if (ipc === null) throw new TypeError('an in-memory Arrow sink yields bytes');
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  return { raw: ipc.byteLength, data: zstdCompressSync(ipc, { params }) };
}

export function unpack({ raw, data }: Packed): Table {
  // One output chunk of the whole size spares the copying of many small ones.
  return tableFromIPC(zstdDecompressSync(data, { chunkSize: Math.max(64, raw + 1), maxOutputLength: raw + 64 }));
}

/** Arrow has no code for unknown but a bitmap; an empty first entry of the dictionary is smaller and quicker to read. */
export function textColumn({ codes, values }: TextValues): AnyColumn {
  const own = new Int32Array(codes.length);
  for (let row = 0; row < own.length; row++) own[row] = (codes[row] ?? -1) + 1;
  const [indices, indexType] =
    values.length < 0x7f ? [new Int8Array(own), int8()] : values.length < 0x7fff ? [new Int16Array(own), int16()] : [own, int32()];
  const distinct = utf8Column(['', ...values]);
  // The encoder finds a column's dictionary by the identity of its type.
  const type = dictionary(distinct.type, indexType);
  const batch = new (batchType(type))({ length: codes.length, nullCount: 0, type, validity: new Uint8Array(0), values: indices });
  return new Column([batch.setDictionary(distinct)], type);
}

export function utf8Column(values: readonly string[]): AnyColumn {
  const joined = values.join('');
  const bytes = Buffer.from(joined);
  // It only reads the array.
  if (bytes.length !== joined.length) return columnFromArray(values as string[], utf8());
  // Plain ASCII: one character is one byte, so all texts are encoded in one go.
  const offsets = new Int32Array(values.length + 1);
  for (let row = 0; row < values.length; row++) offsets[row + 1] = (offsets[row] ?? 0) + (values[row] ?? '').length;
  const type = utf8();
  const batch = new (batchType(type))({
    length: values.length,
    nullCount: 0,
    type,
    validity: new Uint8Array(0),
    offsets,
    values: new Uint8Array(bytes),
  });
  return new Column([batch], type);
}

/** The texts of a column that `utf8Column` made. */
export function readUtf8(column: AnyColumn): string[] {
  const [batch] = column.data;
  const { values, offsets } = batch as unknown as { values: Uint8Array; offsets: Int32Array }; // the package's own types hide them
  const [first = 0, last = 0] = [offsets[0], offsets[column.length]];
  const joined = Buffer.from(values.buffer, values.byteOffset + first, last - first).toString();
  if (joined.length !== last - first) return column.toArray() as string[]; // utf8 columns yield strings
  const texts: string[] = [];
  for (let row = 0; row < column.length; row++) texts.push(joined.slice((offsets[row] ?? 0) - first, (offsets[row + 1] ?? 0) - first));
  return texts;
}

export function numberColumn(values: Float64Array): AnyColumn {
  return columnFromArray(narrow(values));
}

/** The smallest integer array that holds all values (NaN as its smallest integer), or the floats as they are. */
function narrow(values: Float64Array): StoredNumbers {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value !== Math.trunc(value)) return values;
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  for (const [Type, bits] of [
    [Int8Array, 7],
    [Int16Array, 15],
    [Int32Array, 31],
  ] as const) {
    if (low > -(2 ** bits) && high < 2 ** bits) return fill(new Type(values.length), values, -(2 ** bits));
  }
  return values;
}

function fill<T extends StoredNumbers>(target: T, values: Float64Array, unknown: number): T {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    target[i] = Number.isNaN(value) ? unknown : value;
  }
  return target;
}

/** What stands for unknown among stored numbers; NaN equals nothing, so floats pass through. */
export function unknownIn(stored: StoredNumbers): number {
  if (stored instanceof Float64Array) return Number.NaN;
  return -(2 ** (8 * stored.BYTES_PER_ELEMENT - 1));
}

export function readTexts(column: AnyColumn): Texts {
  const [batch] = column.data;
  // An Arrow dictionary batch has both; the package's own types hide them behind the general batch.
  const { values, dictionary: distinct } = batch as unknown as { values: Texts['codes']; dictionary: Column<string> };
  return { codes: values, values: readUtf8(distinct) };
}

export function readNumbers(column: AnyColumn): StoredNumbers {
  return column.toArray() as StoredNumbers; // written by numberColumn
}
