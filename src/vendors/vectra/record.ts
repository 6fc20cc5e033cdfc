import { z } from 'zod';
import type { Entity, Finding, Severity, Status } from '../../finding.ts';
import { instantOf, words } from '../../products/index.ts';
import { exactId, onlyKnown } from '../vendor.ts';
import { assignment, ofAssignment, nothing } from './assignment.ts';

// [soar]: recorded answers in github.com/splunk-soar-connectors/vectraxdr and vectrandr
// [mcp]: github.com/vectra-ai-research/vectra-ai-mcp-server

const text = z.string().nullish();

export const number = z.number().nullish();

const named = z.object({ name: text, ip: text }).nullish();

/** Only the fields used. */
const detection = z.object({
  id: exactId,
  created_timestamp: z.string(),
  first_timestamp: text,
  last_timestamp: text,
  assigned_date: text,
  assigned_to: text,
  detection_type: text,
  custom_detection: text,
  detection_category: text,
  state: text,
  threat: number,
  certainty: number,
  src_ip: text,
  src_host: named,
  src_account: named,
  sensor_name: text,
  tags: z.array(z.string()).nullish(),
});

export const record = z.object({ detection: detection.optional(), assignment: assignment.optional() });

/** "inactive" is aged out: no analyst did it [mcp]. */
const states = words<Status>({
  active: 'new',
  fixed: 'closed',
  inactive: 'suppressed',
  filteredbyai: 'suppressed',
  filteredbyrule: 'suppressed',
});

export function findingOf(raw: z.infer<typeof record>, baseUrl: string): Finding {
  const console = baseUrl.replace(/\/$/, '');
  if (raw.assignment !== undefined) return ofAssignment(raw.assignment, console);
  if (raw.detection !== undefined) return ofDetection(raw.detection, console);
  throw new Error('neither a detection nor an assignment');
}

function ofDetection(raw: z.infer<typeof detection>, console: string): Finding {
  const name = raw.custom_detection || raw.detection_type;
  const state = states[raw.state?.toLowerCase() ?? ''] ?? 'unknown';
  return {
    ...nothing,
    native_id: raw.id,
    kind: 'alert',
    product: 'Vectra AI',
    title: name || '(no detection type)',
    url: `${console}/detections/${raw.id}`,
    severity: severityOf(raw),
    status: state === 'new' && raw.assigned_to ? 'in_progress' : state,
    verdict: null,
    created_at: instantOf(raw.created_timestamp) ?? Number.NaN,
    escalated: null,
    rules: name ? [{ name }] : [],
    entities: entitiesOf(raw),
    tags: [...(raw.detection_category ? [raw.detection_category.toLowerCase()] : []), ...(raw.tags ?? [])],
    log_sources: raw.sensor_name ? [raw.sensor_name] : [],
    ...onlyKnown({
      severity_raw: raw.threat == null || raw.certainty == null ? undefined : `threat ${raw.threat}, certainty ${raw.certainty}`,
      status_raw: raw.state,
      first_activity_at: instantOf(raw.first_timestamp),
      last_activity_at: instantOf(raw.last_timestamp),
      acknowledged_at: instantOf(raw.assigned_date),
      assignee: raw.assigned_to,
    }),
  };
}

/** The quadrants Vectra shows; detections of the category "info" are scored 0 and 0 (recorded). Our reading. */
function severityOf({ threat, certainty, detection_category }: z.infer<typeof detection>): Severity {
  if (detection_category?.toLowerCase() === 'info') return 1;
  if (threat == null || certainty == null) return 0;
  if (threat >= 50) return certainty >= 50 ? 5 : 4;
  return certainty >= 50 ? 3 : 2;
}

function entitiesOf({ src_host, src_account, src_ip }: z.infer<typeof detection>): Entity[] {
  const found: [Entity['type'], string | null | undefined][] = [
    ['host', src_host?.name],
    ['ip', src_ip || src_host?.ip],
    ['user', src_account?.name],
  ];
  return found.flatMap(([type, value]) => (value ? [{ type, value, role: 'actor' }] : []));
}
