import { message } from './message.ts';
import { phrase, type Words } from './phrase.ts';

/** Names of our own fields, states and verdicts as people say them; no id of the program goes to print. */
const names = new Map(
  Object.entries({
    in_progress: message('in progress'),
    on_hold: message('on hold'),
    true_positive: message('true positive'),
    benign_positive: message('benign positive'),
    false_positive: message('false positive'),
    created_at: message('time of creation'),
    last_activity_at: message('time of last activity'),
    notified_at: message('time of notification'),
    first_closed_at: message('time of first closing'),
    first_activity_at: message('time of first activity'),
    acknowledged_at: message('time of acknowledgement'),
    escalated_at: message('time of escalation'),
    contained_at: message('time of containment'),
    verdict_at: message('time of the verdict'),
    closed_at: message('time of closing'),
    updated_at: message('time of last change'),
    verdict_raw: message('closing reason'),
    log_sources: message('log sources'),
    source_ips: message('source addresses'),
    destination_ips: message('target addresses'),
    source_networks: message('source networks'),
    destination_networks: message('target networks'),
    closed_by: message('closing analyst'),
    rule_id: message('rule'),
    new: message('new'),
    resolved: message('resolved'),
    closed: message('closed'),
    suppressed: message('suppressed'),
    deleted: message('deleted'),
    unknown: message('unknown'),
    open: message('open'),
    ended: message('ended'),
    duplicate: message('duplicate'),
    test: message('test'),
    undetermined: message('undetermined'),
    other: message('other'),
    alert: message('alert'),
    case: message('case'),
    Fatal: message('Fatal'),
    Critical: message('Critical'),
    High: message('High'),
    Medium: message('Medium'),
    Low: message('Low'),
    Informational: message('Informational'),
    Other: message('Other'),
    Unknown: message('Unknown'),
    verdict: message('verdict'),
    escalated: message('escalation'),
    reopened: message('reopening'),
    assignee: message('assignee'),
    severity: message('severity'),
    rules: message('rules'),
    entities: message('entities'),
    attacks: message('attack techniques'),
    networks: message('networks'),
    acknowledge: message('acknowledge'),
    escalate: message('escalate'),
    close: message('close'),
    contain: message('contain'),
  }),
);

/** A field, state or verdict in words; what has no name here is said as it is, with blanks. */
export function fieldWords(id: string): Words {
  const name = names.get(id);
  return name === undefined ? id.replaceAll('_', ' ') : phrase(name);
}

/** Our ids in a text, said in words. */
export function withoutIds(text: string): string {
  if (!text.includes('_')) return text;
  const said = text.replace(ids, (id) => names.get(id) ?? id);
  // A title that began with an id begins with a capital again.
  return said === text || /^\p{Lu}/u.test(said) || !text.includes(' ') ? said : said.charAt(0).toUpperCase() + said.slice(1);
}

const ids = new RegExp(`(?<![\\w.@/])(?:${[...names.keys()].filter((id) => id.includes('_')).join('|')})(?![\\w@/])`, 'g');
