import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ReportDefinition, ScheduledReport } from '../../src/config/index.ts';
import { periodOf } from '../../src/period.ts';
import { due, rhythmText, timetableOf } from '../../src/schedule/index.ts';
import type { Looked, NewRun } from '../../src/store/index.ts';

const zones = (
  'Europe/Berlin Europe/London Europe/Kyiv Europe/Moscow Europe/Lisbon Africa/Cairo Africa/Casablanca Africa/Lagos Asia/Beirut Asia/Tehran ' +
  'Asia/Kolkata Asia/Kathmandu Asia/Tokyo Asia/Almaty Asia/Gaza Asia/Singapore Australia/Lord_Howe Australia/Sydney Australia/Adelaide ' +
  'Pacific/Chatham Pacific/Apia Pacific/Kiritimati America/New_York America/Havana America/Santiago America/St_Johns America/Sao_Paulo ' +
  'America/Asuncion Antarctica/Troll UTC'
).split(' ');

const report = (period: ReportDefinition['period']): ReportDefinition => ({
  id: 'r',
  title: 'R',
  reader: 'manager',
  period,
  incomplete: 'send-marked',
});

export function scheduled(
  kind: ReportDefinition['period'],
  more: Partial<ScheduledReport> & Pick<ScheduledReport, 'rhythm' | 'zone'>,
): ScheduledReport {
  return {
    report: report(kind),
    catchup: { window_days: 3660, max: 1_000, order: 'oldest-first', mail: 'each' },
    recipients: [],
    places: [],
    collect_deadline: 0,
    ...more,
  };
}

/** What the ledger remembers of a report that was looked at with this very schedule. */
const upTo = (table: ScheduledReport, until: number, last_due?: number): Looked => ({
  until,
  rhythm: rhythmText(timetableOf(table, 'UTC')),
  last_due,
});

/** Independent of the program: local dates are walked, and the wall clock's rule is Temporal's own. */
const rhythms = {
  hourly: { rhythm: '0 * * * *', kind: 'day', time: '00:00', first: () => true },
  daily: { rhythm: '30 2 * * *', kind: 'day', time: '02:30', first: () => true },
  weekly: { rhythm: '0 6 * * 1', kind: 'week', time: '06:00', first: (date: Temporal.PlainDate) => date.dayOfWeek === 1 },
  monthly: { rhythm: '0 0 1 * *', kind: 'month', time: '00:00', first: (date: Temporal.PlainDate) => date.day === 1 },
  'last working day': { rhythm: '0 18 LW * *', kind: 'month', time: '18:00', first: isLastWorkingDay },
} as const;

function isLastWorkingDay(date: Temporal.PlainDate): boolean {
  let last = date.with({ day: date.daysInMonth });
  while (last.dayOfWeek > 5) last = last.subtract({ days: 1 });
  return date.equals(last);
}

/** The label of the last period that was over on a local date. */
function labelBefore(kind: 'day' | 'week' | 'month', date: Temporal.PlainDate): string {
  if (kind === 'day') return date.subtract({ days: 1 }).toString();
  if (kind === 'month') return date.subtract({ months: 1 }).toString().slice(0, 7);
  const before = date.subtract({ weeks: 1 });
  return `${before.yearOfWeek}-W${String(before.weekOfYear).padStart(2, '0')}`;
}

function oracle(name: keyof typeof rhythms, zone: string, from: number, to: number): string[] {
  const { kind, time, first } = rhythms[name];
  const local = (instant: number) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
  const rows: string[] = [];
  const seen = new Set<string>();
  for (let date = local(from); Temporal.PlainDate.compare(date, local(to)) <= 0; date = date.add({ days: 1 })) {
    if (!first(date)) continue;
    const hours = name === 'hourly' ? 24 : 1;
    for (let hour = 0; hour < hours; hour++) {
      const at = date.toZonedDateTime({ timeZone: zone, plainTime: name === 'hourly' ? { hour } : time });
      const label = labelBefore(kind, date);
      if (at.epochMilliseconds <= from || at.epochMilliseconds > to || seen.has(label)) continue;
      seen.add(label);
      rows.push(label);
    }
  }
  return rows;
}

