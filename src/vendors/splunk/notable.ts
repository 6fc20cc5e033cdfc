import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, lifeOf, words } from '../../products/index.ts';
import { type Lookups, onlyKnown } from '../vendor.ts';
import { texts, text, review, secondsOf, isTouch, eventsOf } from './edits.ts';

export const notable = z.object({
  event_id: text.pipe(z.string({ error: 'missing' })),
  _time: text,
  rule_title: text,
  rule_name: text,
  search_name: text,
  urgency: text,
  severity: text,
  status: text,
  status_label: text,
  status_group: text,
  status_end: text,
  disposition: text,
  disposition_label: text,
  owner: text,
  orig_time: text,
  security_domain: text,
  dest: texts,
  src: texts,
  user: texts,
  risk_object: texts,
  tag: texts,
  mitre_technique: texts,
  'annotations.mitre_attack': texts,
  'annotations.mitre_attack.mitre_technique_id': texts,
  orig_sourcetype: texts,
});

export const fields = Object.keys(notable.shape);

/** Only the fields used. */
export const reviewed = z.object({ notable, reviews: z.array(review) });

export type Notable = z.infer<typeof notable>;

const severities = words<Severity>({ unknown: 0, informational: 1, low: 2, medium: 3, high: 4, critical: 5 });

/** As installed; sites add their own, which say by their group what they are [notable]. */
const states = words<Status>({ 0: 'new', 1: 'new', 2: 'in_progress', 3: 'on_hold', 4: 'resolved', 5: 'closed' });

const groups = words<Status>({ New: 'new', Open: 'in_progress', Closed: 'closed' });

const verdicts = words<Verdict>({
  'disposition:1': 'true_positive',
  'disposition:2': 'benign_positive',
  'disposition:3': 'false_positive',
  'disposition:4': 'false_positive',
  'disposition:5': 'other',
  'disposition:6': 'undetermined',
});

export function findingOf({ notable: raw, reviews }: z.infer<typeof reviewed>, names: Lookups, webUrl: string | undefined): Finding {
  const title = raw.rule_title ?? raw.rule_name ?? raw.search_name ?? '(no title)';
  const status = statusOf(raw);
  const severity_raw = raw.urgency ?? raw.severity;
  const judged = raw.disposition !== undefined && raw.disposition !== 'disposition:0';
  return {
    native_id: raw.event_id,
    kind: 'alert',
    product: 'Splunk Enterprise Security',
    title,
    severity: severity_raw === undefined ? 0 : (severities[severity_raw.toLowerCase()] ?? 99),
    status,
    verdict: verdicts[raw.disposition ?? ''] ?? null,
    created_at: instantOf(raw._time) ?? Number.NaN,
    escalated: null,
    rules: [{ name: raw.search_name ?? raw.rule_name ?? title }],
    entities: entitiesOf(raw),
    attacks: attacksOf([
      ...(raw.mitre_technique ?? []),
      ...(raw['annotations.mitre_attack'] ?? []),
      ...(raw['annotations.mitre_attack.mitre_technique_id'] ?? []),
    ]),
    tags: [...(raw.security_domain ? [raw.security_domain] : []), ...(raw.tag ?? [])],
    networks: [],
    log_sources: raw.orig_sourcetype ?? [],
    ...onlyKnown({
      url:
        webUrl &&
        `${webUrl.replace(/\/$/, '')}/app/SplunkEnterpriseSecuritySuite/incident_review?form.event_id=${encodeURIComponent(raw.event_id)}`,
      severity_raw,
      status_raw: raw.status_label ?? raw.status,
      verdict_raw: judged ? (raw.disposition_label ?? raw.disposition) : undefined,
      first_activity_at: secondsOf(raw.orig_time),
      assignee: raw.owner === 'unassigned' ? undefined : raw.owner,
    }),
    ...onlyKnown(lifeOf(eventsOf(reviews, names), status === 'closed' || status === 'resolved', isTouch)),
  };
}

/** What ends is said by status_end, not by the number: sites number their own states. */
function statusOf({ status, status_end, status_group }: Notable): Status {
  const known = states[status ?? ''] ?? groups[status_group ?? ''] ?? 'unknown';
  return status_end === 'true' && known !== 'resolved' ? 'closed' : known;
}

function entitiesOf({ dest, src, user, risk_object }: Notable): Entity[] {
  const typed = (value: string): Entity['type'] => (/^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f:]*::?[0-9a-f:]+$/i.test(value) ? 'ip' : 'host');
  const found: Entity[] = [
    ...(src ?? []).map((value) => ({ type: typed(value), value, role: 'actor' }) as const),
    ...(dest ?? []).map((value) => ({ type: typed(value), value, role: 'target' }) as const),
    ...(user ?? []).map((value) => ({ type: 'user', value }) as const),
    ...(risk_object ?? []).map((value) => ({ type: 'other', value }) as const),
  ];
  const all = found.filter(({ value }) => value !== '' && value !== 'unknown');
  return all.filter(({ value }, at) => all.findIndex((each) => each.value === value) === at);
}
