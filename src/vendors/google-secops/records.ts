import { z } from 'zod';
import type { Finding, Ms, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [cases]: https://docs.cloud.google.com/chronicle/docs/reference/rest/v1/projects.locations.instances.cases
// [detections]: https://docs.cloud.google.com/chronicle/docs/reference/rest/v1alpha/projects.locations.instances.legacy

const text = z.string().nullish();
/** Milliseconds in a text, as cases have it; RFC 3339, as detections have it. */
const instant = z.union([z.string(), z.number()]).nullish();
const pairs = z.array(z.object({ key: text, value: text })).nullish();

const incident = z.object({
  name: z.string().regex(/[^/]$/, 'ends in no id'),
  displayName: text,
  createTime: instant,
  updateTime: instant,
  stage: text,
  priority: text,
  status: text,
  assignee: text,
  lastModifyingUser: text,
  alertCount: z.number().nullish(),
  tags: z.array(z.union([z.string(), z.object({ displayName: text })])).nullish(),
  products: z.array(z.union([z.string(), z.object({ displayName: text })])).nullish(),
  incident: z.boolean().nullish(),
  closureDetails: z.object({ reason: text, rootCause: text }).nullish(),
});
const detection = z.object({
  id: z.string().min(1),
  createdTime: text,
  timeWindow: z.object({ startTime: text, endTime: text }).nullish(),
  detection: z
    .array(
      z.object({
        ruleId: text,
        ruleName: text,
        riskScore: z.number().nullish(),
        ruleLabels: pairs,
        urlBackToProduct: text,
      }),
    )
    .min(1),
});
/** Either kind, by its own name. Only the fields used. */
export const record = z.union(
  [z.object({ case: incident }), z.object({ detection })],
  'neither a case with its name nor a detection with its id',
);
type Incident = z.infer<typeof incident>;
type Detection = z.infer<typeof detection>;

export function stampOf(value: unknown): Ms | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{12,14}$/.test(value) ? Number(value) : instantOf(value);
}

/** With the prefix PRIORITY_ or without [cases]. */
const priorities = words<Severity>({
  UNSPECIFIED: 0,
  INFO: 1,
  INFORMATIONAL: 1,
  LOW: 2,
  MEDIUM: 3,
  HIGH: 4,
  CRITICAL: 5,
});
/** NOT_MALICIOUS may be a false alarm or something real and harmless: the client's to map. */
const reasons = words<Verdict>({ MALICIOUS: 'true_positive', MAINTENANCE: 'other', INCONCLUSIVE: 'undetermined' });

export function findingOf(raw: z.infer<typeof record>): Finding {
  return 'case' in raw ? ofCase(raw.case) : ofDetection(raw.detection);
}

const names = (list: readonly (string | { displayName?: string | null | undefined })[] | null | undefined): string[] =>
  (list ?? []).flatMap((each) => (typeof each === 'string' ? each : each.displayName) || []);

function ofCase(raw: Incident): Finding {
  const title = raw.displayName || '(no title)';
  const reason = raw.closureDetails?.reason?.replace(/^CLOSE_REASON_/, '');
  const verdict_raw = reason === 'UNSPECIFIED' ? undefined : reason;
  return {
    native_id: raw.name.slice(raw.name.lastIndexOf('/') + 1),
    kind: 'case',
    product: 'Google SecOps',
    title,
    severity: severityOf(raw.priority),
    status: statusOf(raw),
    verdict: reasons[verdict_raw ?? ''] ?? null,
    created_at: stampOf(raw.createTime) ?? Number.NaN,
    escalated: raw.incident ?? null,
    rules: [{ name: title }],
    entities: [],
    attacks: [],
    tags: names(raw.tags),
    networks: [],
    log_sources: names(raw.products),
    ...onlyKnown({
      severity_raw: raw.priority,
      status_raw: raw.status,
      verdict_raw,
      verdict_reason: raw.closureDetails?.rootCause,
      ...(raw.assignee?.startsWith('@') ? { assignee_group: raw.assignee } : { assignee: raw.assignee }),
      event_count: raw.alertCount,
    }),
  };
}

/** A case waits in its first stage, which is called Triage unless the site renamed it. */
function statusOf({ status, stage }: Incident): Status {
  const word = status?.replace(/^CASE_STATUS_/, '');
  if (word === 'CLOSED') return 'closed';
  if (word !== 'OPEN' && word !== 'OPENED') return 'unknown';
  return stage && stage !== 'Triage' ? 'in_progress' : 'new';
}

function severityOf(priority: string | null | undefined): Severity {
  return priority ? (priorities[priority.replace(/^PRIORITY_/, '').toUpperCase()] ?? 99) : 0;
}

function ofDetection(raw: Detection): Finding {
  const [rule] = raw.detection;
  const labels = (rule?.ruleLabels ?? []).map(({ key, value }) => ({ key: key?.toLowerCase() ?? '', value: value ?? '' }));
  const severity = labels.find(({ key }) => key === 'severity')?.value;
  return {
    native_id: raw.id,
    kind: 'alert',
    product: 'Google SecOps',
    title: rule?.ruleName || '(no rule name)',
    severity: severityOf(severity),
    status: 'unknown',
    verdict: null,
    created_at: stampOf(raw.createdTime) ?? Number.NaN,
    escalated: null,
    rules: [{ ...onlyKnown({ id: rule?.ruleId }), name: rule?.ruleName || '(no rule name)' }],
    entities: [],
    attacks: attacksOf(labels.filter(({ key }) => /tactic|technique|mitre/.test(key)).map(({ value }) => value)),
    tags: [],
    networks: [],
    log_sources: [],
    ...onlyKnown({
      url: rule?.urlBackToProduct,
      severity_raw: severity,
      first_activity_at: stampOf(raw.timeWindow?.startTime),
      last_activity_at: stampOf(raw.timeWindow?.endTime),
    }),
  };
}
