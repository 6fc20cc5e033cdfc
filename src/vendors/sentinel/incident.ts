import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { type Lookups, onlyKnown } from '../vendor.ts';
import { change, lifeIn } from './history.ts';

// [incident]: Incident in https://learn.microsoft.com/rest/api/securityinsights/incidents/list

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

/** What is known of one incident: the object itself, its rows in the SecurityIncident table, its entities. Only the fields used. */
export const known = z.object({
  incident: z.object({
    name: z.string().min(1),
    properties: z.object({
      title: text,
      severity: text,
      status: text,
      classification: text,
      classificationReason: text,
      createdTimeUtc: text,
      firstActivityTimeUtc: text,
      lastActivityTimeUtc: text,
      owner: z.object({ assignedTo: text, userPrincipalName: text, email: text, ownerType: text }).nullish(),
      incidentUrl: text,
      labels: z.array(z.object({ labelName: text })).nullish(),
      relatedAnalyticRuleIds: texts,
      additionalData: z
        .object({ alertsCount: z.number().nullish(), alertProductNames: texts, tactics: texts, techniques: texts })
        .nullish(),
    }),
  }),
  history: z.array(change).optional(),
  entities: z.array(z.object({ kind: text, properties: z.record(z.string(), z.unknown()).nullish() })).optional(),
});
export type Known = z.infer<typeof known>;

const severities = words<Severity>({ Informational: 1, Low: 2, Medium: 3, High: 4 });
const states = words<Status>({ New: 'new', Active: 'in_progress', Closed: 'closed' });
const verdicts = words<Verdict>({
  TruePositive: 'true_positive',
  BenignPositive: 'benign_positive',
  FalsePositive: 'false_positive',
  Undetermined: 'undetermined',
});

export function findingOf({ incident: { name, properties }, history, entities }: Known, names: Lookups): Finding {
  const title = properties.title || '(no title)';
  const status = states[properties.status ?? ''] ?? 'unknown';
  const rules = (properties.relatedAnalyticRuleIds ?? []).map((id) => ruleOf(id, names));
  const { owner, additionalData } = properties;
  const life = history === undefined ? {} : lifeIn(history, status === 'closed');
  return {
    native_id: name,
    kind: 'case',
    product: 'Microsoft Sentinel',
    title,
    severity: properties.severity ? (severities[properties.severity] ?? 99) : 0,
    status,
    verdict: verdicts[properties.classification ?? ''] ?? null,
    created_at: instantOf(properties.createdTimeUtc) ?? Number.NaN,
    escalated: null,
    rules: rules.length === 0 ? [{ name: title }] : rules,
    entities: (entities ?? []).flatMap(entityOf),
    attacks: attacksOf([...(additionalData?.tactics ?? []), ...(additionalData?.techniques ?? [])]),
    tags: (properties.labels ?? []).flatMap(({ labelName }) => labelName || []),
    networks: [],
    log_sources: additionalData?.alertProductNames ?? [],
    ...onlyKnown({
      url: properties.incidentUrl,
      severity_raw: properties.severity,
      status_raw: properties.status,
      verdict_raw: properties.classification,
      verdict_reason: properties.classificationReason,
      first_activity_at: instantOf(properties.firstActivityTimeUtc),
      last_activity_at: instantOf(properties.lastActivityTimeUtc),
      // The members of an owner are all null while nobody is assigned.
      ...(owner?.ownerType === 'Group'
        ? { assignee_group: owner.assignedTo }
        : { assignee: owner?.userPrincipalName || owner?.email || owner?.assignedTo }),
      event_count: additionalData?.alertsCount,
    }),
    ...life,
  };
}

/** ARM ids differ in case from one answer to the next. */
function ruleOf(id: string, names: Lookups): { id: string; name: string } {
  const short = id.split('/').at(-1) ?? id;
  return { id: short, name: names.rules?.get(short.toLowerCase()) ?? `rule ${short}` };
}

const places = words<readonly [field: string, type: Entity['type']]>({
  Account: ['accountName', 'user'],
  Host: ['hostName', 'host'],
  Ip: ['address', 'ip'],
  Url: ['url', 'url'],
  FileHash: ['hashValue', 'hash'],
  Mailbox: ['mailboxPrimaryAddress', 'email'],
  AzureResource: ['resourceId', 'resource'],
});

function entityOf({
  kind,
  properties,
}: {
  kind?: string | null | undefined;
  properties?: Record<string, unknown> | null | undefined;
}): Entity[] {
  const [field, type] = places[kind ?? ''] ?? [];
  const value = field === undefined ? undefined : properties?.[field];
  return type === undefined || typeof value !== 'string' || value === '' ? [] : [{ type, value }];
}
