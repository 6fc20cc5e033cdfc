import { z } from 'zod';
import type { Finding, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';
import { after, epoch, severityOf, entitiesOf } from './fields.ts';

// [mcp]: github.com/CrowdStrike/falcon-mcp, modules/detections.py and resources/{detections,cases}.py
// [gofalcon]: the generated models in github.com/CrowdStrike/gofalcon
// [elastic]: recorded alerts in packages/crowdstrike of github.com/elastic/integrations

const text = z.string().nullish();

const texts = z.array(z.string()).nullish();

const attack = z.object({ tactic_id: text, technique_id: text });

/** Only the fields used. `id` is not unique over customers, the composite one is [gofalcon]. */
export const alert = z.object({
  composite_id: z.string().min(1),
  created_timestamp: z.string(),
  timestamp: text,
  display_name: text, // Missing in some recordings, where name stands [elastic].
  name: text,
  description: text,
  pattern_id: z.union([z.number(), z.string()]).nullish(),
  status: text,
  resolution: text,
  severity: z.number().nullish(), // Automated leads have none, only a score [elastic].
  severity_name: text,
  show_in_ui: z.boolean().nullish(),
  assigned_to_name: text,
  assigned_to_uid: text,
  seconds_to_triaged: z.number().nullish(),
  seconds_to_resolved: z.number().nullish(),
  linked_case_ids: texts,
  falcon_host_link: text,
  product: text,
  source_products: texts,
  device: z.object({ hostname: text, local_ip: text }).nullish(), // Identity alerts have none [elastic].
  source_endpoint_host_name: text,
  source_account_name: text,
  user_name: text,
  sha256: text,
  ...attack.shape,
  mitre_attack: z.array(attack).nullish(),
  tags: texts,
});

const timer = z.object({ time_completed: z.number().nullish() }).nullish();

const incident = z.object({
  id: z.string().min(1),
  created_timestamp: z.string(),
  name: text,
  status: text,
  severity: z.number().nullish(),
  assigned_to: z.object({ full_name: text, email: text }).nullish(),
  sla: z.object({ timers: z.object({ acknowledgement: timer, resolution: timer }).nullish() }).nullish(),
  tags: texts,
});

/** Which it is, is known by where it was asked for: an alert has an `id` too. */
export const record = z.union([z.object({ alert }), z.object({ case: incident })]);

const states = words<Status>({ new: 'new', in_progress: 'in_progress', closed: 'closed', reopened: 'in_progress' });

const verdicts = words<Verdict>({ true_positive: 'true_positive', false_positive: 'false_positive', ignored: 'other' });

export function findingOf(raw: z.infer<typeof record>): Finding {
  return 'alert' in raw ? alertOf(raw.alert) : caseOf(raw.case);
}

function alertOf(raw: z.infer<typeof alert>): Finding {
  const created_at = instantOf(raw.created_timestamp) ?? Number.NaN;
  const name = raw.display_name || raw.name;
  const status = raw.show_in_ui === false ? 'suppressed' : (states[raw.status ?? ''] ?? 'unknown');
  return {
    native_id: raw.composite_id,
    kind: 'alert',
    product: 'CrowdStrike Falcon',
    title: name || raw.description || '(no name)',
    severity: severityOf(raw.severity, raw.severity_name),
    status,
    verdict: verdicts[raw.resolution ?? ''] ?? null,
    created_at,
    escalated: null,
    rules: name ? [{ ...onlyKnown({ id: raw.pattern_id?.toString() }), name }] : [],
    entities: entitiesOf(raw),
    // Falcon's own CSTA and CST ids are no ATT&CK ids and are left out.
    attacks: attacksOf([raw, ...(raw.mitre_attack ?? [])].flatMap(({ tactic_id, technique_id }) => [tactic_id, technique_id])),
    tags: raw.tags ?? [],
    networks: [],
    log_sources: [...new Set([...(raw.product ? [raw.product] : []), ...(raw.source_products ?? [])])],
    ...onlyKnown({
      url: raw.falcon_host_link,
      severity_raw: raw.severity?.toString() ?? raw.severity_name,
      status_raw: raw.status,
      verdict_raw: raw.resolution,
      first_activity_at: instantOf(raw.timestamp),
      acknowledged_at: after(created_at, raw.seconds_to_triaged),
      closed_at: status === 'closed' ? after(created_at, raw.seconds_to_resolved) : undefined,
      reopen_count: raw.status === 'reopened' ? 1 : undefined, // At least.
      assignee: raw.assigned_to_name || raw.assigned_to_uid,
      parent: raw.linked_case_ids?.[0],
    }),
  };
}

function caseOf(raw: z.infer<typeof incident>): Finding {
  const status = states[raw.status ?? ''] ?? 'unknown';
  const { acknowledgement, resolution } = raw.sla?.timers ?? {};
  return {
    native_id: raw.id,
    kind: 'case',
    product: 'CrowdStrike Falcon',
    title: raw.name || '(no name)',
    severity: severityOf(raw.severity, undefined),
    status,
    verdict: null,
    created_at: instantOf(raw.created_timestamp) ?? Number.NaN,
    escalated: null,
    rules: [],
    entities: [],
    attacks: [],
    tags: raw.tags ?? [],
    networks: [],
    log_sources: [],
    ...onlyKnown({
      severity_raw: raw.severity?.toString(),
      status_raw: raw.status,
      acknowledged_at: epoch(acknowledgement?.time_completed),
      closed_at: status === 'closed' ? epoch(resolution?.time_completed) : undefined,
      reopen_count: raw.status === 'reopened' ? 1 : undefined,
      assignee: raw.assigned_to?.full_name || raw.assigned_to?.email,
    }),
  };
}
