import { z } from 'zod';
import { other } from '../categories.ts';
import { filter } from '../filter/index.ts';
import { verdicts } from '../finding.ts';
import { secretReference } from '../secret.ts';
import { codeOf, languages } from '../words/index.ts';
import { branding } from './branding.ts';
import { records } from './records.ts';
import { calendar, sla, timezone, weekdays } from './service.ts';
import { incidentNotes } from './notes.ts';
import { portal } from './portal.ts';
import { targets } from './targets.ts';
import { minutesPerFinding, scope, tunings } from './tuning.ts';

/** The four files as they stand in YAML, before references are followed and vendors asked. */

export const text = z.string().trim().min(1);

/** Ids become names of files and folders. */
export const idShape = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const idRule = 'an id has small letters, digits and hyphens, at most 63, and starts with a letter or digit';
const id = z.string().regex(idShape, idRule);

/** One mailbox without a display name. Neither spaces nor control characters: a header line must not be able to end in it. */
export const address = z
  .string()
  .max(254)
  .regex(/^[^\s\p{C}@<>()[\]\\,;:"]+@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u, 'is no mail address; write only name@example.com');

export const reference = z.string().regex(secretReference, `must be a reference, \${env:NAME} or \${file:PATH}, never the value itself`);
/** Plain http shows a signature, a report or a secret path to everyone on the way. */
export function isSafeAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname));
}
export const safeAddress = z.string().refine(isSafeAddress, 'is no address to deliver to; write https://… without a user and password');

const heartbeat = z
  .string()
  .refine((value) => secretReference.test(value) || isSafeAddress(value), 'is no address to call; write https://… or a reference to it');

const webAddress = z.url({ protocol: /^https?$/, error: 'is no web address; write https://…' });

const smtp = z
  .strictObject({
    host: text,
    port: z.int().min(1).max(65_535).default(587),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('starttls: required, never plain; implicit: from the first byte (465); none: only for a mail server on this machine'),
    ca_file: text.optional().describe('The private CA that signed the server, relative to the configuration'),
    user: text.optional(),
    password: reference.optional(),
    from: address,
    reply_to: address.optional(),
    dkim: z.strictObject({ domain: text, selector: text, private_key: reference }).optional(),
    size_limit_mb: z.number().min(0.1).max(100).default(7).describe('Larger mails carry a link instead of the file'),
    ambiguous: z
      .enum(['hold', 'resend'])
      .default('hold')
      .describe('What to do when the server did not say whether it took a mail: a gap that is shown, or a possible duplicate'),
    unsubscribe_url: webAddress.optional().describe('Offered as one-click unsubscribe'),
  })
  .refine(({ tls, host }) => tls !== 'none' || loopback.test(host), {
    path: ['tls'],
    error: 'is "none", which is only for a mail server on this machine (localhost); write starttls or implicit',
  });
const loopback = /^(localhost|127(\.\d+){3}|::1)$/;

export const main = z
  .strictObject({
    data_dir: text.describe('Folder of the databases, one per client; relative to the configuration'),
    reports_dir: text.describe('Folder of the finished reports; relative to the configuration'),
    browser: z.strictObject({ path: text.optional().describe('Chromium or chromium-headless-shell to print with') }).optional(),
    smtp: smtp.optional().describe('The mail server that sends the reports'),
    portal: portal.optional(),
    site_url: webAddress.optional().describe('Where reports_dir is served; mails name the address of their edition'),
    heartbeat_url: heartbeat.optional().describe('Called after each report that went out as it should, for a watcher that misses it'),
    operators: z.array(address).default([]).describe('Who is told what was held, failed or is unknown'),
  })
  .meta({ id: 'soc-kpi', description: 'soc-kpi.yaml' });

const category = text.refine((name) => name !== other, `"${other}" is what no rule matches; give this category another name`);

export const categories = z
  .strictObject({
    categories: z.array(z.strictObject({ category, when: filter })).describe('Ordered: the first rule that matches names the category'),
  })
  .meta({ id: 'categories', description: 'categories.yaml' });

