// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references as people write them into YAML.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { configSchema, loadConfig, secretProblems } from '../src/config/index.ts';
import { realEffects } from '../src/effects.ts';
import { acme, good, load, problems } from './config-files.ts';

const shipped = join(import.meta.dirname, '../config');

test('a good configuration', async (t) => {
  const config = await load(t, acme('week_start: sunday\nmappings: { verdicts: { False-Positive: false_positive } }\n'));
  const client = config.clients.get('acme');
  assert.equal(config.reports_dir, join(config.dir, 'out'));
  assert.equal(config.data_dir, join(config.dir, '../data'));
  assert.deepEqual(config.categories, [{ category: 'Logon', when: { field: 'title', matches: 'logon' }, place: 'categories.yaml:2' }]);
  assert.deepEqual(config.reports.get('monthly'), {
    id: 'monthly',
    title: 'Month',
    reader: 'manager',
    period: 'month',
    incomplete: 'send-marked',
  });
  assert.deepEqual([client?.week_start, client?.locale, client?.history_days, client?.reports], [7, 'en-GB', 92, ['monthly']]);
  assert.deepEqual(client?.mappings, { verdicts: new Map([['false-positive', 'false_positive']]), ignore_log_sources: undefined });
  assert.equal(client?.sources.get('siem')?.required, true);
  assert.equal(client?.sources.get('siem')?.vendor.id, 'qradar');
});

test('a week begins as the locale has it, unless the client says otherwise', async (t) => {
  const first = async (more: string) => (await load(t, acme(more))).clients.get('acme')?.week_start;
  assert.deepEqual(
    await Promise.all(['', 'locale: de-DE\n', 'locale: en-US\n', 'locale: ar-EG\n', 'locale: en-US\nweek_start: monday\n'].map(first)),
    [1, 1, 7, 6, 1],
  );
});

test('unknown keys name the key that was probably meant', async (t) => {
  assert.deepEqual(await problems(t, { 'soc-kpi.yaml': 'data_dir: x\nreport_dir: y\nreports_dir: z\n' }), [
    'soc-kpi.yaml:2: report_dir: unknown key; did you mean "reports_dir"?',
  ]);
  assert.deepEqual(await problems(t, acme('branding: { color: "#102030", icon: x }\n')), [
    'clients/acme.yaml:9: branding.color: unknown key; did you mean "colour"?',
    'clients/acme.yaml:9: branding.icon: unknown key; there are: colour, logo, footer, classification',
  ]);
  assert.deepEqual(await problems(t, acme('id: acme\n')), ["clients/acme.yaml:9: id: unknown key; the file's name is the client's id"]);
  assert.deepEqual(await problems(t, { 'categories.yaml': 'categories:\n  - category: A\n    when:\n      not: { feild: title }\n' }), [
    'categories.yaml:4: categories.0.when.not.feild: unknown key; did you mean "field"?',
  ]);
});

test('TLS verification cannot be switched off', async (t) => {
  const file = good['clients/acme.yaml']?.replace('    token:', '    verify: false\n    tokn: x\n    token:') ?? '';
  assert.deepEqual(await problems(t, { 'clients/acme.yaml': file }), [
    'clients/acme.yaml:7: sources.siem.verify: unknown key; TLS is always verified; give a private CA as ca_file',
    'clients/acme.yaml:8: sources.siem.tokn: unknown key; did you mean "token"?',
  ]);
});

