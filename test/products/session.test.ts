import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HttpRequest, SourceError } from '../../src/http.ts';
import { openSession, readOAuthToken } from '../../src/products/index.ts';
import { stillEffects } from '../vendors/replay.ts';

/** A door whose tokens work as often as given, and a clock of its own. */
function world(uses: number, expires_in: number | string = 3600) {
  let clock = 0;
  let logins = 0;
  let left = 0;
  const carried: string[] = [];
  const http = {
    stats: { requests: 0, retries: 0, bytes: 0 },
    async request(request: HttpRequest) {
      const answer = (json: unknown) => ({ status: 200, headers: {}, json });
      if (request.path === 'token') {
        logins += 1;
        left = uses;
        return answer({ access_token: `t${logins}`, expires_in });
      }
      const given = request.headers?.Authorization;
      carried.push(typeof given === 'object' ? given.reveal() : String(given));
      if (left <= 0) throw new SourceError('unauthorised', '401', { status: 401 });
      left -= 1;
      return answer('ok');
    },
  };
  const effects = { ...stillEffects(0), monotonic: () => clock };
  const api = openSession(http, effects, { request: () => ({ path: 'token' }), read: readOAuthToken });
  const pass = (ms: number) => {
    clock += ms;
  };
  return { api, carried, logins: () => logins, pass };
}

test('many requests at once share one login', async () => {
  const { api, carried, logins } = world(100);
  await Promise.all([1, 2, 3].map((number) => api.request({ path: String(number) })));
  assert.equal(logins(), 1);
  assert.deepEqual(carried, ['Bearer t1', 'Bearer t1', 'Bearer t1']);
});

test('a token is renewed before it ends, also where its life is a text', async () => {
  const { api, logins, pass } = world(100, '3600');
  await api.request({ path: 'a' });
  pass(3539_000);
  await api.request({ path: 'b' });
  assert.equal(logins(), 1);
  pass(1000);
  await api.request({ path: 'c' });
  assert.equal(logins(), 2);
});

test('a token that is refused early is renewed once; a second refusal is the answer', async () => {
  const { api, logins, carried } = world(1);
  await api.request({ path: 'a' });
  await api.request({ path: 'b' });
  assert.deepEqual([logins(), carried.at(-1)], [2, 'Bearer t2']);
  const never = world(0);
  await assert.rejects(never.api.request({ path: 'a' }), { kind: 'unauthorised' });
  assert.equal(never.logins(), 2);
});

test('an answer without a token is no login', () => {
  const answer = { status: 200, headers: {}, json: { error: 'invalid_client' } };
  assert.throws(() => readOAuthToken(answer), /no access_token/);
});
