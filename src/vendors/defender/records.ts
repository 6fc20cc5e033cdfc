import { z } from 'zod';
import type { Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';
import { comment, evidence, eventOf, entitiesOf } from './evidence.ts';

// [metadata]: schemas/v1.0-Prod.csdl in github.com/microsoftgraph/msgraph-metadata, namespace microsoft.graph.security
// [docs]: api-reference/v1.0 in github.com/microsoftgraph/microsoft-graph-docs-contrib

const text = z.string().nullish();

const texts = z.array(z.string()).nullish();

const shared = {
  id: z.string().min(1),
  createdDateTime: z.string(),
  status: text,
  severity: text,
  classification: text,
  determination: text,
  assignedTo: text,
  systemTags: texts,
  comments: z.array(comment).nullish(),
};

/** Only the fields used. */
const alert = z.object({
  ...shared,
  title: text,
  alertWebUrl: text,
  firstActivityDateTime: text,
  lastActivityDateTime: text,
  resolvedDateTime: text,
  category: text,
  mitreTechniques: texts,
  detectorId: text,
  productName: text,
  serviceSource: text,
  detectionSource: text,
  incidentId: text,
  evidence: z.array(evidence).nullish(),
});

const incident = z.object({ ...shared, displayName: text, incidentWebUrl: text, redirectIncidentId: text, customTags: texts, tags: texts });

/** Which it is, is known by where it was asked for. */
export const record = z.union([z.object({ alert }), z.object({ incident })]);

// In lower case: examples on one page of [docs] write both "truePositive" and "TruePositive".
const severities = words<Severity>({ unknown: 0, informational: 1, low: 2, medium: 3, high: 4 });

const states = words<Status>({
  new: 'new',
  active: 'new',
  inprogress: 'in_progress',
  awaitingaction: 'on_hold',
  resolved: 'resolved',
  redirected: 'closed', // Merged into another, which carries its alerts from then on [docs].
});

const verdicts = words<Verdict>({
  truepositive: 'true_positive',
  falsepositive: 'false_positive',
  informationalexpectedactivity: 'benign_positive',
});

export function findingOf(raw: z.infer<typeof record>): Finding {
  return 'alert' in raw ? alertOf(raw.alert) : incidentOf(raw.incident);
}

/** What both have; an unset word is "unknown" there, so no verdict of ours. */
function sharedOf(raw: z.infer<typeof alert> | z.infer<typeof incident>) {
  const said = (word: string | null | undefined) => (word?.toLowerCase() === 'unknown' ? undefined : word);
  const events = (raw.comments ?? []).flatMap(eventOf);
  return {
    native_id: raw.id,
    severity: raw.severity ? (severities[raw.severity.toLowerCase()] ?? 99) : 0,
    status: states[raw.status?.toLowerCase() ?? ''] ?? 'unknown',
    verdict: verdicts[raw.classification?.toLowerCase() ?? ''] ?? null,
    created_at: instantOf(raw.createdDateTime) ?? Number.NaN,
    escalated: null,
    networks: [],
    ...onlyKnown({
      severity_raw: raw.severity,
      status_raw: raw.status,
      verdict_raw: said(raw.classification),
      verdict_reason: said(raw.determination),
      assignee: raw.assignedTo,
      events: events.length === 0 ? undefined : events,
    }),
  };
}

function alertOf(raw: z.infer<typeof alert>): Finding {
  const common = sharedOf(raw);
  return {
    ...common,
    kind: 'alert',
    product: raw.productName || 'Microsoft Defender XDR',
    title: raw.title || '(no title)',
    rules: raw.title ? [{ ...onlyKnown({ id: raw.detectorId }), name: raw.title }] : [],
    entities: entitiesOf(raw.evidence ?? []),
    attacks: attacksOf([raw.category, ...(raw.mitreTechniques ?? [])]),
    tags: raw.systemTags ?? [],
    log_sources: [raw.serviceSource, raw.detectionSource].filter((each) => typeof each === 'string'),
    ...onlyKnown({
      url: raw.alertWebUrl,
      first_activity_at: instantOf(raw.firstActivityDateTime),
      last_activity_at: instantOf(raw.lastActivityDateTime),
      closed_at: common.status === 'resolved' ? instantOf(raw.resolvedDateTime) : undefined,
      parent: raw.incidentId,
    }),
  };
}

function incidentOf(raw: z.infer<typeof incident>): Finding {
  return {
    ...sharedOf(raw),
    kind: 'case',
    product: 'Microsoft Defender XDR',
    title: raw.displayName || '(no name)',
    rules: [],
    entities: [],
    attacks: [],
    tags: [...(raw.customTags ?? []), ...(raw.tags ?? []), ...(raw.systemTags ?? [])],
    log_sources: [],
    ...onlyKnown({ url: raw.incidentWebUrl, merged_into: raw.redirectIncidentId }),
  };
}
