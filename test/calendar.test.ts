import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addBusinessSeconds, businessSeconds, type Calendar, CalendarError, slaClock } from '../src/calendar/index.ts';

const nineToFive = [{ from: '09:00', to: '17:00' }];
const office: Calendar = {
  zone: 'Europe/Berlin',
  weekly: { mon: nineToFive, tue: nineToFive, wed: nineToFive, thu: nineToFive, fri: nineToFive },
  holidays: [],
  extra: [],
};
const at = (text: string, zone = 'Europe/Berlin') => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
const minutes = (calendar: Calendar, from: string, to: string) => businessSeconds(calendar, at(from), at(to)) / 60;
const friday = '2026-10-09T16:50';

test('oracle: Friday 16:50 to Monday 09:10 on 9 to 17, Monday to Friday, is 20 minutes', () => {
  assert.equal(minutes(office, friday, '2026-10-12T09:10'), 20);
  assert.equal(addBusinessSeconds(office, at(friday), 20 * 60), at('2026-10-12T09:10'));
});

test('a holiday closes, an extra shift opens', () => {
  assert.equal(minutes({ ...office, holidays: ['2026-10-12'] }, friday, '2026-10-12T09:10'), 10);
  const saturday = [{ date: '2026-10-10', from: '10:00', to: '12:00' }];
  assert.equal(minutes({ ...office, extra: saturday }, friday, '2026-10-12T09:10'), 140);
});

test('a shift that overlaps the weekly hours opens no minute twice', () => {
  const late = { ...office, extra: [{ date: '2026-10-09', from: '16:00', to: '18:00' }] };
  assert.equal(minutes(late, '2026-10-09T09:00', '2026-10-09T23:00'), 9 * 60);
});

const always: Calendar['weekly'] = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [{ from: '00:00', to: '24:00' }]]),
);

test('round the clock, a day has the hours its zone gives it', () => {
  const day = (zone: string, date: string, next: string) =>
    businessSeconds({ ...office, zone, weekly: always }, at(date, zone), at(next, zone)) / 3600;
  assert.equal(day('Europe/Berlin', '2026-03-29T00:00', '2026-03-30T00:00'), 23);
  assert.equal(day('Europe/Berlin', '2026-10-25T00:00', '2026-10-26T00:00'), 25);
  assert.equal(day('Australia/Lord_Howe', '2026-04-05T00:00', '2026-04-06T00:00'), 24.5);
});

test('a night shift runs past midnight, and through the night the clocks change', () => {
  const nights: Calendar = { ...office, weekly: { sat: [{ from: '22:00', to: '06:00' }] } };
  assert.equal(minutes(nights, '2026-10-10T12:00', '2026-10-11T12:00'), 8 * 60);
  assert.equal(minutes(nights, '2026-10-24T12:00', '2026-10-25T12:00'), 9 * 60);
  assert.equal(minutes(nights, '2026-03-28T12:00', '2026-03-29T12:00'), 7 * 60);
});

test('a day that does not exist has no hours, and gives none to the next', () => {
  const apia: Calendar = { ...office, zone: 'Pacific/Apia' };
  const friday30 = businessSeconds(apia, at('2011-12-29T17:00', 'Pacific/Apia'), at('2012-01-02T09:00', 'Pacific/Apia'));
  assert.equal(friday30, 0);
});

test('backwards is negative, nowhere is nothing, zero seconds are due at once', () => {
  assert.equal(minutes(office, '2026-10-12T09:10', friday), -20);
  assert.equal(minutes(office, friday, friday), 0);
  assert.equal(addBusinessSeconds(office, at('2026-10-10T12:00'), 0), at('2026-10-10T12:00'));
});

test('a calendar that cannot be meant says so', () => {
  for (const wrong of [
    { ...office, weekly: {} },
    { ...office, zone: 'Europe/Atlantis' },
    { ...office, holidays: ['2026-02-30'] },
    { ...office, weekly: { mon: [{ from: '9:00', to: '17:00' }] } },
    { ...office, weekly: { mon: [{ from: '09:00', to: '25:00' }] } },
  ]) {
    assert.throws(() => businessSeconds(wrong, 0, 1), CalendarError);
  }
});

