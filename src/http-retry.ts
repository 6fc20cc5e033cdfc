import type { Effects } from './effects.ts';

/** Tries of one request, however much of the run's budget is left. */
export const maxTries = 8;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * How long the source asks us to wait, in ms; undefined when it does not say or says nonsense.
 * Seconds may be fractional (Microsoft); a date is read against the source's own clock, so that skew does not matter.
 * CrowdStrike sends epoch seconds in X-RateLimit-RetryAfter.
 */
export function toldToWait(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const clock = httpDate(headers.date) ?? now;
  const told = headers['retry-after']?.trim();
  if (told !== undefined && /^\d+(\.\d+)?$/.test(told)) return Number(told) * 1000;
  const date = httpDate(told);
  if (date !== undefined) return Math.max(0, date - clock);
  const epoch = headers['x-ratelimit-retryafter']?.trim();
  return epoch !== undefined && /^\d{9,11}$/.test(epoch) ? Math.max(0, Number(epoch) * 1000 - clock) : undefined;
}

/** RFC 9110's fixed form only: the engine's own date parser accepts almost any text with a digit in it. */
function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * Milliseconds to wait before the next try: never less than told, with jitter on top so that many sources do not
 * return at the same instant; without a word from the source exponential backoff with full jitter.
 */
export function pauseBefore(tries: number, told: number | undefined, random: () => number): number {
  const backoff = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1)) * random();
  if (told === undefined || told === 0) return Math.ceil(backoff);
  return Math.ceil(told + Math.min(backoff, 1000));
}

interface Gate {
  /** Runs `work` when its turn has come. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Nothing starts before `ms` from now: calls made while a source throttles prolong the wait (Carbon Black). */
  hold(ms: number): void;
}

/** At most `concurrency` at once, and starts at least 1/`perSecond` seconds apart. */
export function openGate(concurrency: number, perSecond: number | undefined, effects: Effects): Gate {
  const spacing = perSecond === undefined ? 0 : 1000 / perSecond;
  const waiting: (() => void)[] = [];
  let running = 0;
  let nextStart = 0;

  async function enter(): Promise<void> {
    if (running < concurrency) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
  async function turn(): Promise<void> {
    const now = effects.monotonic();
    const start = Math.max(now, nextStart);
    nextStart = start + spacing;
    if (start > now) await effects.sleep(Math.ceil(start - now));
  }
  return {
    async run(work) {
      await enter();
      try {
        await turn();
        return await work();
      } finally {
        leave();
      }
    },
    hold(ms) {
      nextStart = Math.max(nextStart, effects.monotonic() + ms);
    },
  };
}
