import { z } from 'zod';
import type { Entity, Finding, Severity, Status, Verdict } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';
import { activity, lifeIn } from './history.ts';

// [swagger]: SentinelOne's own API 2.1 swagger, docs/swagger_2_1.json in github.com/Celerium/SentinelOne-PowerShellWrapper

const text = z.string().nullish();
const named = z.object({ name: text });

/** Only the fields used. Ids are texts of 18 or 19 digits [swagger]. */
export const threat = z.object({
  id: z.string().min(1),
  threatInfo: z.object({
    createdAt: z.string(),
    updatedAt: text,
    identifiedAt: text,
    threatName: text,
    classification: text,
    detectionEngines: z.unknown().optional(), // The swagger gives it no type.
    incidentStatus: text,
    analystVerdict: text,
    confidenceLevel: text,
    mitigationStatus: text,
    automaticallyResolved: z.boolean().nullish(),
    processUser: text,
    sha1: text,
    sha256: text,
  }),
  agentDetectionInfo: z.object({ agentIpV4: text, agentLastLoggedInUserName: text }).nullish(),
  agentRealtimeInfo: z.object({ agentComputerName: text }).nullish(),
  indicators: z.array(z.object({ tactics: z.array(named.extend({ techniques: z.array(named).nullish() })).nullish() })).nullish(),
  mitigationStatus: z.array(z.object({ action: text, status: text, mitigationEndedAt: text })).nullish(),
});
/** With what was decided about it, where that was read. */
export const reviewed = threat.extend({ history: z.array(activity).optional() });
type Threat = z.infer<typeof reviewed>;

/** A threat has no severity; how sure SentinelOne is comes nearest. Our reading. */
const confidences = words<Severity>({ malicious: 4, suspicious: 3, 'n/a': 0 });
const states = words<Status>({ unresolved: 'new', in_progress: 'in_progress', resolved: 'resolved' });
const verdicts = words<Verdict>({
  true_positive: 'true_positive',
  false_positive: 'false_positive',
  suspicious: 'undetermined',
});

export function findingOf(raw: Threat, console: string): Finding {
  const { threatInfo: info } = raw;
  const severity_raw = info.confidenceLevel;
  const verdict_raw = info.analystVerdict === 'undefined' ? undefined : info.analystVerdict;
  const status = states[info.incidentStatus ?? ''] ?? 'unknown';
  return {
    native_id: raw.id,
    kind: 'alert',
    product: 'SentinelOne',
    title: info.threatName || '(no threat name)',
    url: `${console.replace(/\/$/, '')}/incidents/threats/${raw.id}/overview`,
    severity: severity_raw ? (confidences[severity_raw] ?? 99) : 0,
    status,
    verdict: verdicts[verdict_raw ?? ''] ?? null,
    created_at: instantOf(info.createdAt) ?? Number.NaN,
    escalated: null,
    rules: enginesOf(info.detectionEngines),
    entities: entitiesOf(raw),
    attacks: attacksOf((raw.indicators ?? []).flatMap(({ tactics }) => (tactics ?? []).flatMap(namesOf))),
    tags: info.classification ? [info.classification] : [],
    networks: [],
    log_sources: [],
    ...onlyKnown({
      severity_raw,
      status_raw: info.incidentStatus,
      verdict_raw,
      first_activity_at: instantOf(info.identifiedAt),
      contained_at: info.mitigationStatus === 'mitigated' ? containedAt(raw) : undefined,
      closed_by_kind: status === 'resolved' && info.automaticallyResolved === true ? 'automation' : undefined,
    } as const),
    ...lifeIn(raw.history, status === 'resolved'),
  };
}

/** A tactic's own name may be any text; a technique's name is its id. */
function namesOf({
  name,
  techniques,
}: {
  name?: string | null | undefined;
  techniques?: { name?: string | null | undefined }[] | null | undefined;
}) {
  return [name, ...(techniques ?? []).map((each) => each.name)];
}

const engine = z.object({ key: text, title: z.string().min(1) });

function enginesOf(engines: unknown): Finding['rules'] {
  const known = z.array(z.unknown()).safeParse(engines).data ?? [];
  return known.flatMap((each) => {
    const { key, title } = engine.safeParse(each).data ?? {};
    return title === undefined ? [] : [{ ...onlyKnown({ id: key }), name: title }];
  });
}

const containing = new Set(['kill', 'quarantine', 'remediate', 'rollback', 'network_quarantine']);

/** When the last successful action against it ended. */
function containedAt({ mitigationStatus }: Threat): number | undefined {
  const done = (mitigationStatus ?? []).filter(({ action, status }) => status === 'success' && containing.has(action ?? ''));
  const ends = done.flatMap(({ mitigationEndedAt }) => instantOf(mitigationEndedAt) ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function entitiesOf({ threatInfo: info, agentDetectionInfo: then, agentRealtimeInfo: now }: Threat): Entity[] {
  const found: [Entity['type'], string | null | undefined, 'target' | undefined][] = [
    ['host', now?.agentComputerName, 'target'],
    ['ip', then?.agentIpV4?.split(',')[0], 'target'],
    ['user', info.processUser || then?.agentLastLoggedInUserName, undefined],
    ['hash', info.sha256 || info.sha1, undefined],
  ];
  return found.flatMap(([type, value, role]) => (value ? [{ type, value, ...onlyKnown({ role }) }] : []));
}
