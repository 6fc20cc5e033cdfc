/** Below so many values the language's own sort is quicker than what has to be set up. */
const few = 4096;
const digitBits = 11;
const digits = 1 << digitBits;

/**
 * Where the values of an array stand in ascending order, equal ones in the order of the array. A radix sort: a report sorts
 * a million durations, and comparing them would take longer than all else that is done with them.
 */
export function ascendingPlaces(values: Float64Array): Int32Array {
  if (values.length < few) {
    const places = Int32Array.from(values.keys());
    return places.sort((a, b) => (values[a] ?? Number.NaN) - (values[b] ?? Number.NaN) || a - b);
  }
  let from: Int32Array | undefined;
  let spare: Int32Array = new Int32Array(values.length);
  for (const keys of wholeKeys(values) ?? bitKeys(values)) {
    for (const [word, counts] of countDigits(keys).entries()) {
      // Where one digit is that of all, it tells nothing apart.
      if (counts.includes(keys.length)) continue;
      sortByDigit(keys, { shift: word * digitBits, counts }, from, spare);
      [from, spare] = [spare, from ?? new Int32Array(values.length)];
    }
  }
  return from ?? Int32Array.from(values.keys());
}

/** Instants come in milliseconds, so durations in seconds mostly are whole thousandths: one word per value tells them apart. */
function wholeKeys(values: Float64Array): [Uint32Array] | undefined {
  const keys = new Uint32Array(values.length);
  for (let i = 0; i < keys.length; i += 1) {
    const value = values[i] ?? Number.NaN;
    const thousandths = Math.round(value * 1000);
    if (!(thousandths >= 0 && thousandths < 2 ** 32 && thousandths / 1000 === value)) return undefined;
    keys[i] = thousandths;
  }
  return [keys];
}

/** The bits of a float in words whose order is that of the floats, the lower word first: those of negative ones are turned over. */
function bitKeys(values: Float64Array): [Uint32Array, Uint32Array] {
  const bits = new DataView(new ArrayBuffer(8));
  const [low, high] = [new Uint32Array(values.length), new Uint32Array(values.length)];
  for (let i = 0; i < values.length; i += 1) {
    bits.setFloat64(0, values[i] ?? Number.NaN);
    const negative = bits.getInt32(0) < 0;
    high[i] = negative ? ~bits.getUint32(0) : bits.getUint32(0) | 0x80000000;
    low[i] = negative ? ~bits.getUint32(4) : bits.getUint32(4);
  }
  return [low, high];
}

/** How often each digit occurs, from the lowest place to the highest, in one pass. */
function countDigits(keys: Uint32Array): Int32Array[] {
  const [low, middle, high] = [new Int32Array(digits), new Int32Array(digits), new Int32Array(digits)];
  const mask = digits - 1;
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? 0;
    const first = key & mask;
    const second = (key >>> digitBits) & mask;
    const third = key >>> (2 * digitBits);
    low[first] = (low[first] ?? 0) + 1;
    middle[second] = (middle[second] ?? 0) + 1;
    high[third] = (high[third] ?? 0) + 1;
  }
  return [low, middle, high];
}

/** One pass, which keeps the order of what it does not tell apart; without `from` that of the keys. */
function sortByDigit(
  keys: Uint32Array,
  { shift, counts }: { shift: number; counts: Int32Array },
  from: Int32Array | undefined,
  to: Int32Array,
): void {
  const next = new Int32Array(digits);
  for (let digit = 1; digit < digits; digit += 1) next[digit] = (next[digit - 1] ?? 0) + (counts[digit - 1] ?? 0);
  for (let i = 0; i < keys.length; i += 1) {
    const place = from === undefined ? i : (from[i] ?? 0);
    const digit = ((keys[place] ?? 0) >>> shift) & (digits - 1);
    const at = next[digit] ?? 0;
    next[digit] = at + 1;
    to[at] = place;
  }
}