test('values of the wrong kind, missing and out of bounds', async (t) => {
  assert.deepEqual(await problems(t, { 'soc-kpi.yaml': 'data_dir: [a]\nbrowser:\n' }), [
    'soc-kpi.yaml:1: data_dir: is a list, but must be a text',
    'soc-kpi.yaml:1: reports_dir: is missing',
    'soc-kpi.yaml:2: browser: is without a value, but must be a map of keys',
  ]);
  assert.deepEqual(await problems(t, acme('history_days: 0\nweek_start: munday\nbranding: { colour: blue }\n')), [
    'clients/acme.yaml:10: week_start: "munday" is none of monday, tuesday, wednesday, thursday, friday, saturday, sunday; did you mean "monday"?',
    'clients/acme.yaml:9: history_days: is 0, but must be at least 1',
    'clients/acme.yaml:11: branding.colour: a colour is written as #rrggbb',
  ]);
  assert.deepEqual(
    await problems(t, {
      'reports.yaml': 'reports:\n  monthly:\n    title: ""\n    reader: manger\n    period: month\n    chapters: [volum]\n',
    }),
    [
      'reports.yaml:3: reports.monthly.title: is empty',
      'reports.yaml:4: reports.monthly.reader: "manger" is none of manager, client, engineer; did you mean "manager"?',
      'reports.yaml:6: reports.monthly.chapters.0: "volum" is none of change, incidents, volume, escalation, quality, speed, backlog, people, rules, attack, sources, data; did you mean "volume"?',
    ],
  );
  assert.deepEqual(await problems(t, acme('mappings: { verdicts: { Done: false_positiv, done: other } }\n')), [
    'clients/acme.yaml:9: mappings.verdicts.Done: "false_positiv" is none of true_positive, benign_positive, false_positive, duplicate, test, undetermined, other; did you mean "false_positive"?',
  ]);
  assert.deepEqual(await problems(t, acme('mappings: { verdicts: { Done: test, done: other } }\n')), [
    'clients/acme.yaml:9: mappings.verdicts.done: stands here twice, in different case',
  ]);
});

test('names that are known nowhere: zone, locale, vendor, report, category', async (t) => {
  const file = good['clients/acme.yaml'] ?? '';
  const changed = (from: string, to: string) => problems(t, { 'clients/acme.yaml': file.replace(from, to) });
  assert.deepEqual(await changed('Europe/Berlin', 'Europe/Berln'), [
    'clients/acme.yaml:2: timezone: no time zone "Europe/Berln"; did you mean "Europe/Berlin"?',
  ]);
  assert.deepEqual(await changed('Europe/Berlin', '"+02:00"'), [
    'clients/acme.yaml:2: timezone: no time zone "+02:00"; write an IANA name such as Europe/Berlin',
  ]);
  assert.deepEqual(await problems(t, acme('locale: xx\n')), [
    'clients/acme.yaml:9: locale: no locale "xx"; write one such as en-GB or de-DE',
  ]);
  assert.deepEqual(await problems(t, acme('locale: nl-NL\n')), [
    'clients/acme.yaml:9: locale: there are no words in the language of "nl-NL"; there are: en, de, fr, es, ar, ja, each also with a region such as de-AT',
  ]);
  assert.deepEqual(await problems(t, acme('locale: en_GB\n')), [
    'clients/acme.yaml:9: locale: no locale "en_GB"; write one such as en-GB or de-DE',
  ]);
  assert.deepEqual(await changed('qradar', 'quadar'), [
    'clients/acme.yaml:5: sources.siem.vendor: no vendor "quadar"; did you mean "qradar"?',
  ]);
  assert.deepEqual(await changed('    vendor: qradar\n', ''), ['clients/acme.yaml:4: sources.siem.vendor: is missing']);
  assert.deepEqual(await changed('[monthly]', '[monthly, weakly]'), [
    'clients/acme.yaml:8: reports.1: no report "weakly"; reports.yaml has: monthly',
  ]);
  assert.deepEqual(
    await problems(t, { 'categories.yaml': 'categories:\n  - { category: Other, when: { field: title, exists: true } }\n' }),
    ['categories.yaml:2: categories.0.category: "Other" is what no rule matches; give this category another name'],
  );
});

test('filters are checked where they stand', async (t) => {
  const rules =
    'categories:\n  - category: A\n    when:\n      any:\n        - { field: titel, equals: x }\n        - field: title\n          matches: "a("\n  - category: B\n    when: { field: title }\n';
  const whole = rules.replace('{ field: title }', '{ field: title, exists: true }');
  assert.deepEqual(await problems(t, { 'categories.yaml': rules }), [
    'categories.yaml:9: categories.1.when: "field" needs exactly one of equals, in, contains, matches, range, exists; it has none',
  ]);
  assert.deepEqual(await problems(t, { 'categories.yaml': whole }), [
    'categories.yaml:5: categories.0.when.any.0.field: no field "titel"; did you mean "title"?',
    'categories.yaml:7: categories.0.when.any.1.matches: missing closing ) at character 3',
  ]);
  assert.deepEqual(await problems(t, acme('mappings:\n  ignore_log_sources: { field: title, equals: x }\n')), [
    'clients/acme.yaml:10: mappings.ignore_log_sources.field: no field "title"; there are: log_sources',
  ]);
});

