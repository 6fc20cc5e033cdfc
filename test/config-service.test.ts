import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acme, load, problems } from './config-files.ts';

const office = 'calendar:\n  weekly:\n    - { days: [monday, tuesday], from: "08:00", to: "18:00" }\n';

test('working hours, shifts and service levels, with what is left out filled in', async (t) => {
  const shifts = '  holidays: [2026-10-03]\n  shifts:\n    - { name: night, days: [sunday], from: 22:00, to: 06:00, analysts: 2 }\n';
  const sla = 'sla:\n  - { metric: close, severity: [high, critical], target: 4h, clock: sla, pause_on: [on_hold], goal: 0.9 }\n';
  const more = '  - { metric: acknowledge, target: 2d, when: { field: tags, equals: vip } }\n';
  const client = (await load(t, acme(office + shifts + sla + more))).clients.get('acme');
  const open = { from: '08:00', to: '18:00' };
  assert.deepEqual(client?.calendar, {
    zone: 'Europe/Berlin',
    weekly: { mon: [open], tue: [open] },
    holidays: ['2026-10-03'],
    extra: [],
  });
  assert.deepEqual(client?.shifts, [{ name: 'night', days: [7], from: '22:00', to: '06:00', analysts: 2 }]);
  assert.deepEqual(client?.sla, [
    {
      metric: 'close',
      severity_at: 'start',
      clock: 'sla',
      goal: 0.9,
      target_s: 4 * 3600,
      pause_on: new Set(['on_hold']),
      severities: new Set([4, 5]),
    },
    {
      metric: 'acknowledge',
      severity_at: 'start',
      clock: 'calendar',
      target_s: 2 * 86_400,
      pause_on: new Set(),
      when: { field: 'tags', equals: 'vip' },
    },
  ]);
});

test('a client without any has none', async (t) => {
  const client = (await load(t)).clients.get('acme');
  assert.deepEqual([client?.calendar, client?.shifts, client?.sla], [undefined, [], []]);
});

test('a calendar of another zone keeps it', async (t) => {
  const client = (await load(t, acme(`${office}  zone: Asia/Kathmandu\n`))).clients.get('acme');
  assert.equal(client?.calendar?.zone, 'Asia/Kathmandu');
});

test('what is wrong in them is named by file, line and key', async (t) => {
  const wrong = `${office}  zone: Europe/Berln\n  holidays: [2026-02-30]\n  shifts:\n    - { name: x, days: [munday], from: "8:00", to: "25:00", analysts: 0 }\n`;
  assert.deepEqual(await problems(t, acme(wrong)), [
    'clients/acme.yaml:12: calendar.zone: no time zone "Europe/Berln"; did you mean "Europe/Berlin"?',
    'clients/acme.yaml:13: calendar.holidays.0: is no date; write one such as 2026-12-24',
    'clients/acme.yaml:15: calendar.shifts.0.days.0: "munday" is none of monday, tuesday, wednesday, thursday, friday, saturday, sunday; did you mean "monday"?',
    'clients/acme.yaml:15: calendar.shifts.0.from: a time of day is written as 08:30',
    'clients/acme.yaml:15: calendar.shifts.0.to: a time of day is written as 17:30, the end of the day as 24:00',
    'clients/acme.yaml:15: calendar.shifts.0.analysts: is 0, but must be at least 1',
  ]);
  assert.deepEqual(
    await problems(t, acme('sla:\n  - { metric: acknowlege, target: 15 min, goal: 95 }\n  - { target: 4h, pause-on: [x] }\n')),
    [
      'clients/acme.yaml:10: sla.0.metric: "acknowlege" is none of acknowledge, escalate, close, contain; did you mean "acknowledge"?',
      'clients/acme.yaml:10: sla.0.target: a target is written as 15m, 4h or 2d',
      'clients/acme.yaml:10: sla.0.goal: is 95, but must be at most 1',
      'clients/acme.yaml:11: sla.1.metric: is missing',
      'clients/acme.yaml:11: sla.1.pause-on: unknown key; did you mean "pause_on"?',
    ],
  );
  assert.deepEqual(await problems(t, acme('calendar: { weekly: [] }\n')), ['clients/acme.yaml:9: calendar.weekly: is empty']);
});

test('a service-level clock needs hours to run in, and hours that can be counted', async (t) => {
  assert.deepEqual(await problems(t, acme('sla:\n  - { metric: close, target: 4h, clock: sla }\n')), [
    'clients/acme.yaml:10: sla.0.clock: the sla clock needs `calendar` with the hours in which it runs',
  ]);
  assert.deepEqual(await problems(t, acme(`${office}sla:\n  - { metric: close, target: 2d, clock: sla }\n`)), [
    'clients/acme.yaml:13: sla.0.target: a day of the sla clock has no fixed length; write it in hours',
  ]);
  assert.deepEqual(await problems(t, acme('sla:\n  - { metric: close, target: 4h, when: { field: sevrity, equals: 5 } }\n')), [
    'clients/acme.yaml:10: sla.0.when.field: no field "sevrity"; did you mean "severity"?',
  ]);
});

test('notes on incidents name a source the client has, and their finding by the product’s own id', async (t) => {
  const client = (
    await load(t, acme('incident_notes:\n  - { source: siem, finding: 9727, lesson: Macros are blocked now }\n'))
  ).clients.get('acme');
  assert.deepEqual(client?.incident_notes, [{ source: 'siem', finding: '9727', lesson: 'Macros are blocked now' }]);
  assert.deepEqual(await problems(t, acme('incident_notes:\n  - { source: edr, finding: 9727 }\n  - { source: siem, lessons: x }\n')), [
    'clients/acme.yaml:11: incident_notes.1.finding: is missing',
    'clients/acme.yaml:11: incident_notes.1.lessons: unknown key; did you mean "lesson"?',
  ]);
  assert.deepEqual(await problems(t, acme('incident_notes: [{ source: edr, finding: 9727 }]\n')), [
    'clients/acme.yaml:9: incident_notes.0.source: there is no source "edr"; this client has siem',
  ]);
});
