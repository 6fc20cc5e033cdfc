import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockNotes, cronProblem, firings, occurrences, type Timetable } from '../src/firing.ts';

const at = (text: string): number => Date.parse(text);
const between = (expression: string, zone: string, from: string, to: string): string[] =>
  [...occurrences(expression, zone, at(from) - 1, at(to) - 1)].map((instant) => new Date(instant).toISOString().slice(0, 16));

// The cases in which the libraries' own timers lose days or hours (measured; the expected column is a wall clock's).
test('a local time in a gap fires once, right after it; one that comes twice fires the first time', () => {
  assert.deepEqual(between('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-03-31T00:00Z'), [
    '2026-03-28T01:30',
    '2026-03-29T01:00',
    '2026-03-30T00:30',
  ]);
  assert.deepEqual(between('0 0 * * *', 'Africa/Cairo', '2026-04-22T00:00Z', '2026-04-26T00:00Z'), [
    '2026-04-22T22:00',
    '2026-04-23T22:00',
    '2026-04-24T21:00',
    '2026-04-25T21:00',
  ]);
  assert.deepEqual(between('0 0 * * *', 'America/Santiago', '2026-09-05T00:00Z', '2026-09-07T12:00Z'), [
    '2026-09-05T04:00',
    '2026-09-06T04:00',
    '2026-09-07T03:00',
  ]);
  assert.deepEqual(between('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-26T12:00Z'), [
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ]);
});

test('intervals keep their slots while the clocks change', () => {
  assert.equal(between('*/30 * * * *', 'Europe/Berlin', '2026-10-24T20:00Z', '2026-10-25T08:00Z').length, 24);
  assert.deepEqual(between('0 * * * *', 'America/New_York', '2026-11-01T04:00Z', '2026-11-01T08:00Z'), [
    '2026-11-01T04:00',
    '2026-11-01T05:00',
    '2026-11-01T06:00',
    '2026-11-01T07:00',
  ]);
});

const daily: Timetable = { rhythm: '0 6 * * *', zone: 'Europe/Berlin', kind: 'day', data_zone: 'Europe/Berlin' };
const due = (timetable: Timetable, from: string, to: string): string[] =>
  [...firings(timetable, at(from), at(to))].map((firing) => `${firing.period.label} at ${new Date(firing.at).toISOString().slice(0, 16)}`);

test('the period comes from the scheduled instant: the last one that was over then', () => {
  assert.deepEqual(due({ ...daily, rhythm: '0 6 1 * *', kind: 'month' }, '2026-01-15T00:00Z', '2026-03-15T00:00Z'), [
    '2026-01 at 2026-02-01T05:00',
    '2026-02 at 2026-03-01T05:00',
  ]);
  assert.deepEqual(due({ ...daily, rhythm: '0 6 * * 1', kind: 'week' }, '2026-11-20T00:00Z', '2026-11-30T12:00Z'), [
    '2026-W47 at 2026-11-23T05:00',
    '2026-W48 at 2026-11-30T05:00',
  ]);
});

test('several firings in one period make one edition, at the first of them', () => {
  assert.deepEqual(due({ ...daily, rhythm: '0 * * * *' }, '2026-11-20T00:30Z', '2026-11-22T12:00Z'), [
    '2026-11-19 at 2026-11-20T01:00',
    '2026-11-20 at 2026-11-20T23:00',
    '2026-11-21 at 2026-11-21T23:00',
  ]);
});

test('days after the end of a period, at a local time of the schedule’s own zone', () => {
  const table: Timetable = { rhythm: { days_after: 2, at: '06:00' }, zone: 'Europe/Berlin', kind: 'month', data_zone: 'Europe/Berlin' };
  assert.deepEqual(due(table, '2026-03-02T00:00Z', '2026-05-03T04:00Z'), [
    '2026-02 at 2026-03-03T05:00',
    '2026-03 at 2026-04-03T04:00',
    '2026-04 at 2026-05-03T04:00',
  ]);
  const gap: Timetable = { ...table, rhythm: { days_after: 0, at: '02:30' }, kind: 'day' };
  assert.deepEqual(due(gap, '2026-03-28T12:00Z', '2026-03-29T12:00Z'), ['2026-03-28 at 2026-03-29T01:30']);
});

test('a day without an instant is nobody’s report', () => {
  const apia: Timetable = { ...daily, zone: 'Pacific/Apia', data_zone: 'Pacific/Apia' };
  assert.deepEqual(
    due(apia, '2011-12-28T00:00Z', '2012-01-01T00:00Z').map((line) => line.slice(0, 10)),
    ['2011-12-27', '2011-12-28', '2011-12-29', '2011-12-31'],
  );
});

test('notes say where the clocks change', () => {
  const [first] = firings(daily, at('2026-03-29T12:00Z'), at('2026-03-30T12:00Z'));
  assert.ok(first);
  assert.deepEqual(clockNotes(first, 'Europe/Berlin'), ['the period has 23 hours instead of 24: the clocks change in it']);
});

test('what never fires or is no expression is said in words', () => {
  assert.equal(cronProblem('0 6 * * 1', 0), undefined);
  assert.match(cronProblem('0 0 31 4 *', 0) ?? '', /never fires/);
  assert.match(cronProblem('* * * * * *', 0) ?? '', /five fields/);
});
