import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { words } from '../../products/index.ts';
import { exactId, type Lookups, onlyKnown } from '../vendor.ts';

const text = z.string().nullish(); // A console sends explicit nulls, what stands in between often strips them [demisto test data].
const instant = z.number().nullish(); // Milliseconds UTC in every version [offenses].

/** Only the fields used. */
export const offense = z.object({
  id: exactId,
  description: text,
  status: text,
  severity: z.number().nullish(),
  start_time: instant,
  last_updated_time: instant,
  first_persisted_time: instant,
  close_time: instant,
  closing_reason_id: exactId.nullish(),
  closing_user: text,
  assigned_to: text,
  offense_type: exactId.nullish(),
  offense_source: text,
  source_network: text,
  source_address_ids: z.array(exactId).nullish(),
  local_destination_address_ids: z.array(exactId).nullish(),
  categories: z.array(z.string()).nullish(),
  rules: z.array(z.object({ id: exactId, type: text })).nullish(),
  log_sources: z.array(z.object({ name: text })).nullish(),
  event_count: z.number().nullish(),
});
type Offense = z.infer<typeof offense>;

/** Only what is mapped: full offenses are large enough to make consoles time out (github.com/Shuffle/Shuffle/issues/429). */
const plainFields = Object.keys(offense.shape).filter((name) => name !== 'rules' && name !== 'log_sources');
export const fields = [...plainFields, 'rules(id,type)', 'log_sources(name)'].join(',');

const states = words<Status>({ OPEN: 'new', HIDDEN: 'suppressed', CLOSED: 'closed' });

/** Only what IBM's stock reasons say by themselves; a site's own reasons, and "Policy Violation", are the client's to map. */
const stockVerdicts = words<Verdict>({ 'False-Positive, Tuned': 'false_positive', 'Non-Issue': 'benign_positive' });

export function findingOf(raw: Offense, names: Lookups, baseUrl: string): Finding {
  const title = raw.description?.trim().split('\n')[0]?.trim() || '(no description)';
  const reason = raw.closing_reason_id ?? undefined;
  const verdict_raw = reason === undefined ? undefined : (names.closing_reasons?.get(reason) ?? `closing reason ${reason}`);
  const closed_at = raw.status === 'CLOSED' ? raw.close_time : undefined;
  const status = raw.status === 'OPEN' && raw.assigned_to ? 'in_progress' : (states[raw.status ?? ''] ?? 'unknown');
  return {
    native_id: raw.id,
    kind: 'alert', // IBM's own OCSF form of an offense is a Detection Finding (GET /siem/offenses_ocsf, API 26.0).
    product: 'QRadar',
    title,
    url: `${baseUrl.replace(/\/api\/?$/, '')}/console/do/sem/offensesummary?appName=Sem&pageId=OffenseSummary&summaryId=${raw.id}`,
    severity: severityOf(raw.severity),
    status,
    verdict: stockVerdicts[verdict_raw ?? ''] ?? null,
    created_at: raw.first_persisted_time ?? raw.start_time ?? Number.NaN,
    escalated: null,
    rules: rulesOf(raw, names, title),
    entities: entitiesOf(raw, names),
    attacks: [],
    tags: raw.categories ?? [],
    networks: raw.source_network ? [raw.source_network] : [],
    log_sources: (raw.log_sources ?? []).flatMap(({ name }) => (name ? [name] : [])),
    ...onlyKnown({
      severity_raw: raw.severity?.toString(),
      status_raw: raw.status,
      verdict_raw,
      verdict_at: verdict_raw === undefined ? undefined : closed_at,
      first_activity_at: raw.start_time,
      last_activity_at: raw.last_updated_time,
      closed_at,
      assignee: raw.assigned_to,
      closed_by: raw.closing_user,
      // Closed through the API, as in "API_user: admin" (recorded by Rapid7's plugin): a script, whoever's account it used.
      closed_by_kind: raw.closing_user ? (raw.closing_user.startsWith('API_user') ? 'automation' : 'human') : undefined,
      event_count: raw.event_count,
    } as const),
  };
}

/** 0–10 in OCSF's words; our own reading, as IBM names no ranges. */
const severities: readonly Severity[] = [1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5];

function severityOf(severity: number | null | undefined): Severity {
  if (severity === null || severity === undefined) return 0;
  return severities[Math.floor(severity)] ?? 99;
}

/** Building blocks are tests that rules are made of; they raise no offense. */
function rulesOf(raw: Offense, names: Lookups, title: string): Finding['rules'] {
  const rules = (raw.rules ?? []).filter(({ type }) => type !== 'BUILDING_BLOCK_RULE');
  const named = rules.map(({ id }) => ({ id, name: names.rules?.get(id) ?? `rule ${id}` }));
  if (rules.some(({ id }) => names.rules?.has(id))) return named;
  const [only] = rules.length === 1 ? rules : [];
  return [{ ...onlyKnown({ id: only?.id }), name: title }];
}

/** offense_source is a value of the property that the offense is indexed by, which its type names: "Source IP", "Username", "Destination IP" … */
function entitiesOf(raw: Offense, names: Lookups): Entity[] {
  const property = names.offense_types?.get(raw.offense_type ?? '') ?? '';
  const type = /\bIP/.test(property) ? 'ip' : /user/i.test(property) ? 'user' : /host/i.test(property) ? 'host' : 'other';
  const role = /^destination/i.test(property) ? 'target' : /^source/i.test(property) || type !== 'other' ? 'actor' : undefined;
  const found: Entity[] = raw.offense_source ? [{ type, value: raw.offense_source, ...onlyKnown({ role }) }] : [];
  const address = (table: string, ids: readonly string[] | null | undefined, role: 'actor' | 'target') => {
    for (const id of ids ?? []) {
      const value = names[table]?.get(id);
      if (value !== undefined && !found.some((each) => each.value === value && each.role === role)) found.push({ type: 'ip', value, role });
    }
  };
  address('source_addresses', raw.source_address_ids, 'actor');
  address('local_destination_addresses', raw.local_destination_address_ids, 'target');
  return found;
}
