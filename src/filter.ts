// CONTRACT ONLY - the implementer replaces this file, keeping these exports.

/**
 * One small form for "a set of findings": `all`/`any`/`not` over `field` + one of
 * equals | in | contains | matches | range | exists. Case-insensitive unless `case: true`.
 */
export type Filter = { all: Filter[] } | { any: Filter[] } | { not: Filter } | FieldTest;

export interface FieldTest {
  field: string;
  equals?: string | number | boolean;
  in?: (string | number)[];
  contains?: string;
  /** RE2 syntax, linear time. */
  matches?: string;
  range?: { from?: string | number; below?: string | number };
  exists?: boolean;
  case?: boolean;
}

/** What a filter runs on: columns of equal length. */
export interface FilterColumns {
  rows: number;
  /** A text column as codes into distinct values; -1 is unknown. List columns join their values with U+001F. */
  text(name: string): { codes: Int32Array; values: readonly string[] } | undefined;
  /** A number column; NaN is unknown. */
  number(name: string): Float64Array | undefined;
}
