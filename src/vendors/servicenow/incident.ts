import { z } from 'zod';
import type { Entity, Finding, Severity, Verdict } from '../../finding.ts';
import { words } from '../../products/index.ts';
import { type Lookups, onlyKnown } from '../vendor.ts';
import { change, lifeIn } from './history.ts';
import { cell, instantIn, nameOf, statusOf, textOf } from './values.ts';

// [recorded]: plugins/servicenow in github.com/rapid7/insightconnect-plugins
// [sir]: security-incident-response in github.com/ServiceNow/ServiceNowDocs

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
/** With what changed of it, where that was read. */
export const audited = incident.extend({ history: z.array(change).optional() });
export const fields = [...Object.keys(incident.shape), 'sys_updated_on'].join(',');

const severities = words<Severity>({ 1: 5, 2: 4, 3: 3, 4: 2, 5: 1 });
/** "Investigation completed", "Not resolved" and the rest say nothing of what it was [sir]. */
const verdicts = words<Verdict>({ 'false positive': 'false_positive', 'threat mitigated': 'true_positive' });

export function findingOf(raw: z.infer<typeof audited>, baseUrl: string, names: Lookups): Finding {
  const id = textOf(raw.sys_id) ?? '';
  const priority = textOf(raw.priority);
  const status = statusOf(textOf(raw.state), nameOf(raw.state));
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
    ...lifeIn(raw.history, status === 'closed', names),
  };
}

function entitiesOf({ cmdb_ci, affected_user }: z.infer<typeof incident>): Entity[] {
  const found: [Entity['type'], string | undefined][] = [
    ['host', nameOf(cmdb_ci)],
    ['user', nameOf(affected_user)],
  ];
  return found.flatMap(([type, value]) => (value === undefined ? [] : [{ type, value, role: 'target' }]));
}
