/** A text column as codes into distinct values; -1 is unknown. */
export interface Coded {
  codes: Int32Array;
  values: readonly string[];
}

/** The codes of some rows, which ascend: not to be written to, because rows without a gap share the column itself. */
export function gather(column: Coded, rows: Int32Array): Coded {
  if (isStretch(rows)) return { codes: stretchOf(column.codes, rows), values: column.values };
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) codes[i] = column.codes[rows[i] ?? -1] ?? -1;
  return { codes, values: column.values };
}

/** As above. */
export function gatherNumbers(numbers: Float64Array, rows: Int32Array): Float64Array {
  if (isStretch(rows)) return stretchOf(numbers, rows);
  const gathered = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) gathered[i] = numbers[rows[i] ?? -1] ?? Number.NaN;
  return gathered;
}

/** Whether ascending rows leave none out: products number what they find in order, so those of a period mostly do not. */
function isStretch(rows: Int32Array): boolean {
  const [first = 0, last = -1] = [rows[0], rows.at(-1)];
  return last - first === rows.length - 1;
}

function stretchOf<Column extends Int32Array | Float64Array>(column: Column, rows: Int32Array): Column {
  const first = rows[0] ?? 0;
  return column.subarray(first, first + rows.length) as Column; // the same kind of array
}

/** Renames values; those that get the same name become one, those that get none become unknown. Runs over distinct values only. */
export function rename(column: Coded, name: (value: string) => string | undefined): Coded {
  const index = new Map<string, number>();
  const mapped = Int32Array.from(column.values, (value) => {
    const renamed = name(value);
    if (renamed === undefined) return -1;
    const known = index.get(renamed) ?? index.size;
    index.set(renamed, known);
    return known;
  });
  return { codes: mapCodes(column.codes, mapped), values: [...index.keys()] };
}

/** What each code is mapped to; the unknown stays unknown. */
export function mapCodes(codes: Int32Array, mapped: Int32Array): Int32Array {
  if (mapped.every((to, code) => to === code)) return codes;
  const renamed = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row += 1) renamed[row] = mapped[codes[row] ?? -1] ?? -1;
  return renamed;
}
