import { resolve } from 'node:path';
import type { Effects } from '../effects.ts';
import { secretReference } from '../secret.ts';
import type { Path } from './yaml.ts';

/** `${env:NAME}` or `${file:PATH}` in a setting, and what it stands for, or why that is not to be had. */
export interface Reference {
  path: Path;
  origin: string;
  found: { value: string } | { problem: string };
}

/** Resolves every reference in a source's settings. */
export async function resolveReferences(data: unknown, dir: string, effects: Effects, path: Path = []): Promise<Reference[]> {
  if (typeof data === 'string' && secretReference.test(data)) return [{ path, origin: data, found: await follow(data, dir, effects) }];
  if (typeof data !== 'object' || data === null) return [];
  const inside = await Promise.all(Object.entries(data).map(([key, value]) => resolveReferences(value, dir, effects, [...path, key])));
  return inside.flat();
}

/** References that would be taken for plain text: inside a longer text, or outside the settings of a source or recipient. */
export function misplacedReferences(data: unknown, path: Path = []): Path[] {
  if (typeof data === 'string') {
    const inSettings =
      (path[0] === 'sources' && path.length > 2) || (path[0] === 'reports' && ['recipients', 'heartbeat_url'].includes(String(path[2])));
    return /\$\{(env|file):/.test(data) && !(inSettings && secretReference.test(data)) ? [path] : [];
  }
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => misplacedReferences(value, [...path, key]));
}

async function follow(reference: string, dir: string, effects: Effects): Promise<Reference['found']> {
  const separator = reference.indexOf(':');
  const name = reference.slice(separator + 1, -1);
  if (reference.slice(2, separator) === 'file') return readSecretFile(resolve(dir, name), effects);
  const value = effects.env[name];
  if (value === undefined) return { problem: `the environment variable ${name} is not set; set it before starting soc-kpi` };
  return value === '' ? { problem: `the environment variable ${name} is empty` } : { value };
}

async function readSecretFile(path: string, effects: Effects): Promise<Reference['found']> {
  try {
    const mode = await effects.fileMode(path);
    // Windows has no such bits; Node makes them up.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return { problem: `the file ${path} can be read by others (mode ${mode.toString(8)}); run: chmod 600 ${path}` };
    }
    const value = (await effects.readFile(path)).toString('utf8').replace(/\r?\n$/, '');
    return value === '' ? { problem: `the file ${path} is empty` } : { value };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const why = code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read by this user' : `cannot be read (${code})`;
    return { problem: `the file ${path} ${why}` };
  }
}
