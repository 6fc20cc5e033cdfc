import { z } from 'zod';
import type { Entity, Finding, Ms, Severity, Status, Verdict } from '../../finding.ts';
import { instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [recorded]: plugins/servicenow in github.com/rapid7/insightconnect-plugins
// [sir]: security-incident-response in github.com/ServiceNow/ServiceNowDocs

const scalar = z.union([z.string(), z.number().transform(String)]).nullish();

/** A value with its words; a bare value, as where only values are asked for. "" means none. */
export const cell = z.union([
  scalar.transform((value) => ({ value, display_value: value })),
  z.object({ value: scalar, display_value: scalar }),
]);
type Cell = z.infer<typeof cell> | undefined;

const shown = cell.optional();
const must = cell.refine((each) => Boolean(each.value), 'missing');

/** Only the fields used. */
export const incident = z.object({
  sys_id: must,
  sys_created_on: must,
  number: shown,
  short_description: shown,
  state: shown,
  priority: shown,
  category: shown,
  subcategory: shown,
  assigned_to: shown,
  assignment_group: shown,
  closed_at: shown,
  closed_by: shown,
  close_code: shown,
  alert_id: shown,
  alert_rule: shown,
  alert_sensor: shown,
  affected_user: shown,
  cmdb_ci: shown,
  parent_security_incident: shown,
});
export const fields = [...Object.keys(incident.shape), 'sys_updated_on'].join(',');

const severities = words<Severity>({ 1: 5, 2: 4, 3: 3, 4: 2, 5: 1 });
/** By number where recorded, else by the name of the state as installed [sir]. Numbers and names are a site's to change. */
const states = words<Status>({
  3: 'closed',
  16: 'in_progress',
  draft: 'new',
  analysis: 'in_progress',
  contain: 'in_progress',
  eradicate: 'in_progress',
  recover: 'in_progress',
  review: 'in_progress',
  closed: 'closed',
  cancelled: 'closed',
});
/** "Investigation completed", "Not resolved" and the rest say nothing of what it was [sir]. */
const verdicts = words<Verdict>({ 'false positive': 'false_positive', 'threat mitigated': 'true_positive' });

export function textOf(each: Cell): string | undefined {
  return each?.value || undefined;
}

/** UTC without a zone. */
export function instantIn(each: Cell): Ms | undefined {
  return instantOf(`${textOf(each) ?? ''}Z`);
}

const nameOf = (each: Cell): string | undefined => each?.display_value || textOf(each);

export function findingOf(raw: z.infer<typeof incident>, baseUrl: string): Finding {
  const id = textOf(raw.sys_id) ?? '';
  const priority = textOf(raw.priority);
  const status = states[textOf(raw.state) ?? ''] ?? states[nameOf(raw.state)?.toLowerCase() ?? ''] ?? 'unknown';
  const verdict_raw = nameOf(raw.close_code);
  const [rule, sensor] = [nameOf(raw.alert_rule), nameOf(raw.alert_sensor)];
  const alert = textOf(raw.alert_id);
  const tags = [textOf(raw.number), nameOf(raw.category), nameOf(raw.subcategory)];
  return {
    native_id: id,
    kind: 'case',
    product: 'ServiceNow SIR',
    title: textOf(raw.short_description) ?? '(no short description)',
    url: `${baseUrl.replace(/\/$/, '')}/sn_si_incident.do?sys_id=${encodeURIComponent(id)}`,
    severity: priority === undefined ? 0 : (severities[priority] ?? 99),
    status,
    verdict: verdicts[verdict_raw?.toLowerCase() ?? ''] ?? null,
    created_at: instantIn(raw.sys_created_on) ?? Number.NaN,
    escalated: null,
    rules: rule === undefined ? [] : [{ name: rule }],
    entities: entitiesOf(raw),
    attacks: [],
    tags: tags.filter((tag) => tag !== undefined),
    networks: [],
    log_sources: sensor === undefined ? [] : [sensor],
    ...onlyKnown({
      severity_raw: nameOf(raw.priority),
      status_raw: nameOf(raw.state),
      verdict_raw,
      assignee: nameOf(raw.assigned_to),
      assignee_group: nameOf(raw.assignment_group),
      parent: textOf(raw.parent_security_incident),
      children: alert === undefined ? undefined : [{ id: alert, ...onlyKnown({ product: sensor }) }],
      closed_at: status === 'closed' ? instantIn(raw.closed_at) : undefined,
      closed_by: status === 'closed' ? nameOf(raw.closed_by) : undefined,
    }),
  };
}

function entitiesOf({ cmdb_ci, affected_user }: z.infer<typeof incident>): Entity[] {
  const found: [Entity['type'], string | undefined][] = [
    ['host', nameOf(cmdb_ci)],
    ['user', nameOf(affected_user)],
  ];
  return found.flatMap(([type, value]) => (value === undefined ? [] : [{ type, value, role: 'target' }]));
}
