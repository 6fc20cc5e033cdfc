import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localHours, localText, PeriodError, parseDays, parsePeriod, periodOf, previousPeriod, slotOf } from '../src/period.ts';

const hoursOf = (label: string, zone: string) => {
  const { start, end } = parsePeriod(label, zone);
  return (end - start) / 3_600_000;
};

/** Day windows of zones with unusual days; the lengths were computed with another implementation of the tz database. */
const days: [date: string, zone: string, hours: number, startsAt: string][] = [
  ['2026-03-29', 'Europe/Berlin', 23, '00:00'],
  ['2026-10-25', 'Europe/Berlin', 25, '00:00'],
  ['2026-04-24', 'Africa/Cairo', 23, '01:00'],
  ['2026-10-29', 'Africa/Cairo', 25, '00:00'],
  ['2026-09-06', 'America/Santiago', 23, '01:00'],
  ['2026-04-05', 'Australia/Lord_Howe', 24.5, '00:00'],
  ['2026-10-04', 'Australia/Lord_Howe', 23.5, '00:00'],
  ['2026-11-01', 'America/Havana', 25, '00:00'],
  ['2026-03-08', 'America/New_York', 23, '00:00'],
  ['2026-11-01', 'America/New_York', 25, '00:00'],
  ['2014-10-26', 'Europe/Moscow', 25, '00:00'],
  ['2026-03-29', 'Europe/Moscow', 24, '00:00'],
  ['2026-03-22', 'Asia/Tehran', 24, '00:00'],
  ['2026-10-25', 'Asia/Almaty', 24, '00:00'],
  ['2016-05-01', 'America/Caracas', 23.5, '00:00'],
  ['2026-10-05', 'UTC', 24, '00:00'],
];

for (const [date, zone, hours, startsAt] of days) {
  test(`oracle: ${date} in ${zone} has ${hours} hours and starts at ${startsAt}`, () => {
    assert.equal(hoursOf(date, zone), hours);
    assert.equal(localText(parsePeriod(date, zone).start, zone), `${date} ${startsAt}`);
  });
}

test('Kathmandu begins its day at 18:15 UTC', () => {
  assert.equal(new Date(parsePeriod('2026-10-05', 'Asia/Kathmandu').start).toISOString(), '2026-10-04T18:15:00.000Z');
});

test('Apia had no 30 December 2011: no period of its own, no day of any other, and the day before the 31st is the 29th', () => {
  assert.throws(() => parsePeriod('2011-12-30', 'Pacific/Apia'), PeriodError);
  const month = parsePeriod('2011-12', 'Pacific/Apia');
  assert.equal(month.days.length, 30);
  assert.ok(month.days.every(({ date, start, end }) => date !== '2011-12-30' && end > start));
  assert.equal(previousPeriod(parsePeriod('2011-12-31', 'Pacific/Apia')).label, '2011-12-29');
  assert.equal(parsePeriod('2011-12-29..2011-12-31', 'Pacific/Apia').days.length, 2);
});

for (const [label, zone] of [
  ['2026-03', 'Europe/Berlin'],
  ['2026-10', 'Africa/Cairo'],
  ['2011-12', 'Pacific/Apia'],
  ['2026-Q4', 'America/Havana'],
  ['2026-W14', 'Australia/Lord_Howe'],
  ['2026-09-01..2026-09-10', 'America/Santiago'],
] as const) {
  test(`the days of ${label} in ${zone} fill it without gap or overlap`, () => {
    const period = parsePeriod(label, zone);
    let at = period.start;
    for (const day of period.days) {
      assert.equal(day.start, at, day.date);
      at = day.end;
    }
    assert.equal(at, period.end);
  });
}

test('ISO weeks: 2026 has a week 53 that ends in 2027, 2027 has none', () => {
  const week = parsePeriod('2026-W53', 'Europe/Berlin');
  assert.deepEqual([week.days.at(0)?.date, week.days.at(-1)?.date], ['2026-12-28', '2027-01-03']);
  assert.throws(() => parsePeriod('2027-W53', 'Europe/Berlin'), PeriodError);
  assert.equal(previousPeriod(parsePeriod('2027-W01', 'Europe/Berlin')).label, '2026-W53');
  assert.equal(periodOf('week', Date.UTC(2027, 0, 2), 'UTC').label, '2026-W53');
  assert.equal(periodOf('week', Date.UTC(2024, 11, 31), 'UTC').label, '2025-W01');
});

test('the previous period has the same meaning, not the same length', () => {
  const previous = (label: string) => previousPeriod(parsePeriod(label, 'Europe/Berlin')).label;
  assert.deepEqual(['2026-03', '2026-01', '2026-Q1', '2026-03-01', '2026-W42'].map(previous), [
    '2026-02',
    '2025-12',
    '2025-Q4',
    '2026-02-28',
    '2026-W41',
  ]);
  assert.equal(previous('2026-03-28..2026-03-30'), '2026-03-25..2026-03-27');
  assert.equal(previous('2026-10-05..2026-10-05'), '2026-10-04..2026-10-04');
});

test('the previous period ends where the period starts, also where midnight is skipped', () => {
  for (const [label, zone] of [
    ['2026-04-24', 'Africa/Cairo'],
    ['2026-09-06', 'America/Santiago'],
    ['2026-09-06..2026-09-08', 'America/Santiago'],
    ['2011-12-31', 'Pacific/Apia'],
    ['2026-10-25', 'Europe/Berlin'],
    ['2026-11', 'America/Havana'],
  ] as const) {
    const period = parsePeriod(label, zone);
    assert.equal(previousPeriod(period).end, period.start, `${label} ${zone}`);
  }
});

