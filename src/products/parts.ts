/** All answers to a question that takes so many ids at once: asked side by side, as far as the door to the product lets them. */
export async function inParts<T>(ids: readonly string[], atOnce: number, ask: (part: readonly string[]) => Promise<T[]>): Promise<T[]> {
  const parts = Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, part) => ids.slice(part * atOnce, (part + 1) * atOnce));
  return (await Promise.all(parts.map(ask))).flat();
}

/** The records, each with what `read` found for its id as `history`: an empty one where it found nothing. */
export async function withHistories(
  records: readonly unknown[],
  idOf: (record: unknown) => string | undefined,
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, unknown>>,
): Promise<unknown[]> {
  const ids = records.map(idOf);
  const known = ids.flatMap((id) => id || []);
  const found = known.length === 0 ? new Map<string, unknown>() : await read(known);
  return records.map((record, at) => ({ ...Object(record), history: found.get(ids[at] ?? '') ?? [] }));
}

/** Small pages as larger ones of at most so many records, for products that tell more at once about many than they list at once. */
export async function* together(pages: AsyncIterable<{ records: unknown[] }>, most: number): AsyncGenerator<unknown[], void, void> {
  let held: unknown[] = [];
  try {
    for await (const { records } of pages) {
      if (held.length + records.length > most) {
        yield held;
        held = [];
      }
      held = [...held, ...records];
    }
  } catch (error) {
    // What came before it is had all the same.
    if (held.length > 0) yield held;
    throw error;
  }
  if (held.length > 0) yield held;
}
