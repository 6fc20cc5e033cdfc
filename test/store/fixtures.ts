import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Finding } from '../../src/finding.ts';
import type { NewBatch } from '../../src/store/index.ts';

/** A folder that is gone after the test. */
export function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'soc-kpi-store-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function finding(native_id: string, more: Partial<Finding> = {}): Finding {
  return {
    native_id,
    kind: 'alert',
    product: 'QRadar',
    title: `Offense ${native_id}`,
    severity: 3,
    status: 'new',
    verdict: null,
    created_at: 1_000,
    escalated: null,
    rules: [],
    entities: [],
    attacks: [],
    tags: [],
    networks: [],
    log_sources: [],
    ...more,
  };
}

/** A complete collection that started one second before it finished. */
export function batch(finished_at: number, more: Partial<NewBatch> = {}): NewBatch {
  return {
    source: 'qradar',
    mode: 'changed',
    window_from: 0,
    window_to: finished_at,
    started_at: finished_at - 1_000,
    finished_at,
    status: 'complete',
    reason: undefined,
    expected: undefined,
    fetched: 0,
    rejected: 0,
    requests: 1,
    ...more,
  };
}
