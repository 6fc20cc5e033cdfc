import { z } from 'zod';
import type { Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';
import { audit, lifeIn } from './history.ts';

// [openapi]: OutputAlert and OutputCase of TheHive 5.7.3; [kpi]: key-performance-indicators.md in github.com/StrangeBeeCorp/docs

const text = z.string().nullish();
const instant = z.number().nullish(); // Milliseconds UTC.

/** Only the fields used, of alerts and cases alike. */
export const record = z.object({
  _id: z.string().min(1),
  _type: z.string(),
  _createdAt: z.number(),
  number: z.number().nullish(),
  title: text,
  severity: z.number().nullish(),
  status: text,
  stage: text,
  assignee: text,
  tags: z.array(z.string()).nullish(),
  type: text,
  source: text,
  sourceRef: text,
  externalLink: text,
  caseId: text,
  date: instant,
  startDate: instant,
  endDate: instant,
  inProgressDate: instant,
  importedDate: instant,
  closedDate: instant,
  history: z.array(audit).optional(),
});
type Known = z.infer<typeof record>;

const severities = words<Severity>({ 1: 2, 2: 3, 3: 4, 4: 5 });
/** Statuses are a site's own, stages are fixed [openapi]. An imported alert goes on as its case. */
const stages = words<Status>({ New: 'new', InProgress: 'in_progress', Imported: 'resolved', Closed: 'closed' });
/** As installed; a site's own are the client's to map. */
const verdicts = words<Verdict>({
  TruePositive: 'true_positive',
  FalsePositive: 'false_positive',
  'False Positive': 'false_positive',
  Indeterminate: 'undetermined',
  Duplicated: 'duplicate',
  Duplicate: 'duplicate',
  Other: 'other',
});

export function findingOf(raw: Known, baseUrl: string): Finding {
  const isAlert = raw._type === 'Alert';
  const status = stages[raw.stage ?? ''] ?? 'unknown';
  const severity_raw = raw.severity?.toString();
  const verdict_raw = status === 'closed' ? raw.status : undefined;
  const place = isAlert ? `alerts/${raw._id}/details` : `cases/${raw._id}/details`;
  return {
    native_id: raw._id,
    kind: isAlert ? 'alert' : 'case',
    product: 'TheHive',
    title: raw.title || '(no title)',
    url: `${baseUrl.replace(/\/$/, '')}/${place}`,
    severity: severity_raw === undefined ? 0 : (severities[severity_raw] ?? 99),
    status,
    verdict: verdicts[verdict_raw ?? ''] ?? null,
    created_at: raw._createdAt,
    escalated: isAlert ? status === 'resolved' || Boolean(raw.caseId) : null,
    rules: [],
    entities: [],
    attacks: attacksOf((raw.tags ?? []).filter((tag) => /\bT(A)?\d{4}/.test(tag))),
    tags: raw.tags ?? [],
    networks: [],
    log_sources: raw.source ? [raw.source] : [],
    ...onlyKnown({
      severity_raw,
      status_raw: raw.status || raw.stage,
      verdict_raw,
      assignee: raw.assignee,
      parent: isAlert ? raw.caseId : undefined,
      // What raised it: the id in the product that `source` names, as whoever fed it in wrote both.
      children: isAlert && raw.sourceRef ? [{ id: raw.sourceRef, ...onlyKnown({ product: raw.source }) }] : undefined,
      first_activity_at: isAlert ? raw.date : raw.startDate,
      acknowledged_at: raw.inProgressDate,
      escalated_at: isAlert ? raw.importedDate : undefined,
      closed_at: closedAt(raw, status),
    }),
    ...lifeIn(raw.history, status === 'closed'),
  };
}

/**
 * Only while closed: a reopened case keeps closedDate and endDate (recorded). closedDate is the first close, endDate
 * of a case the last one [kpi].
 */
function closedAt(raw: Known, status: Status): number | null | undefined {
  if (status === 'resolved') return raw.importedDate;
  return status === 'closed' ? (raw.endDate ?? raw.closedDate) : undefined;
}
