/**
 * The bytes of report.json: keys in alphabetical order, so that the same content is the same file whatever the order
 * in which it was computed. Throws RangeError for NaN and infinities, which JSON would print as null.
 */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(value, sorted, 1)}\n`;
}

function sorted(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`"${key}" is ${value}, which is no figure`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // Entries, not a copy by assignment: a key named __proto__ must stay a key.
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
