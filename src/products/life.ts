import type { LifecycleEvent, Ms } from '../finding.ts';

interface Life {
  events: LifecycleEvent[];
  reopen_count: number;
  acknowledged_at: Ms | undefined;
  verdict_at: Ms | undefined;
  first_closed_at: Ms | undefined;
  closed_at: Ms | undefined;
  closed_by: string | undefined;
  closed_by_kind: LifecycleEvent['by_kind'];
}

/**
 * What a history tells, oldest event first: who took a finding up when, what became of it, how often it came back. Who closed it
 * and when stands only while it is closed. `isTouch` says by which events somebody took it up; what rules and playbooks do never is.
 */
export function lifeOf(events: LifecycleEvent[], isClosed: boolean, isTouch: (event: LifecycleEvent) => boolean = takesUp): Life {
  const closed = events.filter(({ type }) => type === 'closed');
  const last = isClosed ? closed.at(-1) : undefined;
  return {
    events,
    reopen_count: events.filter(({ type }) => type === 'reopened').length,
    acknowledged_at: events.find((event) => event.by_kind !== 'automation' && isTouch(event))?.at,
    verdict_at: events.findLast(({ type }) => type === 'verdict')?.at,
    first_closed_at: closed[0]?.at,
    closed_at: last?.at,
    closed_by: last?.by,
    closed_by_kind: last?.by_kind,
  };
}

const steps = new Set<LifecycleEvent['type']>(['assigned', 'status', 'closed']);

function takesUp({ type }: LifecycleEvent): boolean {
  return steps.has(type);
}

/** What a change of status is, by whether the one before and the one after mean that it is closed. */
export function moveOf(wasClosed: boolean, isClosed: boolean): 'closed' | 'reopened' | 'status' {
  if (isClosed) return wasClosed ? 'status' : 'closed';
  return wasClosed ? 'reopened' : 'status';
}
