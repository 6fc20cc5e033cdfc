// CONTRACT ONLY - the implementer replaces this file.
export interface Facts {
  rows: number;
}
