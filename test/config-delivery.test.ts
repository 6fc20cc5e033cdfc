// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acme, good, load, problems } from './config-files.ts';

const scheduled = (entry: string, contacts = '[boss@acme.example]') => ({
  'clients/acme.yaml': `${good['clients/acme.yaml']?.replace('reports: [monthly]\n', '')}contacts: ${contacts}\nreports:\n  - ${entry}\n`,
});
const main = (more: string) => ({ 'soc-kpi.yaml': `${good['soc-kpi.yaml']}${more}` });

test('a report with a schedule, next to plain ids', async (t) => {
  const config = await load(t, {
    ...main('smtp: { host: localhost, tls: none, from: soc@example.com }\n'),
    ...scheduled(
      '{ report: monthly, schedule: "0 6 1 * *", zone: Europe/Kyiv, collect_deadline: 2h, recipients: [{ to: boss@acme.example, locale: de-DE }] }',
    ),
  });
  const client = config.clients.get('acme');
  assert.deepEqual(client?.reports, ['monthly']);
  assert.deepEqual(client?.scheduled, [
    {
      report: config.reports.get('monthly'),
      rhythm: '0 6 1 * *',
      zone: 'Europe/Kyiv',
      catchup: { window_days: 31, max: 7, order: 'oldest-first', mail: 'latest' },
      recipients: [{ to: 'boss@acme.example', locale: 'de-DE', format: 'pdf' }],
      places: [],
      collect_deadline: 7_200_000,
    },
  ]);
  const after = await load(t, scheduled('{ report: monthly, schedule: { days_after: 2, at: "06:30" } }'));
  assert.deepEqual(after.clients.get('acme')?.scheduled[0]?.rhythm, { days_after: 2, at: '06:30' });
  assert.equal(after.clients.get('acme')?.scheduled[0]?.zone, 'Europe/Berlin');
});

const wrong: [string, string][] = [
  ['{ report: monthly, schedule: "0 6 30 2 *" }', 'clients/acme.yaml:10: reports.0.schedule: "0 6 30 2 *" never fires: no such day exists'],
  [
    '{ report: monthly, schedule: "61 * * * *" }',
    'clients/acme.yaml:10: reports.0.schedule: "61 * * * *" is no cron expression of five fields (minute hour day month weekday): Invalid value for minute: 61',
  ],
  [
    '{ report: monthly, schedule: { days_after: 2, at: "25:00" } }',
    'clients/acme.yaml:10: reports.0.schedule.at: a local time is written as HH:MM',
  ],
  [
    '{ report: monthly, schedule: { days_afer: 2, at: "06:00" } }',
    'clients/acme.yaml:10: reports.0.schedule.days_afer: unknown key; did you mean "days_after"?',
  ],
  [
    '{ report: monthly, schedule: "0 6 1 * *", zone: Europe/Berlim }',
    'clients/acme.yaml:10: reports.0.zone: no time zone "Europe/Berlim"; did you mean "Europe/Berlin"?',
  ],
  [
    '{ report: monthly, schedule: "0 6 1 * *", recipents: [] }',
    'clients/acme.yaml:10: reports.0.recipents: unknown key; did you mean "recipients"?',
  ],
  ['{ report: montly, schedule: "0 6 1 * *" }', 'clients/acme.yaml:10: reports.0.report: no report "montly"; did you mean "monthly"?'],
  [
    '{ report: monthly, schedule: "0 6 1 * *", recipients: [{ to: boss@acme.exmple }] }',
    'clients/acme.yaml:10: reports.0.recipients.0.to: "boss@acme.exmple" is not on this client\'s list; add it to contacts; did you mean "boss@acme.example"?',
  ],
  [
    '{ report: monthly, schedule: "0 6 1 * *", recipients: [{ to: "boss@acme.example\\nBcc: x@y.example" }] }',
    'clients/acme.yaml:10: reports.0.recipients.0.to: is no mail address; write only name@example.com',
  ],
];

test('what can not be meant is told with its key at load', async (t) => {
  for (const [entry, message] of wrong) {
    const told = await problems(t, scheduled(entry));
    assert.ok(told.includes(message), `${entry}\n  gave ${told.join('\n  and  ')}`);
  }
  assert.deepEqual(await problems(t, acme('contacts: ["Boss <boss@acme.example>"]\n')), [
    'clients/acme.yaml:9: contacts.0: is no mail address; write only name@example.com',
  ]);
});

test('recipients without a mail server are told', async (t) => {
  assert.deepEqual(await problems(t, scheduled('{ report: monthly, schedule: "0 6 1 * *", recipients: [{ to: boss@acme.example }] }')), [
    'clients/acme.yaml: reports have recipients, but soc-kpi.yaml has no smtp to send them',
  ]);
});

test('a schedule in a DST gap is legal, and told with its key and when it fires', async (t) => {
  const remark = async (schedule: string, more = '') => {
    const config = await load(t, scheduled(`{ report: monthly, schedule: ${schedule}${more} }`));
    return config.clients.get('acme')?.scheduled[0]?.remark;
  };
  const [cron, days] = [await remark('"30 2 * * *"'), await remark('{ days_after: 27, at: "02:30" }')];
  assert.match(
    cron ?? '',
    /clients\/acme\.yaml:\d+: reports\.0\.schedule: 02:30 is skipped by the clocks of Europe\/Berlin on 2027-03-28; it fires once then, at 03:00$/,
  );
  assert.match(days ?? '', /: reports\.0\.schedule: 02:30 is skipped by .* on 2027-03-28; it fires once then, at 03:30$|^$/);
  assert.match((await remark('"0 0 * * *"', ', zone: Africa/Cairo')) ?? '', /: 00:00 is skipped .* of Africa\/Cairo on .*, at 01:00$/);
  for (const fine of ['"0 6 * * *"', '"*/30 * * * *"', '"30 2 * * 1"', '{ days_after: 2, at: "02:30" }'])
    assert.equal(await remark(fine), undefined, fine);
});

test('the mail server: TLS is the default, secrets are references, and a missing one is told only when it is needed', async (t) => {
  const config = await load(t, main('smtp: { host: mail.example, from: soc@example.com, user: soc, password: "${env:SMTP_PASSWORD}" }\n'));
  assert.equal(config.smtp?.tls, 'starttls');
  assert.equal(config.smtp?.port, 587);
  assert.throws(() => config.smtp?.secrets, /smtp\.password: the environment variable SMTP_PASSWORD is not set/);
  const given = await load(t, main('smtp: { host: mail.example, from: soc@example.com, user: soc, password: "${env:TOKEN}" }\n'));
  assert.equal(given.smtp?.secrets.password?.reveal(), 'geheim-123');

  assert.deepEqual(await problems(t, main('smtp: { host: mail.example, from: soc@example.com, user: soc, password: plain }\n')), [
    'soc-kpi.yaml:3: smtp.password: must be a reference, ${env:NAME} or ${file:PATH}, never the value itself',
  ]);
  assert.deepEqual(await problems(t, main('smtp: { host: mail.example, from: soc@example.com, tls: none }\n')), [
    'soc-kpi.yaml:3: smtp.tls: is "none", which is only for a mail server on this machine (localhost); write starttls or implicit',
  ]);
  assert.deepEqual(await problems(t, main('smtp: { host: localhost, from: soc@example.com, tls: none }\n')), []);
});
