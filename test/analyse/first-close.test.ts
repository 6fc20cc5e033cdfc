import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, client, finding } from './view.ts';

const zone = 'Europe/Berlin';
const start = parsePeriod('2026-10', zone).start;
const hour = 3_600_000;

/** Seven closed after one hour; all were opened again, four closed for good nine hours later, three still are open. */
const reopened = Array.from({ length: 7 }, (_, i) =>
  finding({
    created_at: start + i * hour,
    first_closed_at: start + (i + 1) * hour,
    reopen_count: 1,
    ...(i < 4 ? { status: 'closed', closed_at: start + (i + 10) * hour } : { status: 'new' }),
  }),
);

function timeToClose(time_to_close: 'first' | 'last') {
  const analysis = analysisOf(reopened, '2026-10', zone, { client: { ...client(zone), time_to_close } });
  return { entry: analysis.kpis['TIM-07'], formula: String(analysis.definitions['TIM-07']?.formula) };
}

test('the time to close ends at the close that the client chose, and the definition says which', () => {
  const last = timeToClose('last');
  assert.equal(last.entry?.status === 'ok' && last.entry.value, 10 * 3600);
  assert.match(last.formula, /to the last close/);
  const first = timeToClose('first');
  assert.equal(first.entry?.status === 'ok' && first.entry.value, 3600);
  assert.match(first.formula, /to the first close/);
});

test('a first close that is not known, or lies after the data cut, ends nothing', () => {
  const rows = reopened.map(({ first_closed_at: _, ...row }, i) => (i < 6 ? row : { ...row, first_closed_at: start + 900 * 24 * hour }));
  const analysis = analysisOf(rows, '2026-10', zone, { client: { ...client(zone), time_to_close: 'first' } });
  const entry = analysis.kpis['TIM-07'];
  assert.equal(entry?.status === 'ok' && entry.value, 10 * 3600, 'as far as is known they end at their last close');
});