test('a range of one missing day and its neighbours keeps the neighbours; previous days are counted as they exist', () => {
  const around = parsePeriod('2011-12-31..2012-01-02', 'Pacific/Apia');
  assert.equal(previousPeriod(around).end, around.start);
  assert.equal(periodOf('day', around.start - 1, 'Pacific/Apia').label, '2011-12-29');
});

test('texts that name no period say so', () => {
  for (const label of [
    '',
    '2026',
    '2026-13',
    '2026-00',
    '2026-02-30',
    '2026-W00',
    '2026-W54',
    '2026-Q5',
    'last month',
    '2026-10-05..',
    '2026-10-09..2026-10-05',
    '2026-1-5',
    ' 2026-10',
  ]) {
    assert.throws(() => parsePeriod(label, 'Europe/Berlin'), PeriodError, label);
  }
});

test('a zone nobody knows is named as the fault, not the period', () => {
  assert.throws(() => parsePeriod('2026-10', 'Europe/Atlantis'), { name: 'PeriodError', message: /no time zone "Europe\/Atlantis"/ });
});

test('an instant belongs to one period: midnight to the new one, the millisecond before to the old', () => {
  const october = parsePeriod('2026-10', 'Asia/Tokyo');
  assert.equal(periodOf('month', october.start, 'Asia/Tokyo').label, '2026-10');
  assert.equal(periodOf('month', october.start - 1, 'Asia/Tokyo').label, '2026-09');
  assert.equal(periodOf('quarter', october.start, 'Asia/Tokyo').label, '2026-Q4');
  assert.equal(periodOf('day', october.end - 1, 'Asia/Tokyo').label, '2026-10-31');
});

test('from day to day: one day is that day, several are a custom period', () => {
  assert.equal(parseDays('2026-10-05', '2026-10-05', 'UTC').kind, 'day');
  assert.equal(parseDays('2026-10-05', '2026-10-09', 'UTC').days.length, 5);
});

test('slots: inside, at the edges, outside', () => {
  const starts = [10, 20, 40];
  assert.deepEqual(
    [9, 10, 19, 20, 39, 40, 49, 50, Number.NaN].map((instant) => slotOf(starts, 50, instant)),
    [-1, 0, 0, 1, 1, 2, 2, -1, -1],
  );
  assert.equal(slotOf([], 50, 20), -1);
});

/** Independent: asks the local clock at every quarter of an hour which hour it shows. */
function slowHours(label: string, zone: string): Map<number, number> {
  const { start, end } = parsePeriod(label, zone);
  const found = new Map<number, number>();
  for (let at = start; at < end; at += 900_000) {
    const hour = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).hour;
    found.set(hour, (found.get(hour) ?? 0) + 0.25);
  }
  return found;
}

function hourLengths(label: string, zone: string): Map<number, number> {
  const period = parsePeriod(label, zone);
  const { starts, hours } = localHours(period);
  const found = new Map<number, number>();
  starts.forEach((start, i) => {
    const hour = hours[i] ?? -1;
    found.set(hour, (found.get(hour) ?? 0) + ((starts[i + 1] ?? period.end) - start) / 3_600_000);
  });
  return found;
}

for (const [date, zone] of [...days, ['2026-10-05', 'Asia/Kathmandu'] as const]) {
  test(`the clock hours of ${date} in ${zone} are as long as the clock on the wall shows them`, () => {
    assert.deepEqual(hourLengths(date, zone), slowHours(date, zone));
  });
}

test('a skipped hour is no slot, a repeated one is two', () => {
  const hours = (date: string, zone: string) => [...localHours(parsePeriod(date, zone)).hours];
  assert.deepEqual(hours('2026-03-29', 'Europe/Berlin').slice(0, 4), [0, 1, 3, 4]);
  assert.deepEqual(hours('2026-10-25', 'Europe/Berlin').slice(0, 5), [0, 1, 2, 2, 3]);
  assert.deepEqual(hours('2026-04-24', 'Africa/Cairo').slice(0, 2), [1, 2]);
  assert.deepEqual(hours('2026-11-01', 'America/Havana').slice(0, 3), [0, 0, 1]);
});

test('Lord Howe moves its clocks by half an hour', () => {
  const { starts, hours } = localHours(parsePeriod('2026-04-05', 'Australia/Lord_Howe'));
  const lengths = [...starts].map((start, i) => ((starts[i + 1] ?? Number.NaN) - start) / 60_000);
  assert.deepEqual([...hours].slice(0, 4), [0, 1, 1, 2]);
  assert.deepEqual(lengths.slice(0, 4), [60, 60, 30, 60]);
  const spring = localHours(parsePeriod('2026-10-04', 'Australia/Lord_Howe'));
  assert.equal(localText(spring.starts[2] ?? 0, 'Australia/Lord_Howe'), '2026-10-04 02:30');
});

test('a change in the middle of an hour ends it: Caracas went from 2:30 to 3:00', () => {
  const { starts, hours } = localHours(parsePeriod('2016-05-01', 'America/Caracas'));
  assert.deepEqual([...hours].slice(1, 5), [1, 2, 3, 4]);
  assert.deepEqual(
    [...starts].slice(2, 4).map((start) => localText(start, 'America/Caracas')),
    ['2016-05-01 02:00', '2016-05-01 03:00'],
  );
});

test('weekdays of the hours are ISO: 1 is Monday, 7 Sunday', () => {
  const { weekdays } = localHours(parsePeriod('2026-W42', 'Asia/Kathmandu'));
  assert.deepEqual([weekdays.at(0), weekdays.at(-1), weekdays.length], [1, 7, 168]);
});
