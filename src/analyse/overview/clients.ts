import type { Period } from '../../period.ts';

/** What the overview knows of one client: numbers of its issued edition, and no word of it. */
export interface ClientFigures {
  /** "client 3", or what the provider calls it. Never its name or id. */
  alias: string;
  edition: 'issued' | 'late' | 'held' | 'failed' | 'missing';
  /** Days of the period in the client's own zone. */
  days?: number;
  created?: { n: number; partial: boolean };
  closed?: { n: number; partial: boolean };
  /** Per local day how many of its sources were collected completely, of how many. */
  collected?: ReadonlyMap<string, { k: number; n: number }>;
  /** Service levels kept, of those that were due. */
  kept?: { k: number; n: number };
}

/** Below so many clients everybody would know who is meant. */
export const leastClients = 5;

export interface OverviewInput {
  clients: readonly ClientFigures[];
  /** Whose monthly, weekly … editions are looked at. */
  report: string;
  period: Period;
  asOf: number;
  locale: string;
  versions: Readonly<Record<string, string>>;
}
