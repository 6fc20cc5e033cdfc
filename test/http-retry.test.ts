import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { HttpRequest, HttpSettings } from '../src/http.ts';
import { openGate, pauseBefore, toldToWait } from '../src/http-retry.ts';
import { bodyOf, errorOf, fakeTime, open, serve } from './http-loopback.ts';

type Step = (response: ServerResponse, request: IncomingMessage) => void;
const ok: Step = (response) => void response.end('"ok"');
const fails =
  (status: number, headers: Record<string, string> = {}): Step =>
  (response) =>
    void response.writeHead(status, headers).end();
const reset: Step = (_response, request) => void request.socket.destroy();

/** A door to a server that answers with the steps in order, the last one for ever. */
async function script(t: TestContext, steps: Step[], settings: Partial<HttpSettings> = {}, random = 0.5) {
  const effects = fakeTime({ random: () => random });
  let at = 0;
  const url = await serve(t, async (request, response) => {
    await bodyOf(request);
    const step = steps[Math.min(at, steps.length - 1)];
    at += 1;
    step?.(response, request);
  });
  return { http: await open(url, settings, effects), effects };
}

const get: HttpRequest = { path: '/x' };

test('what passes by itself is asked again, with exponential backoff and full jitter', async (t) => {
  for (const step of [fails(408), fails(425), fails(429), fails(500), fails(502), fails(503), fails(504), reset]) {
    const { http, effects } = await script(t, [step, step, step, ok]);
    assert.equal((await http.request(get)).json, 'ok');
    assert.deepEqual(effects.slept, [250, 500, 1000]);
    assert.deepEqual([http.stats.requests, http.stats.retries], [4, 3]);
    assert.deepEqual(effects.events.filter((event) => event.event === 'http.retry').length, 3);
  }
});

test('Retry-After is obeyed, never shortened, and jittered', async (t) => {
  const date = 'Mon, 05 Oct 2026 10:00:00 GMT';
  const cases: [Record<string, string>, number][] = [
    [{ 'retry-after': '7' }, 7250],
    [{ 'retry-after': '2.128' }, 2378],
    // Nine seconds after the source's own clock, which is two hours ahead of ours.
    [{ date, 'retry-after': 'Mon, 05 Oct 2026 10:00:09 GMT' }, 9250],
    [{ date: 'garbage', 'retry-after': 'Mon, 05 Oct 2026 08:00:30 GMT' }, 30_250],
    [{ date, 'x-ratelimit-retryafter': String(Date.parse(date) / 1000 + 5) }, 5250],
    // A date in the past, nonsense and zero: backoff as if nothing was said.
    [{ date, 'retry-after': 'Mon, 05 Oct 2026 09:59:00 GMT' }, 250],
    [{ 'retry-after': 'abc' }, 250],
    [{ 'retry-after': 'abc 1' }, 250],
    [{ 'retry-after': '-5' }, 250],
    [{ 'retry-after': '0' }, 250],
    [{}, 250],
  ];
  for (const [headers, waited] of cases) {
    const { http, effects } = await script(t, [fails(429, headers), ok]);
    await http.request(get);
    assert.deepEqual(effects.slept, [waited], JSON.stringify(headers));
  }
});

test('a wait longer than the budget is not begun, and the message says so', async (t) => {
  const { http, effects } = await script(t, [fails(429, { 'retry-after': '999999' })], { retry_budget_ms: 60_000 });
  const error = await errorOf(http.request(get));
  assert.deepEqual([error.kind, error.status, effects.slept], ['throttled', 429, []]);
  assert.match(error.message, /^GET \/x answered 429: .*Tried 1 time\. It asks to wait 999999 s, but 60 s are left for retries\.$/);
});

test('the budget is one for the whole run', async (t) => {
  const { http, effects } = await script(t, [fails(503, { 'retry-after': '9' })], { retry_budget_ms: 20_000 }, 0);
  const first = await errorOf(http.request(get));
  assert.deepEqual([first.kind, effects.slept], ['server-error', [9000, 9000]]);
  const second = await errorOf(http.request(get));
  assert.equal(second.status, 503);
  assert.equal(effects.slept.length, 2);
  assert.equal(http.stats.requests, 4);
});

