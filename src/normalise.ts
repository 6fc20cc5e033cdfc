import type { z } from 'zod';
import type { Finding, Ms, Rejection } from './finding.ts';
import { openStage } from './stage.ts';
import type { AnyVendor, Page } from './vendors/vendor.ts';

/** What one collection's records came to. */
export interface Normalised {
  /** One per native id; of several versions in one collection the last. */
  findings: Finding[];
  rejections: Rejection[];
  /** Versions that a later one of the same collection replaced. */
  duplicates: number;
}

export interface Normaliser {
  /** Pages in the order in which they came, numbered from 1. */
  add(page: Page, number: number): void;
  finish(): Normalised;
  /** The same for collections of any size: each finding is made when it is asked for. */
  stream(): Omit<Normalised, 'findings'> & { findings: Iterable<Finding> };
}

/** No tool of today kept a queue before this; an earlier date is a default (1970, 1899) that nobody set. */
const earliest: Ms = Date.UTC(2000, 0, 1);
/** A console's clock may be off, or on the wrong zone; further ahead it is no clock. */
const skew: Ms = 26 * 60 * 60 * 1000;
/** A rejected record is kept to be looked at, not to be replayed. */
const keptCharacters = 16_384;
/** Of how many; where everything is rejected, the first ones show why. */
const keptRecords = 1000;

/** Turns the records of one collection into findings, or into counted rejections. Pure but for what it gathers. */
export function normaliser(vendor: AnyVendor, settings: unknown, collectedAt: Ms): Normaliser {
  const stage = openStage();
  const rejections: Rejection[] = [];
  return {
    add(page, number) {
      rejections.push(...(page.rejected ?? []));
      const context = { settings, lookups: page.lookups ?? {}, collected_at: collectedAt };
      for (const [index, record] of page.records.entries()) {
        const result = findingOf(vendor, record, context);
        if ('reason' in result) {
          rejections.push({
            place: page.places?.[index] ?? `page ${number}, record ${index + 1}`,
            reason: result.reason,
            raw: rejections.length < keptRecords ? rawText(record) : '',
          });
          continue;
        }
        stage.add(result);
      }
    },
    finish: () => ({ findings: [...stage.findings()], rejections, duplicates: stage.replaced }),
    stream: () => ({ findings: stage.findings(), rejections, duplicates: stage.replaced }),
  };
}

type NormaliseContext = Parameters<AnyVendor['normalise']>[1];

function findingOf(vendor: AnyVendor, record: unknown, context: NormaliseContext): Finding | { reason: string } {
  const raw = vendor.raw.safeParse(record);
  if (!raw.success) return { reason: reasonOf(raw.error) };
  try {
    const finding = vendor.normalise(raw.data, context);
    const reason = doubt(finding, context.collected_at);
    return reason === undefined ? printable(finding) : { reason };
  } catch (error) {
    return { reason: `not understood: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Why a finding cannot be believed; undefined when it can. */
function doubt(finding: Finding, collectedAt: Ms): string | undefined {
  if (finding.native_id === '') return 'it has no id';
  if (!Number.isFinite(finding.created_at)) return 'it has no date of creation';
  if (finding.created_at < earliest) return `created ${dateText(finding.created_at)}: before 2000, a date that nobody set`;
  if (finding.created_at > collectedAt + skew) return `created ${dateText(finding.created_at)}: in the future`;
  return undefined;
}

function dateText(instant: Ms): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? `at ${instant}` : date.toISOString();
}

function reasonOf(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map((issue) => {
    const where = issue.path.join('.');
    return where === '' ? issue.message : `${where}: ${issue.message}`;
  });
  return issues.join('; ');
}

function rawText(record: unknown): string {
  try {
    const text = JSON.stringify(record) ?? String(record);
    return text.length > keptCharacters ? `${text.slice(0, keptCharacters)}…` : text;
  } catch {
    return '(too deeply nested to be kept)';
  }
}

// NUL ends a string in SQLite and C, U+001F separates the values of a list column, and half a surrogate pair is no
// UTF-8: they are shown as symbols. All other text stays as it is; escaping is the business of whoever prints it.
// JSON writes each of them as an escape, and looks through a whole finding many times faster than a walk over its fields. A text
// that holds such an escape itself is rewritten in vain.
const unstorable = /\\u(?:0000|001f|d[89a-f])/;

/** The same finding with every text storable; the very same object where nothing has to change, as almost always. */
function printable(finding: Finding): Finding {
  return unstorable.test(JSON.stringify(finding)) ? (rewrite(finding) as Finding) : finding; // rewrite keeps the shape: texts become texts, all else is left alone
}

function rewrite(value: unknown): unknown {
  if (typeof value === 'string') return symbols(value);
  if (Array.isArray(value)) return value.map(rewrite);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item)]));
}

function symbols(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\u2400').replaceAll('\u001f', '\u241f');
}