/** Independent: asks the local clock at every whole minute whether the office is open. */
function slowMinutes(calendar: Calendar, from: number, to: number): number {
  const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  let open = 0;
  for (let minute = from; minute < to; minute += 60_000) {
    const local = Temporal.Instant.fromEpochMilliseconds(minute).toZonedDateTimeISO(calendar.zone);
    const clock = local.toPlainTime().toString({ smallestUnit: 'minute' });
    const hours = calendar.weekly[names[local.dayOfWeek - 1] ?? 'mon'] ?? [];
    if (calendar.holidays.includes(local.toPlainDate().toString())) continue;
    if (hours.some((each) => clock >= each.from && clock < each.to)) open += 1;
  }
  return open;
}

test('open time agrees with asking the clock every minute, and adding it leads back', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe');
  const calendars = new Map<string, Calendar>();
  fc.assert(
    fc.property(zones, fc.integer({ min: 0, max: 525_600 }), fc.integer({ min: 1, max: 6000 }), (zone, offset, length) => {
      const calendar = calendars.get(zone) ?? { ...office, zone, holidays: ['2026-04-06', '2026-10-26'] };
      calendars.set(zone, calendar);
      const from = at('2026-01-01T00:00', 'UTC') + offset * 60_000;
      const to = from + length * 60_000;
      const open = businessSeconds(calendar, from, to);
      assert.equal(open / 60, slowMinutes(calendar, from, to));
      const due = addBusinessSeconds(calendar, from, open);
      assert.ok(due <= to && businessSeconds(calendar, from, due) === open);
    }),
    { numRuns: 40 },
  );
});

const monday = at('2026-10-12T09:00');
const hour = 3600;
const after = (hours: number) => monday + hours * 3600_000;

test('service level: met, breached and still pending', () => {
  const clock = { start: monday, target_s: 4 * hour, calendar: office, pauses: [] };
  const due_at = after(4);
  assert.deepEqual(slaClock({ ...clock, met_at: after(4), as_of: after(100) }), { state: 'met', due_at });
  assert.deepEqual(slaClock({ ...clock, met_at: after(5), as_of: after(100) }), { state: 'breached', due_at, overrun_s: hour });
  assert.deepEqual(slaClock({ ...clock, as_of: after(4) }), { state: 'pending', due_at });
});

test('service level: still open past due is breached, by open hours only', () => {
  const result = slaClock({ start: monday, target_s: 4 * hour, calendar: office, pauses: [], as_of: after(24) });
  assert.deepEqual(result, { state: 'breached', due_at: after(4), overrun_s: 4 * hour });
});

test('service level: what was met after the data cut is not known yet', () => {
  const result = slaClock({ start: monday, target_s: 4 * hour, pauses: [], met_at: after(3), as_of: after(2) });
  assert.deepEqual(result, { state: 'pending', due_at: after(4) });
});

test('service level: a pause puts the due time off; pauses that overlap count once; one before the start not at all', () => {
  const pauses = [
    { from: after(2), to: after(4) },
    { from: after(1), to: after(3) },
    { from: after(-9), to: after(-8) },
  ];
  const result = slaClock({ start: monday, target_s: 4 * hour, calendar: office, pauses, met_at: after(8), as_of: after(100) });
  assert.deepEqual(result, { state: 'breached', due_at: after(7), overrun_s: hour });
});

test('service level: a pause across the night stops only the open hours', () => {
  const pauses = [{ from: after(7), to: after(25) }];
  const result = slaClock({ start: monday, target_s: 8 * hour, calendar: office, pauses, as_of: after(8) });
  assert.deepEqual(result, { state: 'pending', due_at: after(26) });
});

test('service level: while it is on hold there is no due time', () => {
  const held = { start: monday, target_s: 4 * hour, pauses: [{ from: after(1) }] };
  assert.deepEqual(slaClock({ ...held, as_of: after(1000) }), { state: 'pending' });
  assert.deepEqual(slaClock({ ...held, met_at: after(9), as_of: after(1000) }), { state: 'met' });
});

test('service level: a pause after the due time shortens the overrun', () => {
  const result = slaClock({ start: monday, target_s: hour, pauses: [{ from: after(2), to: after(5) }], met_at: after(6), as_of: after(9) });
  assert.deepEqual(result, { state: 'breached', due_at: after(1), overrun_s: 2 * hour });
});

test('service level: a hold that began exactly when it fell due does not save it', () => {
  const result = slaClock({ start: monday, target_s: hour, pauses: [{ from: after(1) }], as_of: after(3) });
  assert.deepEqual(result, { state: 'breached', due_at: after(1), overrun_s: 0 });
});
