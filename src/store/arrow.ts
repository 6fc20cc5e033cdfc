/**
 * Reads the Arrow tables that `pack` writes, and no others: whole numbers, floats, texts and dictionaries of texts, in one batch
 * and without bitmaps. A general reader decodes every text of a dictionary one by one before it is asked for any, and of a report
 * that reads some hundred small tables its way through their headers is a tenth of all reading.
 * https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */

/** Numbers, codes into a dictionary, or of texts where each starts in `utf8` and where the last ends. */
export interface ArrowColumn {
  rows: number;
  values: Int8Array | Int16Array | Int32Array | Float64Array;
  utf8: Uint8Array | undefined;
  dictionary: ArrowColumn | undefined;
}

type Kind = 'utf8' | 'float' | 8 | 16 | 32;

interface Field {
  name: string;
  kind: Kind;
  /** The id of its dictionary, whose texts the numbers stand for. */
  dictionary: number | undefined;
}

// Of the format's tables: MessageHeader, Type.
const [schemaMessage, dictionaryMessage, batchMessage] = [1, 2, 3];
const [intType, floatType, utf8Type] = [2, 3, 5];

/** @throws RangeError or TypeError for what `pack` did not write. */
export function readArrow(bytes: Uint8Array): ReadonlyMap<string, ArrowColumn> {
  const flat = flatbuffers(bytes);
  const dictionaries = new Map<number, ArrowColumn>();
  let columns = new Map<string, ArrowColumn>();
  let fields: Field[] = [];
  let at = 0;
  // -1 begins each message; the last one is empty.
  for (let length = flat.int(at + 4); length > 0; length = flat.int(at + 4)) {
    const message = flat.table(at + 8);
    const header = flat.table(flat.at(message, 2));
    const body = at + 8 + length;
    const type = flat.byte(flat.at(message, 1));
    if (type === schemaMessage) fields = flat.vector(flat.at(header, 1), 4).map((place) => fieldOf(flat, flat.table(place)));
    else if (type === dictionaryMessage) {
      const id = flat.long(flat.at(header, 0));
      const [texts] = columnsOf(flat, flat.table(flat.at(header, 1)), ['utf8'], body);
      if (texts !== undefined) dictionaries.set(id, texts);
    } else if (type === batchMessage) {
      const kinds = fields.map(({ kind }) => kind);
      const found = columnsOf(flat, header, kinds, body);
      columns = new Map(
        fields.flatMap(({ name, dictionary }, i) => {
          const column = found[i];
          return column === undefined ? [] : [[name, { ...column, dictionary: dictionaries.get(dictionary ?? -1) }]];
        }),
      );
    } else throw new TypeError(`a message of type ${type} in an Arrow table`);
    at = body + flat.long(flat.at(message, 3));
  }
  return columns;
}

function fieldOf(flat: Flat, field: number): Field {
  const encoding = flat.at(field, 4);
  const name = flat.text(flat.at(field, 0));
  if (encoding === 0) return { name, kind: kindOf(flat, flat.byte(flat.at(field, 2)), flat.at(field, 3)), dictionary: undefined };
  const table = flat.table(encoding);
  const id = flat.at(table, 0);
  return { name, kind: kindOf(flat, intType, flat.at(table, 1)), dictionary: id === 0 ? 0 : flat.long(id) };
}

function kindOf(flat: Flat, type: number, place: number): Kind {
  if (type === utf8Type) return 'utf8';
  if (type === floatType) return 'float';
  const bits = type === intType ? flat.int(flat.at(flat.table(place), 0)) : 0;
  if (bits === 8 || bits === 16 || bits === 32) return bits;
  throw new TypeError(`a column of type ${type} with ${bits} bits in an Arrow table`);
}

/** The columns of a batch. Each has a bitmap, which is empty, then its values, and texts their bytes. */
function columnsOf(flat: Flat, batch: number, kinds: readonly Kind[], body: number): ArrowColumn[] {
  const rows = kinds.length === 0 ? [] : flat.vector(flat.at(batch, 1), 16).map((place) => flat.long(place));
  const buffers = flat.vector(flat.at(batch, 2), 16);
  let next = 0;
  const take = (): [from: number, length: number] => {
    const place = buffers[next++] ?? 0;
    return [body + flat.long(place), flat.long(place + 8)];
  };
  return kinds.map((kind, i): ArrowColumn => {
    const own = rows[i] ?? 0;
    if (take()[1] > 0) throw new TypeError('a column with a bitmap in an Arrow table');
    const [from] = take();
    const values = flat.numbers(kind, from, kind === 'utf8' ? own + 1 : own);
    return { rows: own, values, utf8: kind === 'utf8' ? flat.bytes(...take()) : undefined, dictionary: undefined };
  });
}

type Flat = ReturnType<typeof flatbuffers>;

/** What the format's headers are made of. https://flatbuffers.dev/internals/ */
function flatbuffers(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const int = (at: number): number => view.getInt32(at, true);
  const from = (at: number): number => bytes.byteOffset + at;
  return {
    int,
    byte: (at: number): number => view.getUint8(at),
    // Sizes and places within one table are below 2^31.
    long: (at: number): number => (at === 0 ? 0 : int(at)),
    table: (at: number): number => at + int(at),
    /** Where the field of a table stands; 0: it is not there. */
    at(table: number, field: number): number {
      const fields = table - int(table);
      const place = 4 + 2 * field;
      const away = place < view.getInt16(fields, true) ? view.getInt16(fields + place, true) : 0;
      return away === 0 ? 0 : table + away;
    },
    /** Where the items of a vector stand, which are `size` bytes each. */
    vector(at: number, size: number): number[] {
      if (at === 0) return [];
      const start = at + int(at);
      return Array.from({ length: int(start) }, (_, i) => start + 4 + i * size);
    },
    text(at: number): string {
      const start = at + int(at);
      return Buffer.from(bytes.buffer, from(start + 4), int(start)).toString();
    },
    bytes: (start: number, length: number): Uint8Array => bytes.subarray(start, start + length),
    numbers(kind: Kind, start: number, length: number): ArrowColumn['values'] {
      const place = from(start);
      if (kind === 'float') return new Float64Array(bytes.buffer, place, length);
      if (kind === 8) return new Int8Array(bytes.buffer, place, length);
      return kind === 16 ? new Int16Array(bytes.buffer, place, length) : new Int32Array(bytes.buffer, place, length);
    },
  };
}
