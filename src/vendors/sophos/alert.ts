import { z } from 'zod';
import type { Entity, Finding, Severity, Status } from '../../finding.ts';
import { instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

export const text = z.string().nullish();

const named = z.object({ name: text }).nullish();

/** Only the fields used; status and what came with it are missing in older tenants. */
export const alert = z.object({
  id: z.string().min(1),
  raisedAt: z.string(),
  lastCorrelatedAt: text,
  description: text,
  severity: text,
  status: text,
  type: text,
  category: text,
  product: text,
  eventCount: z.number().nullish(),
  managedAgent: named,
  person: named,
});

const severities = words<Severity>({ low: 2, medium: 3, high: 4 });

const states = words<Status>({ open: 'new' }); // No other word was ever recorded.

export function findingOf(raw: z.infer<typeof alert>): Finding {
  const entities: [Entity['type'], string | null | undefined][] = [
    ['host', raw.managedAgent?.name],
    ['user', raw.person?.name],
  ];
  return {
    native_id: raw.id,
    kind: 'alert',
    product: 'Sophos Central',
    title: raw.description || raw.type || '(no description)',
    severity: raw.severity ? (severities[raw.severity] ?? 99) : 0,
    status: states[raw.status ?? ''] ?? 'unknown',
    verdict: null,
    created_at: instantOf(raw.raisedAt) ?? Number.NaN,
    escalated: null,
    rules: raw.type ? [{ name: raw.type }] : [],
    entities: entities.flatMap(([type, value]) => (value ? [{ type, value, role: 'target' }] : [])),
    attacks: [],
    tags: raw.category ? [raw.category] : [],
    networks: [],
    log_sources: raw.product ? [raw.product] : [],
    ...onlyKnown({
      severity_raw: raw.severity,
      status_raw: raw.status,
      last_activity_at: instantOf(raw.lastCorrelatedAt),
      event_count: raw.eventCount,
    }),
  };
}
