/** What a product's words mean, by word: only these, so that "constructor" and other names that every object knows mean nothing. */
export function words<T>(meanings: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), meanings);
}
