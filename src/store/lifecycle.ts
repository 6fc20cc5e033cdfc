import type { Finding, Ms } from '../finding.ts';

/** What the store remembers of a finding's life, so that the next observation can be told apart from it. */
export interface Life {
  first_batch: number;
  closed: boolean;
  /** When it was closed for the first time, as far as we saw the first closing and the product dated it. */
  first_closed: Ms | null;
  /** How often we saw it closed and then open again. */
  reopens: number;
  severity_initial: number;
  /** The batch after whose start it was first touched; 0: after its creation. null: not touched yet. */
  ack_after: number | null;
  /** The batch that first saw it touched. */
  ack_before: number | null;
}

/** As far as a batch can bound a first touch. */
export interface Sighting {
  id: number;
  started_at: Ms;
}

/** Whether the record is closed; undefined where its status says neither. */
export function isClosed(finding: Finding): boolean | undefined {
  switch (finding.status) {
    case 'closed':
    case 'resolved':
      return true;
    case 'new':
    case 'in_progress':
    case 'on_hold':
      return false;
    default:
      return finding.closed_at === undefined ? undefined : true;
  }
}

function isTouched(finding: Finding): boolean {
  return (finding.assignee ?? '') !== '' || (finding.status !== 'new' && finding.status !== 'unknown');
}

/**
 * The life after one more observation. `untouched` are the batches that saw, or would have seen, the finding untouched.
 * A touch lies after the start, not the end, of such a batch: its record may have been read on the first page.
 */
export function advance(life: Life | undefined, finding: Finding, batch: number, untouched: readonly Sighting[]): Life {
  const closed = isClosed(finding) ?? life?.closed ?? false;
  const reopens = (life?.reopens ?? 0) + (life?.closed === true && !closed ? 1 : 0);
  const next: Life = {
    first_batch: life?.first_batch ?? batch,
    closed,
    first_closed: life?.first_closed ?? null,
    reopens,
    severity_initial: life?.severity_initial ?? finding.severity,
    ack_after: life?.ack_after ?? null,
    ack_before: life?.ack_before ?? null,
  };
  // A close after a reopening, seen or told, is not the first one.
  const first = reopens === 0 && !(finding.reopen_count !== undefined && finding.reopen_count > 0);
  if (closed && first && next.first_closed === null) next.first_closed = finding.closed_at ?? null;
  if (next.ack_before === null && isTouched(finding)) {
    next.ack_before = batch;
    next.ack_after = life === undefined ? 0 : latest(untouched);
  }
  return next;
}

function latest(sightings: readonly Sighting[]): number {
  let best: Sighting | undefined;
  for (const sighting of sightings) if (best === undefined || sighting.started_at > best.started_at) best = sighting;
  return best?.id ?? 0;
}
