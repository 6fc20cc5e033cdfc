import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [sdk]: github.com/carbonblack/carbon-black-cloud-sdk-python, its models and the fixtures of its tests

const text = z.string().nullish();
/** Of another form now and then, a list or a text where the other was [sdk]: what is no list is none. */
const texts = z.array(z.string()).catch([]).optional();

/** Only the fields used; kinds of alerts that nobody knows yet come too [sdk]. */
export const alert = z.object({
  id: z.string().min(1),
  backend_timestamp: z.string(),
  type: text,
  reason: text,
  severity: z.number().nullish(),
  workflow: z
    .object({
      status: text,
      change_timestamp: text,
      changed_by: text,
      changed_by_type: text,
      changed_by_autoclose_rule_id: text,
      closure_reason: text,
    })
    .nullish(),
  determination: z.object({ value: text, change_timestamp: text }).nullish(),
  alert_url: text,
  first_event_timestamp: text,
  last_event_timestamp: text,
  report_id: text,
  report_name: text,
  rule_id: text,
  k8s_rule: text,
  threat_name: text,
  attack_tactic: text,
  attack_technique: text,
  ttps: texts,
  tags: texts,
  device_name: text,
  device_username: text,
  device_internal_ip: text,
  netconn_remote_ip: text,
  process_sha256: text,
});
type Alert = z.infer<typeof alert>;

/** 1 to 10 in OCSF's words; our own reading, as the product names no ranges. */
const severities: readonly (Severity | undefined)[] = [undefined, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5];
const states = words<Status>({ OPEN: 'new', IN_PROGRESS: 'in_progress', CLOSED: 'closed' });
/** The determination first; a reason for closing stands in where it says as much. */
const verdicts = words<Verdict>({
  TRUE_POSITIVE: 'true_positive',
  FALSE_POSITIVE: 'false_positive',
  RESOLVED_BENIGN_KNOWN_GOOD: 'benign_positive',
  DUPLICATE_CLEANUP: 'duplicate',
});
const kinds = { USER: 'human', SYSTEM: 'automation' } as const;

export function findingOf(raw: Alert): Finding {
  const { workflow, determination } = raw;
  const status = states[workflow?.status ?? ''] ?? 'unknown';
  const determined = said(determination?.value, 'NONE');
  const reason = said(workflow?.closure_reason, 'NO_REASON');
  const verdict_raw = determined ?? reason;
  const closed_at = status === 'closed' ? instantOf(workflow?.change_timestamp) : undefined;
  const verdict_at = determined === undefined ? closed_at : instantOf(determination?.change_timestamp);
  return {
    native_id: raw.id,
    kind: 'alert',
    product: 'Carbon Black Cloud',
    title: raw.reason || '(no reason)',
    severity: typeof raw.severity === 'number' ? (severities[raw.severity] ?? 99) : 0,
    status,
    verdict: verdicts[verdict_raw ?? ''] ?? null,
    created_at: instantOf(raw.backend_timestamp) ?? Number.NaN,
    escalated: null,
    rules: ruleOf(raw),
    entities: entitiesOf(raw),
    // "MITRE_T1046_NETWORK_SERVICE_SCANNING" [sdk].
    attacks: attacksOf([raw.attack_tactic, raw.attack_technique, ...(raw.ttps ?? []).map((ttp) => ttp.replaceAll('_', ' '))]),
    tags: raw.tags ?? [],
    networks: [],
    log_sources: raw.type ? [raw.type] : [],
    ...onlyKnown({
      url: raw.alert_url?.startsWith('https://') === true ? raw.alert_url : undefined,
      severity_raw: raw.severity?.toString(),
      status_raw: workflow?.status,
      verdict_raw,
      verdict_reason: determined === undefined ? undefined : reason,
      verdict_at: verdict_raw === undefined ? undefined : verdict_at,
      first_activity_at: instantOf(raw.first_event_timestamp),
      last_activity_at: instantOf(raw.last_event_timestamp),
      closed_at,
      closed_by: closed_at === undefined ? undefined : workflow?.changed_by,
      closed_by_kind: closed_at === undefined ? undefined : closerOf(workflow),
    }),
  };
}

function said(word: string | null | undefined, none: string): string | undefined {
  return word === none || word === null || word === '' ? undefined : word;
}

function closerOf(workflow: Alert['workflow']): Finding['closed_by_kind'] {
  if (workflow?.changed_by_autoclose_rule_id) return 'automation';
  const type = workflow?.changed_by_type;
  return type === 'USER' || type === 'SYSTEM' ? kinds[type] : 'unknown';
}

/** A watchlist's report, a container rule or a threat's name; of an analytics alert only the kind is known. */
function ruleOf(raw: Alert): Finding['rules'] {
  const name = raw.report_name || raw.k8s_rule || raw.threat_name || raw.type;
  const id = raw.report_name ? raw.report_id : raw.rule_id;
  return name ? [{ ...onlyKnown({ id }), name }] : [];
}

function entitiesOf(raw: Alert): Entity[] {
  const found: [Entity['type'], string | null | undefined, 'target' | undefined][] = [
    ['host', raw.device_name, 'target'],
    ['ip', raw.device_internal_ip, 'target'],
    ['user', raw.device_username, undefined],
    ['ip', raw.netconn_remote_ip, undefined],
    ['hash', raw.process_sha256, undefined],
  ];
  return found.flatMap(([type, value, role]) => (value ? [{ type, value, ...onlyKnown({ role }) }] : []));
}
