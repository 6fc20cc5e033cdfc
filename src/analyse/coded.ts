/** A text column as codes into distinct values; -1 is unknown. */
export interface Coded {
  codes: Int32Array;
  values: readonly string[];
}

/** The codes of some rows, in the order of `rows`. */
export function gather(column: Coded, rows: Int32Array): Coded {
  if (rows.length === column.codes.length) return column; // ascending and distinct, so these are all of them
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) codes[i] = column.codes[rows[i] ?? -1] ?? -1;
  return { codes, values: column.values };
}

export function gatherNumbers(numbers: Float64Array, rows: Int32Array): Float64Array {
  if (rows.length === numbers.length) return numbers; // as above
  const gathered = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) gathered[i] = numbers[rows[i] ?? -1] ?? Number.NaN;
  return gathered;
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
