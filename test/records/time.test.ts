import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatProblem, timeReader } from '../../src/records/time.ts';

function read(format: string, zone: string | undefined, text: string): string {
  const at = timeReader({ format, zone })(text);
  return typeof at === 'number' ? new Date(at).toISOString().replace('.000Z', 'Z') : at.reason;
}

test('each declared format reads what it says', () => {
  const cases: [format: string, zone: string | undefined, text: string, instant: string][] = [
    ['dd-MM-yyyy HH:mm', 'UTC', '29-02-2016 01:16', '2016-02-29T01:16:00Z'],
    ['d/M/yyyy HH:mm', 'Europe/Lisbon', '29/2/2016 01:16', '2016-02-29T01:16:00Z'],
    ['d/M/yyyy HH:mm', 'Asia/Kolkata', '1/12/2026 00:30', '2026-11-30T19:00:00Z'],
    ['M/d/yyyy h:mm a', 'America/New_York', '1/13/2026 12:05 AM', '2026-01-13T05:05:00Z'],
    ['M/d/yyyy h:mm a', 'America/New_York', '1/13/2026 12:05 p.m.', '2026-01-13T17:05:00Z'],
    ['dd MMM yyyy', 'Europe/Berlin', '13 Jan 2026', '2026-01-12T23:00:00Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", undefined, '2026-01-13T10:00:00.1239+0130', '2026-01-13T08:30:00.123Z'],
    ['iso', undefined, '2026-01-13T10:00:00+02:00', '2026-01-13T08:00:00Z'],
    ['iso', 'Europe/Berlin', '2026-01-13 10:00', '2026-01-13T09:00:00Z'],
    ['iso', 'Europe/Berlin', '2026-01-13T10:00:00Z', '2026-01-13T10:00:00Z'],
    ['iso', 'Europe/Berlin', '2026-01-13', '2026-01-12T23:00:00Z'],
    ['epoch-ms', undefined, '1768298400123', '2026-01-13T10:00:00.123Z'],
    ['epoch-s', undefined, '1768298400.5', '2026-01-13T10:00:00.500Z'],
  ];
  for (const [format, zone, text, instant] of cases) assert.equal(read(format, zone, text), instant, `${text} as ${format}`);
});

test('what does not fit is told, never bent', () => {
  const cases: [format: string, zone: string | undefined, text: string, reason: RegExp][] = [
    ['MM-dd-yyyy HH:mm', 'UTC', '13-01-2026 09:05', /no date of the calendar/],
    ['dd-MM-yyyy HH:mm', 'UTC', '29-02-2026 09:05', /no date of the calendar/],
    ['dd-MM-yyyy HH:mm', 'UTC', '1-2-2026 09:05', /does not fit/],
    ['dd-MM-yyyy HH:mm', 'UTC', '01-02-2026 09:05 ?', /does not fit/],
    ['d/M/yyyy h:mm a', 'UTC', '1/2/2026 13:05 PM', /no date of the calendar/],
    ['iso', undefined, '2026-01-13T10:00:00', /no offset and no zone/],
    ['iso', 'UTC', 'yesterday', /does not fit iso/],
    ['iso', 'UTC', '2026-01', /does not fit iso/],
    ['epoch-ms', undefined, '', /does not fit/],
    ['epoch-ms', undefined, '1768298400', /is 1970-01-21; is that format right\?/],
    ['epoch-s', undefined, '1768298400123', /does not fit|is that format right/],
    ['epoch-s', undefined, '1e9', /does not fit/],
  ];
  for (const [format, zone, text, reason] of cases) assert.match(read(format, zone, text), reason, `${text} as ${format}`);
});

test('a time the clock showed twice is the earlier one, a time it skipped is moved on by the gap', () => {
  const format = 'yyyy-MM-dd HH:mm';
  assert.equal(read(format, 'Europe/Berlin', '2026-10-25 02:30'), '2026-10-25T00:30:00Z');
  assert.equal(read(format, 'Europe/Berlin', '2026-03-29 02:30'), '2026-03-29T01:30:00Z');
  assert.equal(read(format, 'Europe/Berlin', '2026-03-29 03:30'), '2026-03-29T01:30:00Z');
  assert.equal(read('iso', 'Australia/Lord_Howe', '2026-10-04 02:15'), '2026-10-03T15:45:00Z');
});

test('a format is refused where it leaves something to guess', () => {
  const cases: [format: string, zone: string | undefined, problem: RegExp][] = [
    ['dd-MM-yyyy', undefined, /a zone must be declared/],
    ['dd-MM-yyyy', 'Europe/Atlantis', /no IANA time zone/],
    ['dd-MM-yy', 'UTC', /"yy" in .* is no part of a time/],
    ['MM-yyyy', 'UTC', /must name the day/],
    ['dd yyyy', 'UTC', /must name the month/],
    ['dd MM MMM yyyy', 'UTC', /must name the month/],
    ['dd-dd-yyyy', 'UTC', /names the day twice/],
    ['dd-MM-yyyy h:mm', 'UTC', /h goes with a/],
    ['dd-MM-yyyy HH:mm a', 'UTC', /h goes with a/],
  ];
  for (const [format, zone, problem] of cases) assert.match(formatProblem({ format, zone }) ?? 'accepted', problem, format);
  for (const format of ['iso', 'epoch-ms', 'epoch-s', 'yyyy-MM-dd XXX']) assert.equal(formatProblem({ format }), undefined);
});

test('a written instant is read back, whatever its zone', () => {
  const zone = fc.constantFrom('UTC', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia');
  const instant = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2099, 0, 1) / 1000 });
  fc.assert(
    fc.property(zone, instant, (zone, seconds) => {
      const local = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone);
      const two = (part: number) => String(part).padStart(2, '0');
      const text = `${two(local.day)}.${local.month}.${local.year} ${two(local.hour)}:${two(local.minute)}:${local.second} ${local.offset}`;
      assert.equal(timeReader({ format: 'dd.M.yyyy HH:mm:s XXX' })(text), seconds * 1000);
    }),
  );
});
