/** What a filter runs on: columns of equal length. */
export interface FilterColumns {
  rows: number;
  /** A text column as codes into distinct values; -1 is unknown. List columns join their values with U+001F. */
  text(name: string): { codes: Int32Array; values: readonly string[] } | undefined;
  /** A number column; NaN is unknown. */
  number(name: string): Float64Array | undefined;
}

/** 1 for each row that belongs to the set, else 0. */
export type Mask = Uint8Array;
