import { codeOf, exclusionReasons, rowsOf } from './exclusions.ts';
import { type Findings, type FindingsInput, prepareFindings } from './findings.ts';
import { lazily } from '../once.ts';
import { specialStays } from './lifecycle.ts';
import { joinedAt, type Links, linksOf, roles } from './links/index.ts';

/**
 * The findings of a client that says which source is the record for cases and which for alerts: each piece of work once, as a
 * case or as an alert that is part of none. Its `alerts` are every alert, in a case or not.
 */
export function joinedFindings(plain: Findings): Findings {
  const { view, client, created } = plain;
  const gone = new Set([
    'no creation time',
    'created after the data cut',
    'merged into another finding',
    'deleted in the product',
  ] as const);
  const codes = new Set([...gone].map(codeOf));
  const work: Findings = lazily(plain, {
    links: (): Links => linksOf(view, client, created, (row) => codes.has(plain.excluded[row] ?? -1)),
    excluded: () => overlaid(plain.excluded, (row) => workCode(work, row)),
    merged: () => new Map([...plain.merged, ...joinedTimes(work)]),
    stays: () => specialStays(view, plain.life, created, work.merged),
    alerts: (): Findings => alertsOf(plain, work),
  });
  return work;
}

function alertsOf(plain: Findings, work: Findings): Findings {
  const { created, life, view } = plain;
  const joined = (row: number): number => (work.links === undefined ? Number.NaN : joinedAt(work.links, created, life.closed, row));
  const own: Findings = lazily(plain, {
    links: () => work.links,
    excluded: () => overlaid(plain.excluded, (row) => alertCode(work, row)),
    // Whoever made a case of it handed it on, whatever the alert's own product knows of that.
    escalated: () => plain.escalated.map((own, row) => (work.links?.caseOf[row] === -1 ? Math.max(own, 0) : 1)),
    escalatedAt: () => view.number('escalated_at').map((stamp, row) => (stamp > 0 ? stamp : joined(row))),
    alerts: (): Findings => own,
  });
  return own;
}

/** What is left out anyway keeps its reason. */
function overlaid(excluded: Uint8Array, code: (row: number) => number): Uint8Array {
  return excluded.map((own, row) => (own === 0 ? code(row) : own));
}

function workCode({ links }: Findings, row: number): number {
  if (links?.copy[row] === 1) return codeOf('stands for an alert of another source');
  if (links?.role[row] === roles.aside) return codeOf('of a source that is not the record for its kind');
  if (links?.role[row] !== roles.alert) return 0;
  return links.caseOf[row] === -1 ? 0 : codeOf('part of a case');
}

function alertCode({ links }: Findings, row: number): number {
  if (links?.role[row] === roles.case) return codeOf('a case');
  if (links?.copy[row] === 1) return codeOf('stands for an alert of another source');
  return links?.role[row] === roles.aside ? codeOf('of a source that is not the record for its kind') : 0;
}

/** Until it became part of its case an alert waited by itself. */
function joinedTimes({ links, excluded, created, life }: Findings): [number, number][] {
  if (links === undefined) return [];
  return rowsOf(excluded, 'part of a case').map((row) => [row, joinedAt(links, created, life.closed, row)]);
}

/** What each row counts as in a report: "case" or "alert", or why it is no finding by itself. For lists of all records. */
export function countedAs(input: Omit<FindingsInput, 'reader' | 'categories'>): (row: number) => string {
  const { links, excluded } = prepareFindings({ ...input, reader: 'engineer', categories: [] });
  return (row) => exclusionReasons[(excluded[row] ?? 0) - 1] ?? (links?.role[row] === roles.case ? 'case' : 'alert');
}
