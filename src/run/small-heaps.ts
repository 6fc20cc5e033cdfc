import { setFlagsFromString } from 'node:v8';
import { frugally } from '../gather/index.ts';

/**
 * Does many clients' work without taking the space of the largest moment of all of them. By itself the runtime lets the places
 * where objects are made grow to three times 32 MB in each thread, because one report was made quickly, and garbage pile up to
 * what is in use: measured with a hundred clients, a third of the whole, for a fifth of the time. Threads that start
 * meanwhile get 4 MB each.
 */
export function inLittleSpace<T>(work: () => Promise<T>): Promise<T> {
  // The collections inside of it leave these alone: they are set and set back around the whole.
  return frugally(() => {
    for (const flag of flags) setFlagsFromString(flag);
    return work();
  });
}

const flags = ['--min-semi-space-size=4', '--max-semi-space-size=4', '--semi-space-growth-factor=1', '--heap-growing-percent=50'];
