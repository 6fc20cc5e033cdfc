import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, words } from '../../products/index.ts';
import { exactId, onlyKnown } from '../vendor.ts';

// [docs]: "Get all Incidents" in the Cortex XDR REST API reference, docs-cortex.paloaltonetworks.com
// [demisto]: Packs/CortexXDR in github.com/demisto/content; [elastic]: recorded incidents in packages/panw_cortex_xdr

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();
const instant = z.number().nullish(); // Epoch milliseconds [docs].

/** Only the fields used. Anything may be null, and fields come and go with versions [elastic]. */
export const incident = z.object({
  incident_id: exactId,
  creation_time: instant,
  detection_time: instant, // null in every recording.
  resolved_timestamp: instant,
  status: text,
  severity: text,
  manual_severity: text,
  incident_name: text,
  description: text,
  resolve_comment: text,
  assigned_user_mail: text, // "" as well as null while nobody is assigned [demisto].
  assigned_user_pretty_name: text,
  xdr_url: text,
  hosts: texts,
  users: texts,
  incident_sources: texts,
  mitre_tactics_ids_and_names: texts,
  mitre_techniques_ids_and_names: texts,
  tags: texts,
});

const severities = words<Severity>({ informational: 1, low: 2, medium: 3, high: 4, critical: 5, unknown: 0 });
/** What the word of the closing says by itself; "known issue" and a site's own reasons are the client's to map [demisto]. */
const verdicts = words<Verdict>({
  resolved_true_positive: 'true_positive',
  resolved_threat_handled: 'true_positive', // Older consoles.
  resolved_false_positive: 'false_positive',
  resolved_duplicate: 'duplicate',
  resolved_duplicate_incident: 'duplicate',
  resolved_security_testing: 'test',
  resolved_other: 'other',
});

export function findingOf(raw: z.infer<typeof incident>): Finding {
  const severity_raw = raw.manual_severity || raw.severity; // Set by hand, it stands above the computed one [docs].
  const status_raw = raw.status?.toLowerCase();
  const status = statusOf(status_raw);
  const closed_at = status === 'resolved' ? (raw.resolved_timestamp ?? undefined) : undefined;
  const verdict = verdicts[status_raw ?? ''] ?? null;
  return {
    native_id: raw.incident_id,
    kind: 'case',
    product: 'Cortex XDR',
    title: raw.incident_name || raw.description || '(no description)',
    severity: severity_raw ? (severities[severity_raw.toLowerCase()] ?? 99) : 0,
    status,
    verdict,
    created_at: raw.creation_time ?? Number.NaN,
    escalated: null,
    rules: [], // Only an incident's alerts know theirs.
    entities: entitiesOf(raw),
    attacks: attacksOf([...(raw.mitre_tactics_ids_and_names ?? []), ...(raw.mitre_techniques_ids_and_names ?? [])]),
    tags: raw.tags ?? [],
    networks: [],
    log_sources: raw.incident_sources ?? [],
    ...onlyKnown({
      url: raw.xdr_url,
      severity_raw,
      status_raw: raw.status,
      verdict_raw: status === 'resolved' ? raw.status : undefined,
      verdict_reason: status === 'resolved' ? raw.resolve_comment : undefined,
      verdict_at: verdict === null ? undefined : closed_at,
      first_activity_at: raw.detection_time,
      closed_at,
      closed_by_kind: status_raw?.startsWith('resolved_auto') === true ? 'automation' : undefined,
      assignee: raw.assigned_user_pretty_name || raw.assigned_user_mail,
    } as const),
  };
}

/** Reasons of closing are added with every version: what begins with "resolved" is resolved. */
function statusOf(word: string | undefined): Status {
  if (word?.startsWith('resolved') === true) return 'resolved';
  return word === 'new' ? 'new' : word === 'under_investigation' ? 'in_progress' : 'unknown';
}

/** A host is "name:id of its agent", or a name alone [elastic, rapid7's recordings]. */
function entitiesOf({ hosts, users }: z.infer<typeof incident>): Entity[] {
  const named = (hosts ?? []).map((host) => host.replace(/:[^:]*$/, '')).filter((host) => host !== '');
  return [
    ...named.map((value): Entity => ({ type: 'host', value, role: 'target' })),
    ...(users ?? []).filter((user) => user !== '').map((value): Entity => ({ type: 'user', value })),
  ];
}
