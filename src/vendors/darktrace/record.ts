import { z } from 'zod';
import type { Entity, Finding, LifecycleEvent, Severity } from '../../finding.ts';
import { attacksOf, words } from '../../products/index.ts';
import { exactId, onlyKnown } from '../vendor.ts';
import { acknowledgementOf, byScore, entitiesOf } from './fields.ts';

const text = z.string().nullish();

const instant = z.number().nullish(); // Milliseconds UTC.

const model = z.object({
  name: text,
  uuid: text,
  category: text,
  priority: z.number().nullish(),
  mitre: z.object({ tactics: z.array(z.string()).nullish(), techniques: z.array(z.string()).nullish() }).nullish(),
  tags: z.array(z.string()).nullish(),
});

type Model = z.infer<typeof model>;

/** Only the fields used. "acknowledged" is in no recording: a flag, an instant, or who and when. */
export const breach = z.object({
  pbid: exactId,
  time: instant,
  creationTime: z.number(),
  score: z.number().nullish(),
  breachUrl: text,
  commentCount: z.number().nullish(),
  acknowledged: z.union([z.boolean(), z.number(), z.object({ time: instant, username: text })]).nullish(),
  // As it was when it breached, and as it is now; by some settings the model itself, in old streams its name.
  // biome-ignore lint/suspicious/noThenProperty: the product's own word; nobody awaits a record.
  model: z.union([z.string(), model.extend({ then: model.nullish(), now: model.nullish() })]).nullish(),
  device: z.object({ did: z.number().nullish(), hostname: text, ip: text, macaddress: text }).nullish(),
});

const comment = z.object({ time: z.number(), username: text });

const event = z.object({
  id: z.string().min(1),
  title: text,
  category: text,
  groupCategory: text,
  currentGroup: text,
  aiaScore: z.number().nullish(),
  createdAt: z.number(),
  acknowledged: z.boolean().nullish(),
  periods: z.array(z.object({ start: z.number(), end: z.number() })).nullish(),
  mitreTactics: z.array(z.string()).nullish(),
  breachDevices: z.array(z.object({ identifier: text, hostname: text, ip: text })).nullish(),
  relatedBreaches: z.array(z.unknown()).nullish(),
  incidentEventUrl: text,
});

export const record = z.object({ breach: breach.optional(), comments: z.array(comment).optional(), event: event.optional() });

export function findingOf(raw: z.infer<typeof record>, baseUrl: string): Finding {
  if (raw.breach !== undefined) return ofBreach(raw.breach, raw.comments ?? [], baseUrl.replace(/\/$/, ''));
  if (raw.event !== undefined) return ofEvent(raw.event);
  throw new Error('neither a model breach nor an incident event');
}

const severities = words<Severity>({ critical: 4, suspicious: 3, compliance: 2, informational: 1 });

function ofBreach(raw: z.infer<typeof breach>, comments: z.infer<typeof comment>[], appliance: string): Finding {
  const rule = modelOf(raw.model);
  const taken = acknowledgementOf(raw.acknowledged);
  const events = comments.map(({ time, username }): LifecycleEvent => ({ at: time, type: 'comment', ...onlyKnown({ by: username }) }));
  const touches = [taken.at, ...comments.map(({ time }) => time)].filter((at) => at !== undefined);
  return {
    native_id: raw.pbid,
    kind: 'alert',
    product: 'Darktrace',
    title: rule.name || '(no model)',
    url: raw.breachUrl || `${appliance}/#modelbreach/${raw.pbid}`,
    severity: rule.category ? (severities[rule.category.toLowerCase()] ?? 99) : byScore(raw.score),
    status: taken.is ? 'in_progress' : 'new',
    verdict: null,
    created_at: raw.creationTime,
    escalated: null,
    rules: rule.name ? [{ ...onlyKnown({ id: rule.uuid }), name: rule.name }] : [],
    entities: entitiesOf(raw.device),
    attacks: attacksOf([...(rule.mitre?.tactics ?? []), ...(rule.mitre?.techniques ?? [])]),
    tags: (rule.tags ?? []).filter((tag) => tag !== ''),
    networks: [],
    log_sources: [],
    ...onlyKnown({
      severity_raw: rule.category || raw.score?.toString(),
      status_raw: taken.is ? 'acknowledged' : undefined,
      first_activity_at: raw.time,
      acknowledged_at: touches.length > 0 ? Math.min(...touches) : undefined,
      assignee: taken.by,
      events: events.length > 0 ? events : undefined,
    }),
  };
}

function modelOf(given: z.infer<typeof breach>['model']): Partial<Model> {
  if (typeof given === 'string') return { name: given };
  return given?.then ?? given?.now ?? given ?? {};
}

/** One event of an incident; the incident is its group, which may be joined with others later. */
function ofEvent(raw: z.infer<typeof event>): Finding {
  const starts = (raw.periods ?? []).map(({ start }) => start);
  const ends = (raw.periods ?? []).map(({ end }) => end);
  return {
    native_id: raw.id,
    kind: 'case',
    product: 'Darktrace AI Analyst',
    title: raw.title || '(no title)',
    severity: raw.category ? (severities[raw.category.toLowerCase()] ?? 99) : 0,
    status: raw.acknowledged === true ? 'in_progress' : 'new',
    verdict: null,
    created_at: raw.createdAt,
    escalated: null,
    rules: [],
    entities: (raw.breachDevices ?? []).flatMap(({ hostname, identifier, ip }): Entity[] => [
      ...(hostname || identifier ? [{ type: 'host' as const, value: hostname || identifier || '', role: 'actor' as const }] : []),
      ...(ip ? [{ type: 'ip' as const, value: ip, role: 'actor' as const }] : []),
    ]),
    attacks: attacksOf(raw.mitreTactics ?? []),
    tags: [],
    networks: [],
    log_sources: [],
    ...onlyKnown({
      url: raw.incidentEventUrl,
      severity_raw: raw.category,
      status_raw: raw.acknowledged === true ? 'acknowledged' : undefined,
      first_activity_at: starts.length > 0 ? Math.min(...starts) : undefined,
      last_activity_at: ends.length > 0 ? Math.max(...ends) : undefined,
      parent: raw.currentGroup,
      event_count: raw.relatedBreaches?.length,
    }),
  };
}