test('YAML that cannot be read, by line, together with the other files', async (t) => {
  const found = await problems(t, {
    'soc-kpi.yaml': 'data_dir: a\ndata_dir: b\nreports_dir: c\n',
    'categories.yaml': 'categories:\n  - category: "A\n',
    'reports.yaml': '# nothing\n',
    'clients/acme.yaml': 'name: Acme\ntimezone: Europe/Berlin\n',
  });
  assert.deepEqual(found, [
    'soc-kpi.yaml:2: this key stands twice in its map; YAML would keep only one of them',
    'categories.yaml:3: not YAML: Missing closing "quote',
    'reports.yaml:1: the file is empty',
    'clients/acme.yaml:1: sources: is missing',
  ]);
});

test('files that are missing or do not belong', async (t) => {
  assert.deepEqual(await problems(t, { 'reports.yaml': undefined, 'clients/acme.yaml': undefined }), [
    'reports.yaml: no such file; the example configuration has one to start from',
    'clients: no client; there must be a file <id>.yaml for each',
  ]);
  assert.deepEqual(await problems(t, { 'clients/Acme_2.yaml': 'x: 1\n', 'clients/notes.txt': 'hello' }), [
    'clients/Acme_2.yaml: "Acme_2" is no client id; an id has small letters, digits and hyphens, at most 63, and starts with a letter or digit',
    "clients/notes.txt: is no client; a client's file is called <id>.yaml",
  ]);
  await assert.rejects(loadConfig('/no/such/folder', realEffects), {
    message: "/no/such/folder: no such folder; give the configuration's folder with --config",
  });
});

test('the shipped configuration loads without any variable', async () => {
  const config = await loadConfig(shipped, { ...realEffects, env: {} });
  assert.deepEqual([...config.reports.keys()], ['monthly', 'weekly', 'daily']);
  assert.equal(config.clients.get('demo')?.notice, 'Sample data');
  assert.equal(secretProblems(config).length, 8);
});

test('the schema for editors is fresh', async () => {
  const written: unknown = JSON.parse(await readFile(join(shipped, 'schema.json'), 'utf8'));
  assert.deepEqual(
    written,
    JSON.parse(JSON.stringify(await configSchema())),
    'config/schema.json is not what the code says; run: node scripts/write-schema.ts',
  );
});

test('the record for cases and for alerts names sources that can be it, and leaves none out', async (t) => {
  const desk =
    '  desk:\n    vendor: jira\n    base_url: https://desk.example\n    user: a\n    api_token: ${env:TOKEN}\n    jql: project = SOC\n';
  const withDesk = (records: string) => ({
    'clients/acme.yaml': `${good['clients/acme.yaml']?.replace('reports:', `${desk}reports:`)}records: ${records}\n`,
  });
  const config = await load(t, withDesk('{ cases: desk, alerts: [siem] }'));
  assert.deepEqual(config.clients.get('acme')?.records, { cases: ['desk'], alerts: ['siem'] });
  const at = 'clients/acme.yaml:15: records';
  assert.deepEqual(await problems(t, withDesk('{ cases: desk, alerts: [siem, siem] }')), [`${at}.alerts.1: "siem" stands here twice`]);
  assert.deepEqual(await problems(t, withDesk('{ cases: dsk, alerts: [siem] }')), [
    `${at}.cases: there is no source "dsk"; did you mean "desk"?`,
    `${at}: "desk" stands in neither list, so nothing of it would count; add it to cases or to alerts`,
  ]);
  assert.deepEqual(await problems(t, withDesk('{ cases: [siem], alerts: [desk] }')), [
    `${at}.cases.0: IBM QRadar gives no cases; name the case tool, or leave records out`,
  ]);
  assert.deepEqual(await problems(t, withDesk('{ cases: [desk], alerts: [siem, desk] }')), [
    `${at}: "desk" stands in both lists, but gives cases only, each of which would count twice`,
  ]);
  assert.deepEqual(await problems(t, withDesk('{ cases: desk }')), [`${at}.alerts: is missing`]);
});
