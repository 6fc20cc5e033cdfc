import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Finding } from './finding.ts';

/** Findings of one collection, waiting for its end: what it came to is stored whole or not at all. */
export interface Stage {
  /** The later one of an id counts. */
  add(finding: Finding): void;
  /** How many were replaced by a later one. */
  readonly replaced: number;
  /** One per id, each made anew when it is asked for: a collection of any size fits into memory. */
  findings(): Iterable<Finding>;
}

/** A collection of a quarter of an hour never has so many; beyond that they are packed away. */
const pieceSize = 512;
const packing = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function openStage(size = pieceSize): Stage {
  const packed: Buffer[] = [];
  /** In which piece the last version of an id is. */
  const places = new Map<string, number>();
  let open = new Map<string, Finding>();
  let replaced = 0;
  return {
    add(finding) {
      const id = finding.native_id;
      if (places.has(id)) replaced += 1;
      places.set(id, packed.length);
      open.set(id, finding);
      if (open.size < size) return;
      // Findings hold nothing but what JSON keeps: a missing key is a missing key there, too.
      packed.push(zstdCompressSync(JSON.stringify([...open.values()]), packing));
      open = new Map();
    },
    get replaced() {
      return replaced;
    },
    *findings() {
      for (const [number, piece] of packed.entries()) {
        const all: Finding[] = JSON.parse(String(zstdDecompressSync(piece))); // packed above
        for (const finding of all) if (places.get(finding.native_id) === number) yield finding;
      }
      yield* open.values();
    },
  };
}
