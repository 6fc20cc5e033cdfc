// A process that does what is due and is killed on the way: its only use is the crash test.
import { join } from 'node:path';
import { realEffects } from '../../src/effects.ts';
import { lockFolder } from '../../src/store/index.ts';
import { at } from './world.ts';

const [, , dir = '', now = '', place = ''] = process.argv;
const failpoint = (name: string): void => {
  if (name === place) process.kill(process.pid, 'SIGKILL');
};
const release = lockFolder(join(dir, 'data'));
failpoint('lock.acquired');
await at(dir).run(Number(now), { effects: { ...realEffects, now: () => Number(now), failpoint } });
release();