test('a retry may not take longer than the budget that is left', async (t) => {
  const { http } = await script(t, [fails(503), () => {}], { retry_budget_ms: 150 }, 0);
  const from = performance.now();
  const error = await errorOf(http.request(get));
  assert.equal(error.kind, 'timeout');
  assert.ok(performance.now() - from < 1150);
});

test('tries end even when waiting costs nothing', async (t) => {
  const { http } = await script(t, [fails(500)], {}, 0);
  const error = await errorOf(http.request(get));
  assert.equal(http.stats.requests, 8);
  assert.match(error.message, /Tried 8 times\.$/);
});

test('a request that changes something is not repeated, unless it says that it is a query', async (t) => {
  for (const step of [fails(503, { 'retry-after': '1' }), reset]) {
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      const { http, effects } = await script(t, [step, ok]);
      await errorOf(http.request({ method, path: '/x', json: {} }));
      assert.deepEqual([http.stats.requests, effects.slept], [1, []]);
    }
    const { http } = await script(t, [step, ok]);
    assert.equal((await http.request({ method: 'POST', path: '/search', json: {}, idempotent: true })).json, 'ok');
    const { http: careful } = await script(t, [step, ok]);
    await errorOf(careful.request({ ...get, idempotent: false }));
  }
});

test('a reset that stays is unreachable', async (t) => {
  const { http } = await script(t, [reset]);
  const error = await errorOf(http.request(get));
  assert.equal(error.kind, 'unreachable');
  assert.match(error.message, /the connection was cut \(ECONNRESET\)/);
});

test('while a source throttles one request, no other starts', async (t) => {
  const { http, effects } = await script(t, [fails(429, { 'retry-after': '10' }), ok], {}, 0);
  const { sleep } = effects;
  let later: Promise<unknown> | undefined;
  effects.sleep = async (ms) => {
    later ??= http.request(get);
    await new Promise((resolve) => setImmediate(resolve));
    await sleep(ms);
  };
  await http.request(get);
  await later;
  assert.deepEqual(effects.slept, [10_000, 10_000]);
});

test('holding the gate longer is not undone by holding it shorter', async () => {
  const time = fakeTime();
  const gate = openGate(4, undefined, time);
  const start = await gate.run(async () => time.monotonic());
  gate.hold(10_000);
  gate.hold(3_000);
  const starts = await Promise.all([gate.run(async () => time.monotonic()), gate.run(async () => time.monotonic())]);
  assert.deepEqual(
    starts.map((at) => at >= start + 10_000),
    [true, true],
  );
});

test('the gate spaces starts evenly and lets the next one in after a failure', async () => {
  const time = fakeTime();
  const gate = openGate(1, 4, time);
  const starts: number[] = [];
  const works = Array.from({ length: 9 }, (_, at) =>
    gate.run(async () => {
      starts.push(time.monotonic());
      if (at === 3) throw new Error('this one fails');
    }),
  );
  const outcomes = await Promise.allSettled(works);
  assert.deepEqual(outcomes.map((outcome) => outcome.status).indexOf('rejected'), 3);
  assert.deepEqual(
    starts.map((at) => at - 1000),
    [0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000],
  );
});

test('no more requests per second, and none more at once, than configured', async (t) => {
  const effects = fakeTime();
  let inFlight = 0;
  let most = 0;
  const url = await serve(t, async (_request, response) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inFlight -= 1;
    response.end('{}');
  });
  const http = await open(url, { requests_per_second: 4, concurrency: 2 }, effects);
  const from = effects.monotonic();
  await Promise.all(Array.from({ length: 9 }, () => http.request(get)));
  assert.ok(effects.monotonic() - from >= 2000, `9 requests took ${effects.monotonic() - from} ms`);
  assert.equal(most, 2);
  assert.equal(http.stats.requests, 9);
});

test('the arithmetic of waiting', () => {
  assert.equal(
    pauseBefore(1, undefined, () => 0.999),
    500,
  );
  assert.equal(
    pauseBefore(20, undefined, () => 1),
    30_000,
  );
  assert.equal(
    pauseBefore(20, 5000, () => 1),
    6000,
  );
  assert.equal(toldToWait({ 'retry-after': 'Mon, 05 Oct 2026 08:00:05 GMT' }, Date.parse('2026-10-05T08:00:00Z')), 5000);
  assert.equal(toldToWait({ 'retry-after': 'Mon, 99 Foo 2026 08:00:05 GMT' }, 0), undefined);
});
