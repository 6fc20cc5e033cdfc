import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [sdk]: github.com/trendmicro/tm-v1-pytv1, model/common.py; [mock]: github.com/trendmicro/tm-v1-api-mockup

const text = z.string().nullish();
const named = z.object({ name: text, ips: z.array(z.string()).nullish() });

/** Only the fields used. */
export const alert = z.object({
  id: z.string().min(1),
  createdDateTime: z.string(),
  firstInvestigatedDateTime: text,
  status: text,
  investigationStatus: text, // All that older schema versions have [mock].
  investigationResult: text,
  severity: text,
  model: text,
  modelId: text,
  workbenchLink: text,
  alertProvider: text,
  ownerIds: z.array(z.string()).nullish(),
  incidentId: text,
  caseId: text,
  impactScope: z
    .object({
      // A host is an object, an account a text, and one host was recorded as a text.
      entities: z.array(z.object({ entityType: text, entityValue: z.union([z.string(), named]).nullish().catch(undefined) })).nullish(),
    })
    .nullish(),
  matchedRules: z
    .array(z.object({ matchedFilters: z.array(z.object({ mitreTechniqueIds: z.array(z.string()).nullish() })).nullish() }))
    .nullish(),
});
type Alert = z.infer<typeof alert>;

const severities = words<Severity>({ low: 2, medium: 3, high: 4, critical: 5 });
const states = words<Status>({
  Open: 'new',
  New: 'new',
  'In Progress': 'in_progress',
  Closed: 'closed',
  // Older schema versions close by giving a verdict.
  'True Positive': 'closed',
  'False Positive': 'closed',
  'Benign True Positive': 'closed',
});
const verdicts = words<Verdict>({
  'True Positive': 'true_positive',
  'False Positive': 'false_positive',
  'Benign True Positive': 'benign_positive',
  'No Findings': 'undetermined',
  Noteworthy: 'other',
  'Other Findings': 'other',
});

export function findingOf(raw: Alert): Finding {
  const status_raw = raw.status || raw.investigationStatus;
  const status = states[status_raw ?? ''] ?? 'unknown';
  const verdict_raw = resultOf(raw, status);
  return {
    native_id: raw.id,
    kind: 'alert',
    product: 'Trend Vision One',
    title: raw.model || '(no model)',
    severity: raw.severity ? (severities[raw.severity] ?? 99) : 0,
    status,
    verdict: verdicts[verdict_raw ?? ''] ?? null,
    created_at: instantOf(raw.createdDateTime) ?? Number.NaN,
    escalated: null,
    rules: raw.model ? [{ ...onlyKnown({ id: raw.modelId }), name: raw.model }] : [],
    entities: entitiesOf(raw),
    // "V9.T1548.002" is T1548.002 of ATT&CK version 9 [mock].
    attacks: attacksOf(
      (raw.matchedRules ?? []).flatMap((rule) => (rule.matchedFilters ?? []).flatMap((each) => each.mitreTechniqueIds ?? [])),
    ),
    tags: [],
    networks: [],
    log_sources: raw.alertProvider ? [raw.alertProvider] : [],
    ...onlyKnown({
      url: raw.workbenchLink,
      severity_raw: raw.severity,
      status_raw,
      verdict_raw,
      acknowledged_at: instantOf(raw.firstInvestigatedDateTime),
      assignee: raw.ownerIds?.[0],
      parent: raw.caseId || raw.incidentId,
    }),
  };
}

/** "No Findings" stands on every alert from the start: before the close it says nothing [sdk]. */
function resultOf(raw: Alert, status: Status): string | undefined {
  const older = raw.investigationStatus && raw.investigationStatus in verdicts ? raw.investigationStatus : undefined;
  const result = raw.investigationResult || older;
  return result === 'No Findings' && status !== 'closed' ? undefined : (result ?? undefined);
}

const types = words<Entity['type']>({
  host: 'host',
  account: 'user',
  cloudIdentity: 'user',
  emailAddress: 'email',
  container: 'resource',
  awsLambda: 'resource',
});

function entitiesOf({ impactScope }: Alert): Entity[] {
  return (impactScope?.entities ?? []).flatMap(({ entityType, entityValue }): Entity[] => {
    const type = types[entityType ?? ''] ?? 'other';
    if (typeof entityValue === 'string') return entityValue === '' ? [] : [{ type, value: entityValue, role: 'target' }];
    const addresses = (entityValue?.ips ?? []).map((value): Entity => ({ type: 'ip', value, role: 'target' }));
    return [...(entityValue?.name ? [{ type, value: entityValue.name, role: 'target' } as const] : []), ...addresses];
  });
}
