import type { z } from 'zod';
import type { Entity, Severity } from '../../finding.ts';
import { words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';
import type { alert } from './records.ts';

/** 0 seconds mean "not yet", as every new alert has them [mcp]. */
export function after(created: number, seconds: number | null | undefined): number | undefined {
  return seconds === null || seconds === undefined || seconds <= 0 ? undefined : created + seconds * 1000;
}

/** Seconds since 1970 [gofalcon]; 0 as above. */
export function epoch(seconds: number | null | undefined): number | undefined {
  return after(0, seconds);
}

const bands: readonly Severity[] = [1, 2, 3, 4, 5, 5];

const names = words<Severity>({ informational: 1, low: 2, medium: 3, high: 4, critical: 5 });

/** Below 20 informational, then low, medium, high; critical from 80 [mcp]. Older recordings have no severity_name [elastic]. */
export function severityOf(severity: number | null | undefined, name: string | null | undefined): Severity {
  if (severity === null || severity === undefined) return name ? (names[name.toLowerCase()] ?? 99) : 0;
  if (severity < 1 || severity > 100) return 99;
  return bands[Math.floor(severity / 20)] ?? 99;
}

export function entitiesOf(raw: z.infer<typeof alert>): Entity[] {
  const found: [Entity['type'], string | null | undefined, 'target' | undefined][] = [
    ['host', raw.device?.hostname || raw.source_endpoint_host_name, 'target'],
    ['ip', raw.device?.local_ip, 'target'],
    ['user', raw.user_name || raw.source_account_name, undefined],
    ['hash', raw.sha256, undefined],
  ];
  return found.flatMap(([type, value, role]) => (value ? [{ type, value, ...onlyKnown({ role }) }] : []));
}
