// Does what is due in a folder as of an instant, as `soc-kpi run` does by the clock: a process of its own, to be measured.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadConfig } from '../src/config/index.ts';
import { realEffects } from '../src/effects.ts';
import { runDue } from '../src/run/index.ts';

const [, , folder = '', instant = ''] = process.argv;
const began = realEffects.now();
// The clock goes on from that instant.
const effects = { ...realEffects, now: () => Date.parse(instant) + realEffects.now() - began };
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const done = await runDue(await loadConfig(folder, effects), effects);
const lines = done.flatMap(({ client, problem, runs, deliveries }) => [
  ...(problem === undefined ? [] : [{ client, kind: 'client', state: 'problem', reason: problem }]),
  ...runs.map(({ state, reason }) => ({ client, kind: 'report', state, reason })),
  ...deliveries.map(({ state, reason }) => ({ client, kind: 'mail', state, reason })),
]);
delay.disable();
process.stdout.write(JSON.stringify({ lines, blocked: delay.percentile(99) / 1e6 }));
