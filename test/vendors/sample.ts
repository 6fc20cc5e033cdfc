import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const specs = join(import.meta.dirname, '../../../shared/specs');

/** A file of recorded answers or API descriptions beside the project; undefined without it. */
export function sharedSpec(name: string): string | undefined {
  const path = join(specs, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The part of JSON Schema that the vendors' descriptions use. */
interface Shape {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  items?: Shape;
  properties?: Record<string, Shape>;
}
export type Definitions = Readonly<Record<string, Shape>>;

const instant = '2026-10-01T08:00:00.123456Z';

/** A record with a value for every field a description names, so that a field we read in another type shows. */
export function sampleOf(definitions: Definitions, name: string, depth = 0): unknown {
  return exampleOf(definitions[name] ?? assert.fail(`no definition of ${name}`), definitions, depth);
}

function exampleOf(shape: Shape, definitions: Definitions, depth: number): unknown {
  if (shape.$ref !== undefined) return depth > 8 ? null : sampleOf(definitions, shape.$ref.replace('#/definitions/', ''), depth + 1);
  if (shape.enum !== undefined) return shape.enum[0];
  if (shape.properties !== undefined) {
    const fields = Object.entries(shape.properties).map(([key, inner]) => [key, exampleOf(inner, definitions, depth + 1)]);
    return Object.fromEntries(fields);
  }
  if (shape.type === 'array') return shape.items === undefined || depth > 8 ? [] : [exampleOf(shape.items, definitions, depth + 1)];
  const plain: Readonly<Record<string, unknown>> = { integer: 1, number: 1.5, boolean: true, object: {} };
  return plain[shape.type ?? ''] ?? (shape.format === 'date-time' ? instant : 'text');
}
