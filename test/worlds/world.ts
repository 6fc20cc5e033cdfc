import type { Asked, Fault, Reply } from '../../src/demo/server.ts';
import type { Finding } from '../../src/finding.ts';

/** What every vendor is put through. */
export const scenarios = [
  'none',
  'one',
  'many pages',
  '401',
  '403',
  '404',
  '403 half-way',
  '429 seconds',
  '429 date',
  '429 bare',
  '5xx then fine',
  'truncated',
  'endless page',
  'repeated cursor',
  'equal timestamps',
  'changed during paging',
  'deleted during paging',
  'late arrival',
  'duplicate id',
  'missing id',
  'unknown enum',
  'null fields',
  'absent fields',
  'ids beyond 2^53',
  'clock skew',
  'hostile text',
  'token expires',
  'drift',
] as const;
export type Scenario = (typeof scenarios)[number];

/** What is odd about one record; the world knows which of its fields that means. */
export type Quirk = 'missing id' | 'unknown enum' | 'null fields' | 'absent fields';

/** One alert or case, in no product's words. */
export interface Item {
  /** Digits; may be beyond 2^53. A product with ids of another form puts them into it and says so in `native`. */
  id: string;
  created: number;
  changed: number;
  title: string;
  severity: 1 | 2 | 3 | 4 | 5;
  status: 'open' | 'closed';
  closed?: number;
  quirk?: Quirk;
  /** Laid over the product's own record. */
  extra?: Readonly<Record<string, unknown>>;
}

export interface Items {
  all(): readonly Item[];
  /** Replaces the item of the same id, or adds it. */
  put(...items: readonly Item[]): void;
  remove(id: string): void;
  replace(items: readonly Item[]): void;
  /** Counts changes, for worlds that keep something made of the items. */
  readonly version: number;
}

export interface WorldOptions {
  faults?: readonly Fault[];
  /** Called before each answer, e.g. to change the items while they are read. */
  before?: (asked: Asked, items: Items) => void;
  /** Records a page, set in the settings. */
  page_size?: number;
  /** The product's clock, as its Date header says; default: `now` of the scenarios. */
  clock?: () => number;
  /** From this page on (1 is the first) every page is answered as this one was. */
  stuck_at?: number;
  /** A token is refused after so many uses; products without a login ignore it. */
  token_uses?: number;
}

export interface Running {
  /** As the configuration would give them once its references became secrets. */
  settings: Record<string, unknown>;
  items: Items;
  requests: readonly Asked[];
  close(): Promise<void>;
}

/** A product as far as its API shows, on this machine only. `export default {…} satisfies World` in a file named after the vendor. */
export interface World {
  /** The vendor's id. */
  vendor: string;
  start(items: readonly Item[], options?: WorldOptions): Promise<Running>;
  /** Whether a request asks for a page of records (not for a token, a name, a count). */
  isPage(asked: Asked): boolean;
  /** A refusal in the product's own words. */
  failure(status: number, headers?: Readonly<Record<string, string>>): Reply;
  /** Scenarios that this product cannot be put through, and why. */
  inapplicable?: Partial<Record<Scenario, string>>;
  /** The finding's id; default: the item's. */
  native?(item: Item): string;
  /** Whether a finding shows the item as it is now; default: it has its title. */
  shows?(finding: Finding, item: Item): boolean;
}