const cases = Number(process.env.SOC_KPI_CASES ?? 400);

test(`S1 every due period becomes exactly one row, whatever the downtime (${cases} cases, 30 zones, 2024-2030)`, () => {
  const instant = fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2030-06-01') });
  const hour = 3_600_000;
  const gaps = fc.array(fc.oneof(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: hour, max: 40 * 24 * hour })), {
    minLength: 2,
    maxLength: 12,
  });
  const names = fc.constantFrom(...(Object.keys(rhythms) as (keyof typeof rhythms)[]));
  fc.assert(
    fc.property(names, fc.constantFrom(...zones), instant, gaps, (name, zone, start, pauses) => {
      const { rhythm, kind } = rhythms[name];
      const table = scheduled(kind, { rhythm, zone });
      const rows: string[] = [];
      let now = start;
      for (const pause of pauses) {
        const fallen = due(table, zone, upTo(table, now), now + pause);
        now += pause;
        // The ledger's key: a period that has a row keeps it.
        rows.push(...fallen.map(({ period }) => period).filter((period) => !rows.includes(period)));
      }
      assert.deepEqual(rows, oracle(name, zone, start, now));
    }),
    { numRuns: cases },
  );
});

const hours: [string, string, number][] = [
  ['2026-03-29', 'Europe/Berlin', 23],
  ['2026-10-25', 'Europe/Berlin', 25],
  ['2026-04-24', 'Africa/Cairo', 23],
  ['2026-10-29', 'Africa/Cairo', 25],
  ['2026-09-06', 'America/Santiago', 23],
  ['2026-04-05', 'Australia/Lord_Howe', 24.5],
  ['2026-10-04', 'Australia/Lord_Howe', 23.5],
  ['2026-11-01', 'America/Havana', 25],
  ['2026-03-08', 'America/New_York', 23],
  ['2026-11-01', 'America/New_York', 25],
  ['2014-10-26', 'Europe/Moscow', 25],
  ['2026-07-01', 'Europe/Moscow', 24],
  ['2026-07-01', 'Asia/Tehran', 24],
  ['2026-07-01', 'Asia/Almaty', 24],
];

test('S2 windows are DST-exact (14 vectors) and gapless (30 zones, seven years)', () => {
  for (const [date, zone, length] of hours) {
    const noon = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: '12:00' }).epochMilliseconds;
    const { start, end } = periodOf('day', noon, zone);
    assert.equal((end - start) / 3_600_000, length, `${date} ${zone}`);
  }
  for (const zone of zones) {
    const first = periodOf('day', Date.parse('2024-01-01T12:00Z'), zone);
    let last = first;
    let sum = 0;
    while (last.start < Date.parse('2030-12-31T00:00Z')) {
      sum += last.end - last.start;
      const next = periodOf('day', last.end, zone);
      assert.equal(next.start, last.end, `${zone} ${last.label}`);
      last = next;
    }
    assert.equal(sum, last.start - first.start, zone);
  }
});

test('S2 a day of no hours makes no report: 30 December 2011 in Apia', () => {
  const apia = scheduled('day', { rhythm: '0 6 * * *', zone: 'Pacific/Apia' });
  const rows = due(apia, 'Pacific/Apia', upTo(apia, Date.parse('2011-12-28')), Date.parse('2012-01-02'));
  assert.ok(!rows.some(({ period }) => period === '2011-12-30'));
  assert.equal(new Set(rows.map(({ period }) => period)).size, rows.length);
});

function tally(rows: readonly NewRun[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(rows, ({ skipped }) => skipped?.split(':')[0] ?? 'due')).map(([key, list]) => [key, list?.length ?? 0]),
  );
}

