// A process that does what is due and is killed on the way: its only use is the crash tests.
import { join } from 'node:path';
import { type Failpoint, realEffects } from '../../src/effects.ts';
import { runDue } from '../../src/run/index.ts';
import { lockFolder } from '../../src/store/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { at } from './world.ts';

/** "name" or "name:k": dies when it is reached for the k-th time. */
const [, , dir = '', now = '', place = '', printing = ''] = process.argv;
const [name, nth = '1'] = place.split(':');
let reached = 0;
const failpoint = (here: Failpoint): void => {
  if (here === name && ++reached === Number(nth)) process.kill(process.pid, 'SIGKILL');
};
const effects = { ...realEffects, now: () => Number(now), failpoint };
const release = lockFolder(join(dir, 'data'));
failpoint('lock.acquired');
if (printing === '') await at(dir).run(Number(now), { effects });
else await runDue(await loadConfig(dir, effects), effects);
release();
