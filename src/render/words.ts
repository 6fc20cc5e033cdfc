import { visible } from './visible.ts';

/** Names of our own fields, states and verdicts as people say them; no id of the program goes to print. */
const plainNames: Readonly<Record<string, string>> = {
  in_progress: 'in progress',
  on_hold: 'on hold',
  true_positive: 'true positive',
  benign_positive: 'benign positive',
  false_positive: 'false positive',
  created_at: 'time of creation',
  last_activity_at: 'time of last activity',
  notified_at: 'time of notification',
  first_closed_at: 'time of first closing',
  first_activity_at: 'time of first activity',
  acknowledged_at: 'time of acknowledgement',
  escalated_at: 'time of escalation',
  contained_at: 'time of containment',
  verdict_at: 'time of the verdict',
  closed_at: 'time of closing',
  updated_at: 'time of last change',
  verdict_raw: 'closing reason',
  log_sources: 'log sources',
  source_ips: 'source addresses',
  destination_ips: 'target addresses',
  source_networks: 'source networks',
  destination_networks: 'target networks',
  closed_by: 'closing analyst',
  rule_id: 'rule',
};
const ids = new RegExp(`(?<![\\w.@/])(?:${Object.keys(plainNames).join('|')})(?![\\w@/])`, 'g');

/** A text of the analysis without anything that acts, and with our ids in words. */
export function plain(text: string): string {
  const shown = visible(text);
  if (!shown.includes('_')) return shown;
  const said = shown.replace(ids, (id) => plainNames[id] ?? id);
  // A title that began with an id begins with a capital again.
  return said === shown || /^\p{Lu}/u.test(said) || !shown.includes(' ') ? said : said.charAt(0).toUpperCase() + said.slice(1);
}