test('S4 catch-up is bounded and visible: thirty days down', () => {
  const [from, to] = [Date.parse('2026-10-01T05:00Z'), Date.parse('2026-10-31T05:00Z')];
  const down = (catchup: Partial<ScheduledReport['catchup']>) => {
    const policy = { window_days: 31, max: 7, order: 'oldest-first', mail: 'latest', ...catchup } as const;
    const table = scheduled('day', { rhythm: '0 6 * * *', zone: 'Europe/Berlin', catchup: policy });
    return due(table, 'Europe/Berlin', upTo(table, from), to);
  };
  const latest = down({});
  assert.deepEqual(tally(latest), { catchup_limit: 23, due: 7 });
  assert.deepEqual(
    latest.filter(({ mail, skipped }) => mail && skipped === undefined).map(({ period }) => period),
    ['2026-10-30'],
  );
  assert.equal(down({ mail: 'each' }).filter(({ mail, skipped }) => mail && skipped === undefined).length, 7);
  assert.deepEqual(tally(down({ window_days: 3 })), { catchup_window: 26, due: 4 });
});

test('S4 a year of hourly downtime is worked out, each day once', () => {
  const table = scheduled('day', { rhythm: '0 * * * *', zone: 'Europe/Berlin' });
  const rows = due(table, 'Europe/Berlin', upTo(table, Date.parse('2025-11-01')), Date.parse('2026-11-01'));
  assert.equal(rows.length, 366); // both ends: the year begins and ends in the middle of a day
});

test('S7 clock steps do no harm: back two hours, forth three days, a saw-tooth, a sleep of nine hours', () => {
  const zone = 'Europe/Berlin';
  const table = scheduled('day', { rhythm: '0 * * * *', zone });
  const minute = 60_000;
  const start = Date.parse('2026-10-20T00:30Z');
  const clock = [start, ...Array.from({ length: 288 }, (_, n) => start + n * 5 * minute + (n % 2 === 0 ? -5 : 5) * minute)];
  const day = clock.at(-1) ?? start;
  clock.push(day - 120 * minute, day + 540 * minute, day + 4320 * minute, day + 10 * minute, day + 4400 * minute);
  const rows: string[] = [];
  let checked = start;
  for (const now of clock) {
    rows.push(
      ...due(table, zone, upTo(table, checked), now)
        .map(({ period }) => period)
        .filter((period) => !rows.includes(period)),
    );
    checked = Math.max(checked, now); // as the ledger keeps it
  }
  assert.deepEqual(rows, oracle('hourly', zone, start, Math.max(...clock)));
});

test('S11 changes of cron and zone double no period and lose none (property)', () => {
  const change = fc.record({
    zone: fc.constantFrom('Europe/Berlin', 'Africa/Cairo', 'America/Havana'),
    hour: fc.integer({ min: 2, max: 16 }), // away from Berlin's midnight in each of the zones

    days: fc.integer({ min: 2, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 2, maxLength: 5 }), (changes) => {
      const data = 'Europe/Berlin';
      const start = Date.parse('2026-03-01T12:00Z');
      let now = start;
      const rows: NewRun[] = [];
      let before: Looked | undefined;
      for (const { zone, hour, days } of changes) {
        const table = scheduled('day', { rhythm: `0 ${hour} * * *`, zone });
        const next = now + days * 24 * 3_600_000;
        // The change is noticed at once, and then it goes on.
        for (const [looked, to] of [[before ?? upTo(table, now), now + 60_000] as const, [upTo(table, now + 60_000), next] as const]) {
          const fallen = due(table, data, { ...looked, last_due: rows.at(-1)?.due_at }, to);
          rows.push(...fallen.filter(({ period }) => !rows.some((row) => row.period === period)));
        }
        now = next;
        before = upTo(table, now);
      }
      const dates = rows.map(({ period }) => period);
      assert.equal(new Set(dates).size, dates.length);
      // Gapless: from the first on, each day follows the one before.
      for (const [index, date] of dates.entries()) {
        const previous = dates[index - 1];
        if (previous !== undefined) assert.equal(date, Temporal.PlainDate.from(previous).add({ days: 1 }).toString());
      }
    }),
    { numRuns: Math.min(500, cases) },
  );
});
