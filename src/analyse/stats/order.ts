/** Below so many values the language's own sort is quicker than what has to be set up. */
const few = 4096;
const digitBits = 11;
const digits = 1 << digitBits;

/**
 * Where the values of an array stand in ascending order, equal ones in the order of the array. A radix sort: a report sorts
 * a million durations, and comparing them would take longer than all else that is done with them.
 */
export function ascendingPlaces(values: Float64Array): Int32Array {
  const places = new Int32Array(values.length);
  for (let i = 0; i < places.length; i += 1) places[i] = i;
  if (values.length < few) return places.sort((a, b) => (values[a] ?? Number.NaN) - (values[b] ?? Number.NaN) || a - b);
  let [from, to] = [places, new Int32Array(values.length)];
  for (const keys of wholeKeys(values) ?? bitKeys(values)) {
    for (let shift = 0; shift < 32; shift += digitBits) if (sortByDigit(keys, shift, from, to)) [from, to] = [to, from];
  }
  return from;
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

/** One pass, which keeps the order of what it does not tell apart; false where it tells nothing apart and moves nothing. */
function sortByDigit(keys: Uint32Array, shift: number, from: Int32Array, to: Int32Array): boolean {
  const next = new Int32Array(digits + 1);
  for (let i = 0; i < keys.length; i += 1) {
    const digit = ((keys[i] ?? 0) >>> shift) & (digits - 1);
    next[digit + 1] = (next[digit + 1] ?? 0) + 1;
  }
  if (next.includes(keys.length)) return false;
  for (let digit = 1; digit <= digits; digit += 1) next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0);
  for (let i = 0; i < from.length; i += 1) {
    const place = from[i] ?? 0;
    const digit = ((keys[place] ?? 0) >>> shift) & (digits - 1);
    const at = next[digit] ?? 0;
    next[digit] = at + 1;
    to[at] = place;
  }
  return true;
}
