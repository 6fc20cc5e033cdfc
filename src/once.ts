/** Computes on first use and remembers. */
export function once<T>(compute: () => T): () => T {
  let done: { value: T } | undefined;
  return () => {
    done ??= { value: compute() };
    return done.value;
  };
}

/** The same per key. */
export function oncePer<K, T>(compute: (key: K) => T): (key: K) => T {
  const done = new Map<K, { value: T }>();
  return (key) => {
    const known = done.get(key);
    if (known !== undefined) return known.value;
    const value = compute(key);
    done.set(key, { value });
    return value;
  };
}

/** The same per object, forgotten with it. */
export function oncePerObject<K extends object, T>(compute: (key: K) => T): (key: K) => T {
  const done = new WeakMap<K, { value: T }>();
  return (key) => {
    const known = done.get(key);
    if (known !== undefined) return known.value;
    const value = compute(key);
    done.set(key, { value });
    return value;
  };
}

/** An object whose properties are computed when first read. */
export function lazily<B extends object, P extends Record<string, () => unknown>>(
  base: B,
  parts: P,
): B & { readonly [K in keyof P]: ReturnType<P[K]> } {
  const lazy = Object.create(base) as object; // untyped by nature; the properties are defined just below
  for (const [name, compute] of Object.entries(parts)) Object.defineProperty(lazy, name, { get: once(compute), enumerable: true });
  return lazy as B & { readonly [K in keyof P]: ReturnType<P[K]> }; // every part of P has just been defined
}
