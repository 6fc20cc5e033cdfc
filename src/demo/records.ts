import { nanos } from './apis/crowdstrike.ts';
import type { Entry } from './apis/product.ts';
import type { CaseLife } from './desk.ts';
import type { DetectionLife } from './sensors.ts';

/** What each product of the sample SOC knows at `now`, in the form in which its API gives it. */

/** The EDR's alerts. */
export function falconAt(lives: readonly DetectionLife[], now: number): Entry[] {
  return known(lives, 'edr', now).map((life) => entryOf(life, 'alert', now, () => falconAlert(life, now)));
}

/** The NDR's detections. */
export function revealAt(lives: readonly DetectionLife[], now: number): Entry[] {
  return known(lives, 'ndr', now).map((life) => entryOf(life, 'alert', now, () => revealDetection(life, now)));
}

/** The case tool's cases, and its copies of the alerts they were made from. */
export function hiveAt(cases: readonly CaseLife[], now: number): Entry[] {
  return cases
    .filter(({ opened }) => opened <= now)
    .flatMap((one) => {
      const changed = lastOf([one.opened, one.taken.at, one.closed?.at], now);
      const entry: Entry = { id: caseId(one), kind: 'case', created: one.opened, changed, json: () => hiveCase(one, changed, now) };
      return [entry, ...one.parts.map((part, index) => hiveAlert(one, part, index))];
    });
}

function known(lives: readonly DetectionLife[], sensor: 'edr' | 'ndr', now: number): DetectionLife[] {
  return lives.filter(({ rule, created }) => rule.sensor === sensor && created <= now);
}

function lastOf(instants: readonly (number | undefined)[], now: number): number {
  return Math.max(...instants.filter((at) => at !== undefined && at <= now).map(Number));
}

function entryOf({ id, created, taken, closed }: DetectionLife, kind: Entry['kind'], now: number, json: () => unknown): Entry {
  return { id, kind, created, changed: lastOf([created, taken?.at, closed], now), json };
}

const resolutions = { real: 'true_positive', false: 'false_positive', ignored: 'ignored' } as const;

function falconAlert(life: DetectionLife, now: number): unknown {
  const { rule } = life;
  const taken = life.taken !== undefined && life.taken.at <= now ? life.taken : undefined;
  const closed = life.closed !== undefined && life.closed <= now ? life.closed : undefined;
  const after = (at: number | undefined) => (at === undefined ? 0 : Math.round((at - life.created) / 1000));
  return {
    composite_id: life.id,
    created_timestamp: nanos(life.created),
    updated_timestamp: nanos(lastOf([life.created, taken?.at, closed], now)),
    timestamp: nanos(life.started),
    display_name: rule.name,
    pattern_id: Number(rule.key),
    status: closed !== undefined ? 'closed' : taken !== undefined ? 'in_progress' : 'new',
    resolution: closed === undefined ? undefined : resolutions[life.ending],
    severity: rule.score,
    assigned_to_name: taken?.by,
    seconds_to_triaged: after(taken?.at),
    seconds_to_resolved: after(closed),
    product: 'epp',
    device: { hostname: life.host, local_ip: life.address },
    user_name: life.user,
    tactic_id: rule.tactic,
    technique_id: rule.technique,
  };
}

function revealDetection(life: DetectionLife, now: number): unknown {
  const { rule } = life;
  const taken = life.taken !== undefined && life.taken.at <= now ? life.taken : undefined;
  const closed = life.closed !== undefined && life.closed <= now;
  return {
    id: Number(life.id),
    start_time: life.started,
    create_time: life.created,
    update_time: life.created,
    mod_time: lastOf([life.created, taken?.at, life.closed], now),
    title: rule.name,
    type: rule.key,
    risk_score: rule.score,
    status: closed ? 'closed' : taken !== undefined ? 'in_progress' : null,
    resolution: closed ? (life.ending === 'real' ? 'action_taken' : 'no_action_taken') : null,
    assignee: taken?.by ?? null,
    categories: ['sec'],
    participants: [
      { role: 'offender', object_type: 'ipaddr', object_value: life.address, hostname: life.host },
      { role: 'victim', object_type: 'ipaddr', object_value: life.peer },
    ],
    mitre_tactics: [{ id: rule.tactic }],
    mitre_techniques: [{ id: rule.technique }],
  };
}

function caseId({ number }: CaseLife): string {
  return `~${409_600 + number * 8}`;
}

function hiveCase(one: CaseLife, changed: number, now: number): unknown {
  const closed = one.closed !== undefined && one.closed.at <= now ? one.closed : undefined;
  const taken = one.taken.at <= now ? one.taken : undefined;
  return {
    _id: caseId(one),
    _type: 'Case',
    _createdAt: one.opened,
    ...(changed > one.opened ? { _updatedAt: changed } : {}),
    number: one.number,
    title: one.title,
    severity: one.severity,
    status: closed?.status ?? (taken === undefined ? 'New' : 'InProgress'),
    stage: closed !== undefined ? 'Closed' : taken === undefined ? 'New' : 'InProgress',
    assignee: taken?.by,
    startDate: Math.min(one.opened, ...one.parts.map(({ at }) => at)),
    inProgressDate: taken?.at,
    closedDate: closed?.at,
    endDate: closed?.at,
    tags: [],
  };
}

/** It was fed in and made part of the case at once. */
function hiveAlert(one: CaseLife, { product, id, title, at }: CaseLife['parts'][number], index: number): Entry {
  const _id = `~${819_200 + one.number * 16 + index}`;
  const json = () => ({
    _id,
    _type: 'Alert',
    _createdAt: one.opened,
    title,
    severity: one.severity,
    status: 'Imported',
    stage: 'Imported',
    type: 'external',
    source: product,
    sourceRef: id,
    caseId: caseId(one),
    date: at,
    importedDate: one.opened,
  });
  return { id: _id, kind: 'alert', created: one.opened, changed: one.opened, json };
}
