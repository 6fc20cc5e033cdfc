import { message, type Phrase, phrase } from '../words/index.ts';
import type { View } from '../store/index.ts';
import { type Lifecycle, states } from './lifecycle.ts';
import { at } from './stats/at.ts';
import type { Coded } from './table.ts';

/** Left out of every figure. The place in this list, plus one, is the code of the reason. */
export const exclusionReasons = [
  message('no creation time'),
  message('created after the data cut'),
  message('test or exercise'),
  message('merged into another finding'),
  message('deleted in the product'),
  message('of a source that is not the record for its kind'),
  // From here on nothing is lost: they are counted elsewhere, and so are not listed as left out.
  message('part of a case'),
  message('stands for an alert of another source'),
  message('a case'),
] as const;

/** The code of a reason. */
export function codeOf(reason: (typeof exclusionReasons)[number]): number {
  return exclusionReasons.indexOf(reason) + 1;
}

/** Whether what has this code is in no figure at all. */
export function isLost(code: number): boolean {
  return code !== none && code < codeOf('part of a case');
}

/** Counted, but left out where the stamp would be needed. */
export const flawReasons = [
  message('closed before it was created (out of durations)'),
  message('closed after the data cut (taken as open)'),
  message('ended without a closing time (out of closings and backlog)'),
  message('status nobody knows (out of the backlog)'),
] as const;

const none = 0;

/** Per row 0, or the 1-based place in `exclusionReasons`; the first reason that applies counts. */
export function exclusionsOf(view: View, created: Float64Array, verdict: Coded, asOf: number): Uint8Array {
  const test = verdict.values.indexOf('test');
  const merged = view.text('merged_into').codes;
  const status = view.text('status');
  const deleted = status.values.indexOf('deleted');
  const codes = new Uint8Array(view.rows);
  for (let row = 0; row < view.rows; row += 1) {
    const start = created[row] ?? Number.NaN;
    // Some products write 0, the first instant of 1970, for "never".
    if (!(start > 0)) codes[row] = 1;
    else if (start > asOf) codes[row] = 2;
    else if (verdict.codes[row] === test) codes[row] = 3;
    else if ((merged[row] ?? -1) >= 0) codes[row] = 4;
    else if (deleted >= 0 && status.codes[row] === deleted) codes[row] = 5;
  }
  return codes;
}

/** The rows left out because they were merged into another: they were open until then. */
export function mergedRows(excluded: Uint8Array): number[] {
  return rowsOf(excluded, 'merged into another finding');
}

/** The rows left out for one reason. */
export function rowsOf(excluded: Uint8Array, reason: (typeof exclusionReasons)[number]): number[] {
  const code = codeOf(reason);
  const rows: number[] = [];
  for (let row = 0; row < excluded.length; row += 1) if (excluded[row] === code) rows.push(row);
  return rows;
}

/** Per row 0, or the 1-based place in `flawReasons`. */
export function flawsOf(life: Lifecycle): Uint8Array {
  return life.state.map((state, row) => {
    if (life.negative[row] === 1) return 1;
    if (life.future[row] === 1) return 2;
    if (state === states.ended) return 3;
    return state === states.unknown ? 4 : none;
  });
}

/** How often each reason applies among some rows, in the order of the list; reasons that never apply are left out. */
export function countReasons(codes: Uint8Array, rows: Int32Array, reasons: readonly string[]): { reason: Phrase; n: number }[] {
  const counts = new Float64Array(reasons.length + 1);
  for (const row of rows) counts[at(codes, row)] = at(counts, at(codes, row)) + 1;
  return reasons.flatMap((reason, i) => (at(counts, i + 1) > 0 ? [{ reason: phrase(reason), n: at(counts, i + 1) }] : []));
}
