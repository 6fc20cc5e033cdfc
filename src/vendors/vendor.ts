import { z } from 'zod';
import type { Finding, Ms, Rejection } from '../finding.ts';
import { type Http, type HttpAnswer, type HttpSettings, SourceError } from '../http.ts';
import type { Effects } from '../effects.ts';

/**
 * How a product answers for one field of the normal form.
 * - `field`: the object carries it; `event`: its history carries it;
 * - `derived`: we conclude it from successive observations, known only to lie between two collections;
 * - `no`: it cannot be had. Printed as "not available from <source>".
 */
export type Answer = 'field' | 'event' | 'derived' | 'no';

/** The questions whose answers differ between products. What is not listed here every vendor must deliver. */
export const questions = [
  'first_activity_at',
  'acknowledged_at',
  'verdict',
  'verdict_at',
  'escalated',
  'escalated_at',
  'contained_at',
  'notified_at',
  'closed_at',
  'reopened',
  'assignee',
  'closed_by',
  'severity',
  'rules',
  'entities',
  'attacks',
  'log_sources',
  'networks',
] as const;
export type Question = (typeof questions)[number];

export type Capability = Readonly<Record<Question, { answer: Answer; note?: string }>>;

/** The same answer to several questions. */
export function answers<Q extends Question>(answer: Answer | Capability[Question], ...asked: Q[]): Record<Q, Capability[Question]> {
  const given = typeof answer === 'string' ? { answer } : answer;
  return Object.fromEntries(asked.map((question) => [question, given])) as Record<Q, Capability[Question]>; // of exactly those questions
}

/**
 * What a collection asks for.
 * - `created`: every record created in [from, to), whatever its state now (backfill);
 * - `changed`: every record created or changed since `from`, as of now (incremental).
 * A record at either edge is delivered; the store drops what it already knows.
 */
export interface CollectWindow {
  mode: 'created' | 'changed';
  from: Ms;
  to: Ms;
}

/** One page as the product sent it. `records` are passed one by one to `normalise`. */
export interface Page {
  records: unknown[];
  /** Texts that records refer to by id, e.g. closing reasons; handed to `normalise`. */
  lookups?: Lookups;
  /** How many records the product says match the whole window, where it says so. */
  expected?: number;
  /** Where a record came from, for the list of rejected ones: "page 3, record 17" is used when absent. */
  places?: string[];
  /** Rows that could not even be read as records. */
  rejected?: Rejection[];
  /** Anything that makes the collection incomplete though no request failed. Makes the batch partial. */
  incomplete?: string;
  /** Before this instant the source itself has nothing to say, as a log that begins then: those days are not covered by it. */
  since?: Ms;
  /** The highest value of the incremental field on this page, in the product's own clock. */
  watermark?: Ms;
}

export type Lookups = Readonly<Record<string, ReadonlyMap<string, string>>>;

export interface CollectContext<Settings> {
  http: Http;
  settings: Settings;
  window: CollectWindow;
  effects: Effects;
  /** Folder of the configuration: what relative paths in settings start from. */
  base_dir?: string;
}

export interface NormaliseContext<Settings> {
  settings: Settings;
  lookups: Lookups;
  /** When this collection ran. */
  collected_at: Ms;
}

/**
 * One product. An object literal in a file of its own: `export default defineVendor({...})`.
 * `pages` fetches and nothing else; `normalise` is pure.
 */
export interface Vendor<Settings, Raw> {
  /** The file's name without ending. */
  id: string;
  /** As people call it: "IBM QRadar". */
  name: string;
  family: 'siem' | 'edr' | 'ndr' | 'case' | 'file';
  /** What the account must be allowed to do, least privilege; printed by `doctor`. */
  permissions: string[];
  /** Settings of a source beyond `vendor`; secrets are Secret values by then. */
  settings: z.ZodType<Settings>;
  capability: Capability;
  /** Which kinds of records it gives, whatever its settings; absent: as its settings say. */
  delivers?: readonly Finding['kind'][];
  /** How to reach the product; absent for a vendor that uses no network. */
  connection?(settings: Settings): HttpSettings;
  /** Asks one cheap question; throws a SourceError that says what is wrong. Returns the product's version line. */
  check(context: Omit<CollectContext<Settings>, 'window'>): Promise<string>;
  pages(context: CollectContext<Settings>): AsyncGenerator<Page, void, void>;
  /** Only the fields used; what does not parse is a rejection with zod's reason. */
  raw: z.ZodType<Raw>;
  normalise(raw: Raw, context: NormaliseContext<Settings>): Finding;
}

export function defineVendor<Settings, Raw>(vendor: Vendor<Settings, Raw>): Vendor<Settings, Raw> {
  return vendor;
}

/** A vendor whose settings and record types are known only to itself. */
// biome-ignore lint/suspicious/noExplicitAny: the registry erases each vendor's own types; they meet again only inside it.
export type AnyVendor = Vendor<any, any>;

/** Where a product's API is. Plain http would show the token to the network, so it is for this machine only. */
export const apiUrl = z.url({ abort: true, error: 'is no URL; write one like https://console.example' }).refine((url) => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}, 'must be https; plain http only for this machine');

/** A whole-number id as text, exact to the last digit: beyond 2^53 it arrives as text already. */
export const exactId = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/)], 'missing, or no whole number').transform(String);

/** The list an answer holds, as the vendor's schema reads it; anything else is a SourceError, never an empty list. */
export function listIn<T>(answer: HttpAnswer, item: z.ZodType<T>, where: string): T[] {
  const list = z.array(item).safeParse(answer.json);
  if (list.success) return list.data;
  const [issue] = list.error.issues;
  throw new SourceError('unexpected', `${where} gave no list as documented: ${issue?.path.join('.')} ${issue?.message}`, {
    cause: list.error,
  });
}

/** The same object without the keys whose value is not known: null, undefined and "" all mean that. */
export function onlyKnown<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const known: { [K in keyof T]?: Exclude<T[K], null | undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined && value !== null && value !== '') known[key] = value as (typeof known)[typeof key]; // the test before it says so
  }
  return known;
}