const chapters = [
  'change',
  'incidents',
  'volume',
  'escalation',
  'quality',
  'speed',
  'backlog',
  'people',
  'rules',
  'attack',
  'sources',
  'data',
] as const;

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

export const locale = z.string().superRefine((name, context) => {
  try {
    if (Intl.NumberFormat.supportedLocalesOf(name).length > 0) {
      if (codeOf(name) !== undefined) return;
      const message = `there are no words in the language of "${name}"; there are: ${languages.join(', ')}, each also with a region such as de-AT`;
      context.addIssue({ code: 'custom', message });
      return;
    }
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

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time is written as HH:MM');

export const daysAfter = z.strictObject({ days_after: z.int().min(0).max(90), at: clockTime });

export const recipient = z.strictObject({
  to: address.describe("Must be one of the client's contacts"),
  locale: locale.optional().describe("The language of what is sent, and how its figures and dates are written; absent: the client's"),
  format: z.enum(['pdf', 'html', 'csv', 'link']).default('pdf').describe('What is attached'),
});

const catchup = z.strictObject({
  window_days: z.int().min(1).max(3660).default(31).describe('What was due longer ago is skipped, and told'),
  max: z.int().min(1).max(1000).default(7).describe('At most so many are made up for at once, the latest; the rest is skipped, and told'),
  order: z.enum(['oldest-first', 'newest-first']).default('oldest-first'),
  mail: z.enum(['latest', 'each']).default('latest').describe('Whether each made-up edition is mailed, or the latest only'),
});

/** `schedule` and `recipients` are checked apart, so that what is wrong is said of the form that was meant. */
export const scheduledReport = z.strictObject({
  report: z.string(),
  schedule: z.union([z.string(), z.looseObject({})]).describe('A cron expression, or { days_after: 2, at: "06:00" } after the period'),
  zone: timezone.optional().describe("Of the schedule's clock; absent: the client's"),
  catchup: catchup.prefault({}),
  recipients: z.array(z.looseObject({})).default([]),
  heartbeat_url: heartbeat.optional().describe('Called after this report went out as it should'),
  collect_deadline: z
    .string()
    .regex(/^\d{1,3}[mh]$/, 'a time span is written as 45m or 2h')
    .default('1h')
    .describe('How long after its due time a report waits for its sources'),
});

/** The sources' own settings are checked by their vendors. */
export const client = z
  .strictObject({
    name: text,
    alias: text.max(40).optional().describe('What it is called in the overview across clients; no name, absent: a number'),
    timezone,
    week_start: z.enum(weekdays).optional().describe('Absent: as the locale has it. Weeks as periods are always ISO weeks'),
    locale: locale.default('en-GB'),
    notice: text.optional().describe('Printed at the top of every page'),
    paper: z.enum(['A4', 'Letter']).default('A4').describe('What the PDFs are laid out for'),
    history_days: z.int().min(1).max(3660).default(92).describe('How far back the first collection goes'),
    sources: z.record(id, z.looseObject({})),
    records: records
      .optional()
      .describe('Which sources are the record for cases and which for alerts; absent: every record counts by itself'),
    contacts: z.array(address).default([]).describe('The only addresses to which this client’s reports may go'),
    reports: z.array(z.union([z.string(), z.looseObject({})])).default([]),
    mappings: mappings.prefault({}),
    calendar: calendar.optional(),
    sla: sla.default([]),
    time_to_close: z.enum(['last', 'first']).default('last').describe('Which close of a reopened finding ends its time to close'),
    targets: targets.prefault({}),
    scope: scope.prefault({}),
    minutes_per_finding: minutesPerFinding.default(15),
    tunings: tunings.default([]),
    incident_notes: incidentNotes.default([]),
    branding: branding.default({}),
  })
  .meta({ id: 'client', description: 'clients/<id>.yaml' });
