/** A small seeded generator (mulberry32): what is made up must be the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(from: readonly T[], random: () => number): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

/** One of the names, as often as its weight says. */
export function weighted<T extends string>(weights: Readonly<Partial<Record<T, number>>>, random: () => number): T {
  const entries = Object.entries(weights) as [T, number][]; // the keys are T by the type of `weights`
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  throw new RangeError('nothing to pick from');
}

export function exponential(mean: number, random: () => number): number {
  return -mean * Math.log(1 - random());
}

export function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

/** Products store whole seconds. */
export function whole(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
