import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { query } from '../../src/cli/query.ts';
import { realEffects } from '../../src/effects.ts';
import { openStore } from '../../src/store/index.ts';
import { batch, finding } from '../store/fixtures.ts';
import { world } from '../promises/world.ts';

const at = (text: string): number => Date.parse(text);

/** A finding every hour of the day on which Berlin's clocks go back, from its midnight to the next. */
function dayOf25Hours(t: TestContext, status: 'complete' | 'partial' = 'complete') {
  const place = world(t, 25);
  const store = openStore(join(place.dir, 'data/acme.sqlite'), 'acme');
  const start = at('2026-10-24T22:00Z');
  const findings = Array.from({ length: 25 }, (_, hour) =>
    finding(String(hour), {
      title: hour % 5 === 0 ? 'logon \u001b[31mfailed' : 'virus',
      created_at: start + hour * 3_600_000 + 4_000,
      rules: hour === 7 ? [{ name: 'One' }, { name: 'Two' }] : [{ name: 'One' }],
    }),
  );
  const window = { window_from: start, window_to: at('2026-10-26T00:00Z') };
  store.append(
    { ...batch(at('2026-10-26T01:00Z')), ...window, status, reason: status === 'complete' ? undefined : 'cut off' },
    findings,
    [],
  );
  store.close();
  return async (flags: Partial<Parameters<typeof query>[2]>): Promise<{ code: number; said: string[] }> => {
    const said: string[] = [];
    const effects = { ...realEffects, now: () => at('2026-10-27T00:00Z') };
    const code = await query({ config: place.dir, debug: false, effects, print: (text) => void said.push(text) }, 'acme', {
      format: 'text',
      ...flags,
    });
    return { code, said };
  };
}

test('buckets are those of the client’s clock: 25 hours and one day when the clocks go back', async (t) => {
  const ask = dayOf25Hours(t);
  const hours = await ask({ bucket: '1h' });
  assert.equal(hours.code, 0);
  assert.equal(hours.said.length, 26);
  assert.deepEqual(hours.said.slice(2, 5), ['1  2026-10-25T02:00+02:00', '1  2026-10-25T02:00+01:00', '1  2026-10-25T03:00+01:00']);
  assert.equal(hours.said[25], '25 of 25 findings, times in Europe/Berlin; buckets without any are left out');
  assert.equal((await ask({ bucket: '1d' })).said[0], '25  2026-10-25T00:00+02:00');
  assert.equal((await ask({ bucket: '3s', from: '2026-10-25', to: '2026-10-25' })).said[0], '1  2026-10-25T00:00:03+02:00');
  assert.equal((await ask({ bucket: '2d', from: '2026-10-24', to: '2026-10-25' })).said[0], '25  2026-10-24T00:00+02:00');
});

test('a set by the filter language, counted by a field, with what it is counted of', async (t) => {
  const ask = dayOf25Hours(t);
  const where = '{ field: title, contains: logon }';
  assert.deepEqual((await ask({ where })).said, ['5 of 25 findings']);
  assert.deepEqual((await ask({ by: 'title' })).said, ['20  virus', ' 5  logon \u241b[31mfailed', '25 of 25 findings']);
  assert.deepEqual((await ask({ by: 'rules' })).said.slice(0, 2), ['25  One', ' 1  Two']);
  assert.deepEqual((await ask({ by: 'category' })).said.slice(0, 2), ['20  Other', ' 5  Logon']);
  assert.deepEqual((await ask({ by: 'assignee', where: '{"not": {"field": "title", "equals": "virus"}}' })).said, [
    '5  (unknown)',
    '5 of 25 findings',
  ]);
  const json = JSON.parse((await ask({ where, by: 'title', format: 'json' })).said.join(''));
  assert.deepEqual([json.n, json.of, json.counts], [5, 25, [{ value: 'logon \u001b[31mfailed', n: 5 }]]);
  assert.match(
    (await ask({ by: 'title', bucket: '1d', format: 'csv' })).said.join('\n'),
    /^\ufeffat,at \(Europe\/Berlin\),title,n\r\n2026-10-24T22:00:00/,
  );
});

test('counts over what was not collected completely are lower bounds, and say so', async (t) => {
  const { code, said } = await dayOf25Hours(t, 'partial')({ format: 'json' });
  assert.equal(code, 1);
  assert.match(JSON.parse(said.join('')).incomplete[0], /is partial, so these are lower bounds: cut off/);
});

test('a filter, field or width that cannot be meant is refused, and says what could be', async (t) => {
  const ask = dayOf25Hours(t);
  await assert.rejects(ask({ where: '{ field: titel, contains: x }' }), /--where:1.*titel.*did you mean "title"/s);
  await assert.rejects(ask({ where: '{ field: title' }), /--where:1: not YAML/);
  await assert.rejects(ask({ where: '{ field: title }' }), /needs exactly one of equals/);
  await assert.rejects(ask({ by: 'titel' }), /--by titel: .*did you mean "title"\?; there are: /);
  await assert.rejects(ask({ by: 'created_at' }), /cannot be counted by that/);
  for (const bucket of ['0h', '1w', '25h', 'x']) await assert.rejects(ask({ bucket }), /is no width; write 30s/);
});
