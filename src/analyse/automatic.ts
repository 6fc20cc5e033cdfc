import type { Ms } from '../finding.ts';
import type { Facts } from './facts.ts';
import { eventsOf } from './lifecycle.ts';
import { oncePerObject } from '../once.ts';
import { silentRows } from './silent.ts';

/** What became of the findings that automation closed without a person before. */
export interface MachineCloses {
  closed: number;
  /** Of those how many were opened again, how many are judged true positives, and how many are either. */
  reopened: number;
  real: number;
  wrong: number;
  /** Of the closed those whose source tells no history: that they were opened again is not seen. */
  silent: number;
}

export const machineClosesOf = oncePerObject((facts: Facts): MachineCloses => {
  const { findings, closed, period, end, asOf } = facts;
  const { view, life, stays, excluded } = findings;
  const kinds = view.text('closed_by_kind');
  const machine = kinds.values.indexOf('automation');
  const touched = view.number('acknowledged_at');
  const verdict = findings.coded('verdict');
  const truth = verdict.values.indexOf('true_positive');
  const isSilent = silentRows(findings);
  const found = { closed: 0, reopened: 0, real: 0, wrong: 0, silent: 0 };
  const byPerson = (row: number, before: Ms) => (touched[row] ?? Number.NaN) > 0 && (touched[row] ?? Number.NaN) <= before;
  const count = (row: number, again: boolean) => {
    const real = truth >= 0 && verdict.codes[row] === truth;
    found.closed += 1;
    if (again) found.reopened += 1;
    if (real) found.real += 1;
    if (again || real) found.wrong += 1;
    if (!again && isSilent(row)) found.silent += 1;
  };
  for (const row of machine < 0 ? [] : closed.members) {
    if (kinds.codes[row] === machine && !stays.has(row) && !byPerson(row, life.closed[row] ?? Number.NaN)) count(row, false);
  }
  // Their last close may be a person's: which of them were automation's, only their events tell.
  const back = [...stays.keys()].filter((row) => excluded[row] === 0);
  for (const [i, events] of eventsOf(view, back).entries()) {
    const row = back[i] ?? -1;
    const place = events.findIndex(
      ({ type, by_kind, at }) => type === 'closed' && by_kind === 'automation' && at >= period.start && at < end && !byPerson(row, at),
    );
    if (place >= 0)
      count(
        row,
        events.slice(place).some(({ type, at }) => type === 'reopened' && at <= asOf),
      );
  }
  return found;
});
