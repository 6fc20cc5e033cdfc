import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { startLoopback } from '../../src/demo/server.ts';
import { openHttp } from '../../src/http.ts';
import { Secret } from '../../src/secret.ts';
import sentinelone from '../../src/vendors/sentinelone/index.ts';
import { stillEffects } from './replay.ts';
import { type Definitions, sampleOf, sharedSpec } from './sample.ts';

const swagger = sharedSpec('sentinelone/swagger-2.1.cut.json');

interface Operation {
  parameters: { name: string; enum?: string[]; maximum?: number }[];
}

test("every parameter asked for is one of the vendor's own API description", async (t) => {
  if (swagger === undefined) return t.skip('skipped: no real data here (specs/sentinelone)');
  const { paths }: { paths: Record<string, { get: Operation }> } = JSON.parse(swagger);
  const asked = await questions();
  for (const { path, query } of asked) {
    const known = new Map(paths[path]?.get.parameters.map((each) => [each.name, each]));
    for (const [name, value] of query) {
      const parameter = known.get(name);
      assert.ok(parameter !== undefined, `${path} knows no ${name}`);
      assert.ok(parameter.enum === undefined || parameter.enum.includes(value), `${name} may not be ${value}`);
      assert.ok(parameter.maximum === undefined || Number(value) <= parameter.maximum, `${name} is too large`);
    }
  }
  assert.equal(asked.length, 4);
});

test("every field of the vendor's own model of threats is read in its type", (t) => {
  if (swagger === undefined) return t.skip('skipped: no real data here (specs/sentinelone)');
  const { definitions }: { definitions: Definitions } = JSON.parse(swagger);
  const answer = z.object({ data: z.array(z.unknown()) }).parse(sampleOf(definitions, 'threats.schemas_ThreatSchema_many_200'));
  const settings = sentinelone.settings.parse({ base_url: 'https://console.example', api_token: new Secret('not-a-token', 'test') });
  const [finding] = answer.data.map((each) =>
    sentinelone.normalise(sentinelone.raw.parse(each), { settings, lookups: {}, collected_at: 0 }),
  );
  assert.deepEqual([finding?.severity, finding?.status, finding?.verdict], [4, 'new', null]);
  assert.deepEqual([finding?.created_at, finding?.first_activity_at], Array(2).fill(Date.parse('2026-10-01T08:00:00.123Z')));
  assert.equal(finding?.entities.length, 4);
});

/** What a check and both kinds of window ask. */
async function questions(): Promise<{ path: string; query: URLSearchParams }[]> {
  const body = JSON.stringify({ data: [], pagination: { totalItems: 0, nextCursor: null }, errors: null });
  const server = await startLoopback(() => ({ status: 200, body }));
  try {
    const settings = sentinelone.settings.parse({ base_url: server.url, api_token: new Secret('not-a-token', 'test') });
    const effects = stillEffects(0);
    const connection = sentinelone.connection?.(settings) ?? assert.fail();
    const http = await openHttp(connection, effects);
    assert.match(await sentinelone.check({ http, settings, effects }), /0 threats/);
    for (const mode of ['created', 'changed'] as const)
      for await (const page of sentinelone.pages({ http, settings, effects, window: { mode, from: 0, to: 1 } }))
        assert.deepEqual(page.records, []);
    return [...server.requests];
  } finally {
    await server.close();
  }
}
