import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/finding.ts';
import { type Normalised, normaliser } from '../../src/normalise.ts';
import { loadVendor } from '../../src/vendors/index.ts';

export const specs = join(import.meta.dirname, '../../../shared/specs');

/** A folder beside this project; undefined without it. */
export function shared(path: string): string | undefined {
  const place = join(specs, '..', path);
  return existsSync(place) ? place : undefined;
}

/** A recorded answer beside this project, or why its test is skipped. */
export function recorded(path: string): string | undefined {
  const place = join(specs, path);
  return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
}

export function recordedIn(folder: string): string[] {
  return existsSync(join(specs, folder)) ? readdirSync(join(specs, folder)).map((name) => `${folder}/${name}`) : [];
}

export const noData = (path: string): string => `skipped: no real data here (shared/specs/${path})`;

/** Records as a page of this vendor would hold them, through its own schema and normalise. */
export async function normalised(vendorId: string, records: unknown[], settings: unknown = {}, lookups = {}): Promise<Normalised> {
  const vendor = await loadVendor(vendorId);
  const taken = normaliser(vendor, settings, Date.UTC(2026, 10, 2));
  taken.add({ records, lookups }, 1);
  return taken.finish();
}

/** What a recording came to: findings, rejected, and words that the vendor does not know. */
export function tally({ findings, rejections }: Normalised) {
  const isUnknown = (each: Finding) => each.severity === 99 || (each.status === 'unknown' && each.status_raw !== undefined);
  return { findings: findings.length, rejected: rejections.length, unknown: findings.filter(isUnknown).length };
}

export function only<T>(list: readonly T[]): T {
  assert.equal(list.length, 1);
  return list[0] ?? assert.fail();
}
