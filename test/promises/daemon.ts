// The daemon as `soc-kpi start` runs it, killed at the moment it is told to stop: its only use is the crash tests.
import { start } from '../../src/cli/run.ts';
import { realEffects } from '../../src/effects.ts';
import { noticed } from './world.ts';

await start(
  {
    config: process.argv[2] ?? '',
    debug: false,
    effects: {
      ...realEffects,
      now: () => noticed,
      log: ({ event }) => {
        if (event === 'started') process.stdout.write('started\n');
      },
      failpoint: (name) => {
        if (name === 'shutdown.signal') process.kill(process.pid, 'SIGKILL');
      },
    },
    print: () => {},
  },
  {},
);
