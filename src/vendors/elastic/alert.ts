import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [alerts]: https://www.elastic.co/docs/reference/security/fields-and-object-schemas/alert-schema
// [search]: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/paginate-search-results
// [status]: AlertStatus and ReasonEnum in elastic/kibana, security_solution/common/api/detection_engine

/** With the fields option every field is a list under its full name, however the document was written [alerts]. */
export const hit = z.object({ _id: z.string().min(1), fields: z.record(z.string(), z.array(z.unknown()).nullish()) });
type Hit = z.infer<typeof hit>;

/** Only what is mapped. */
export const read = [
  ...['@timestamp', 'kibana.alert.workflow_status', 'kibana.alert.workflow_status_updated_at', 'kibana.alert.workflow_reason'],
  ...['kibana.alert.workflow_user', 'kibana.alert.workflow_tags', 'kibana.alert.workflow_assignee_ids', 'kibana.alert.severity'],
  ...[
    'kibana.alert.original_time',
    'kibana.alert.last_detected',
    'kibana.alert.rule.name',
    'kibana.alert.rule.uuid',
    'kibana.alert.rule.tags',
  ],
  ...['kibana.alert.rule.threat.tactic.id', 'kibana.alert.rule.threat.technique.id', 'kibana.alert.rule.threat.technique.subtechnique.id'],
  ...['kibana.alert.suppression.docs_count', 'kibana.alert.case_ids', 'kibana.alert.url', 'event.module', 'event.dataset'],
  ...['host.name', 'user.name', 'source.ip', 'destination.ip', 'file.hash.sha256', 'process.hash.sha256'],
];

const severities = words<Severity>({ low: 2, medium: 3, high: 4, critical: 5 });
const states = words<Status>({
  open: 'new',
  acknowledged: 'in_progress',
  'in-progress': 'in_progress',
  closed: 'closed',
});
/** What a reason says by itself; "issue_resolved", "acceptable_risk" and a site's own are the client's to map [status]. */
const reasons = words<Verdict>({
  false_positive: 'false_positive',
  true_positive: 'true_positive',
  benign_positive: 'benign_positive',
  expected_activity: 'benign_positive',
  duplicate: 'duplicate',
});

export function findingOf({ _id, fields }: Hit): Finding {
  const all = (name: string): string[] => (fields[name] ?? []).filter((value) => value !== null && value !== '').map(String);
  const one = (name: string): string | undefined => all(name)[0];
  const at = (name: string): number | undefined => instantOf(one(name));
  const status_raw = one('kibana.alert.workflow_status');
  const severity_raw = one('kibana.alert.severity');
  const verdict_raw = one('kibana.alert.workflow_reason');
  const closed_at = status_raw === 'closed' ? at('kibana.alert.workflow_status_updated_at') : undefined;
  const rule = one('kibana.alert.rule.name');
  const module = one('event.module');
  return {
    native_id: _id,
    kind: 'alert',
    product: 'Elastic Security',
    title: rule ?? '(no rule name)',
    severity: severity_raw === undefined ? 0 : (severities[severity_raw] ?? 99),
    status: states[status_raw ?? ''] ?? 'unknown',
    verdict: reasons[verdict_raw ?? ''] ?? null,
    created_at: at('@timestamp') ?? Number.NaN,
    escalated: null,
    rules: rule === undefined ? [] : [{ ...onlyKnown({ id: one('kibana.alert.rule.uuid') }), name: rule }],
    entities: entitiesOf(all),
    attacks: attacksOf(
      ['tactic.id', 'technique.id', 'technique.subtechnique.id'].flatMap((name) => all(`kibana.alert.rule.threat.${name}`)),
    ),
    tags: [...all('kibana.alert.workflow_tags'), ...all('kibana.alert.rule.tags')],
    networks: [],
    log_sources: [...new Set([...(module === undefined ? [] : [module]), ...all('event.dataset')])],
    ...onlyKnown({
      url: one('kibana.alert.url'),
      severity_raw,
      status_raw,
      verdict_raw,
      verdict_at: verdict_raw === undefined ? undefined : closed_at,
      first_activity_at: at('kibana.alert.original_time'),
      last_activity_at: at('kibana.alert.last_detected'),
      closed_at,
      assignee: one('kibana.alert.workflow_assignee_ids'),
      closed_by: closed_at === undefined ? undefined : one('kibana.alert.workflow_user'),
      parent: one('kibana.alert.case_ids'),
      event_count: countOf(one('kibana.alert.suppression.docs_count')),
    }),
  };
}

/** The alert itself and those it suppressed. */
function countOf(suppressed: string | undefined): number | undefined {
  const count = Number(suppressed);
  return suppressed === undefined || Number.isNaN(count) ? undefined : count + 1;
}

const places: readonly [field: string, type: Entity['type'], role: Entity['role']][] = [
  ['host.name', 'host', 'target'],
  ['user.name', 'user', undefined],
  ['source.ip', 'ip', 'actor'],
  ['destination.ip', 'ip', 'target'],
  ['file.hash.sha256', 'hash', undefined],
  ['process.hash.sha256', 'hash', undefined],
];

function entitiesOf(all: (name: string) => string[]): Entity[] {
  return places.flatMap(([field, type, role]) => all(field).map((value) => ({ type, value, ...onlyKnown({ role }) })));
}
