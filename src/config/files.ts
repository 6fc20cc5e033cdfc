import { z } from 'zod';
import { other } from '../categories.ts';
import { filter } from '../filter/index.ts';
import { verdicts } from '../finding.ts';
import { didYouMean } from '../suggest.ts';

/** The four files as they stand in YAML, before references are followed and vendors asked. */

const text = z.string().trim().min(1);

/** Ids become names of files and folders. */
export const idShape = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const idRule = 'an id has small letters, digits and hyphens, at most 63, and starts with a letter or digit';
const id = z.string().regex(idShape, idRule);

export const main = z
  .strictObject({
    data_dir: text.describe('Folder of the databases, one per client; relative to the configuration'),
    reports_dir: text.describe('Folder of the finished reports; relative to the configuration'),
    browser: z.strictObject({ path: text.optional().describe('Chromium or chromium-headless-shell to print with') }).optional(),
  })
  .meta({ id: 'soc-kpi', description: 'soc-kpi.yaml' });

const category = text.refine((name) => name !== other, `"${other}" is what no rule matches; give this category another name`);

export const categories = z
  .strictObject({
    categories: z.array(z.strictObject({ category, when: filter })).describe('Ordered: the first rule that matches names the category'),
  })
  .meta({ id: 'categories', description: 'categories.yaml' });

const chapters = ['volume', 'escalation', 'quality', 'speed', 'backlog', 'people', 'rules', 'attack', 'sources', 'data'] as const;

export const reports = z
  .strictObject({
    reports: z.record(
      id,
      z.strictObject({
        title: text,
        reader: z.enum(['manager', 'client', 'engineer']),
        period: z.enum(['day', 'week', 'month', 'quarter']),
        chapters: z.array(z.enum(chapters)).min(1).optional().describe('In this order; absent: all'),
        incomplete: z.enum(['send', 'send-marked', 'hold']).default('send-marked').describe('What to do when data is missing'),
      }),
    ),
  })
  .meta({ id: 'reports', description: 'reports.yaml' });

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const timezone = z.string().superRefine((name, context) => {
  if (isZone(name)) return;
  const hint = didYouMean(name, Intl.supportedValuesOf('timeZone')) || '; write an IANA name such as Europe/Berlin';
  context.addIssue({ code: 'custom', message: `no time zone "${name}"${hint}` });
});

/** An offset such as +02:00 is no zone: it knows no summer time. */
function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[a-z]/i.test(name);
  } catch {
    return false;
  }
}

const locale = z.string().superRefine((name, context) => {
  try {
    if (Intl.NumberFormat.supportedLocalesOf(name).length > 0) return;
  } catch {
    // Not even formed like a locale: the same message serves.
  }
  context.addIssue({ code: 'custom', message: `no locale "${name}"; write one such as en-GB or de-DE` });
});

const mappings = z.strictObject({
  escalated: filter.optional().describe('Which findings count as escalated; absent: what the product itself says'),
  verdicts: z.record(z.string(), z.enum(verdicts)).default({}).describe("The product's own word for a verdict, and what it means"),
  ignore_log_sources: filter.optional().describe('Log sources that are no real ones; asks for log_sources only'),
});

const branding = z.strictObject({
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'a colour is written as #rrggbb')
    .optional(),
  footer: text.optional(),
  classification: text.optional(),
});

/** The sources' own settings are checked by their vendors. */
export const client = z
  .strictObject({
    name: text,
    timezone,
    week_start: z.enum(weekdays).default('monday'),
    locale: locale.default('en-GB'),
    notice: text.optional().describe('Printed at the top of every page'),
    history_days: z.int().min(1).max(3660).default(92).describe('How far back the first collection goes'),
    sources: z.record(id, z.looseObject({})),
    reports: z.array(z.string()).default([]),
    mappings: mappings.prefault({}),
    branding: branding.default({}),
  })
  .meta({ id: 'client', description: 'clients/<id>.yaml' });
