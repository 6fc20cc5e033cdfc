import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

let working = 0;
let grown = false;

/** Both halves of the young generation together, in bytes; it may double once more before that is seen. */
const roomy = 8 * 1024 * 1024;

/**
 * Keeps little garbage while `work` is under way. What a page was made of is garbage as soon as it is packed away, but the runtime
 * would let it pile up to a multiple of what is needed: measured, 100,000 records in 220 MB instead of 400, in the same time.
 */
export async function frugally<T>(work: () => Promise<T>): Promise<T> {
  if (++working === 1) {
    setFlagsFromString('--heap-growing-percent=100');
    keepYoungSmall();
    collections.observe({ entryTypes: ['gc'] });
  }
  try {
    return await work();
  } finally {
    if (--working === 0) {
      collections.disconnect();
      setFlagsFromString('--heap-growing-percent=0'); // both as they are by themselves
      setFlagsFromString('--semi-space-growth-factor=2');
      grown = false;
    }
  }
}

/** Told after each collection of garbage, when the young generation may have grown. */
const collections = new PerformanceObserver(keepYoungSmall);

/** Lets the young generation grow so far and no further: out of too small a one, what is still in use is moved to the old one in vain. */
function keepYoungSmall(): void {
  if (grown) return;
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  grown = young !== undefined && young.space_size >= roomy;
  if (grown) setFlagsFromString('--semi-space-growth-factor=1');
}
