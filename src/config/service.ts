import { z } from 'zod';
import { type Calendar, weekdays as calendarDays } from '../calendar/index.ts';
import { filter } from '../filter/index.ts';
import { didYouMean } from '../suggest.ts';
import { problemAt } from './explain.ts';
import type { Shift, SlaPolicy } from './types.ts';
import type { YamlFile } from './yaml.ts';

/** Working hours, shifts and service levels of a client, as they stand in YAML and as the analysis reads them. */

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const timezone = z.string().superRefine((name, context) => {
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

const text = z.string().trim().min(1);
const date = z.string().refine(isDate, 'is no date; write one such as 2026-12-24');
const days = z.array(z.enum(weekdays)).min(1);
const hours = {
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written as 08:30'),
  to: z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time of day is written as 17:30, the end of the day as 24:00')
    .describe('At or before "from": on the next day'),
};

export function isDate(value: string): boolean {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(value) && Temporal.PlainDate.from(value, { overflow: 'reject' }).toString() === value;
  } catch {
    return false;
  }
}

export const calendar = z
  .strictObject({
    zone: timezone.optional().describe("IANA zone of the hours; absent: the client's"),
    weekly: z
      .array(z.strictObject({ days, ...hours }))
      .min(1)
      .describe('When the desk is staffed; the clock of service levels runs then'),
    holidays: z.array(date).default([]).describe('Close the hours that begin on these days'),
    extra: z
      .array(z.strictObject({ date, ...hours }))
      .default([])
      .describe('Open whatever the weekday or holiday'),
    shifts: z
      .array(z.strictObject({ name: text, days, ...hours, analysts: z.int().min(1).describe('How many work in it') }))
      .default([])
      .describe('Who works when; holidays do not end them'),
  })
  .describe('Working hours and shifts');

/** OCSF severity_id by the word that stands in YAML. */
const severityIds = { informational: 1, low: 2, medium: 3, high: 4, critical: 5, fatal: 6 } as const;
type SeverityWord = keyof typeof severityIds;
const severityWords = ['informational', 'low', 'medium', 'high', 'critical', 'fatal'] as const satisfies readonly SeverityWord[];

const policy = z.strictObject({
  name: text.optional().describe('As it is printed; absent: made of the rest'),
  metric: z.enum(['acknowledge', 'escalate', 'close', 'contain']),
  severity: z.array(z.enum(severityWords)).min(1).optional().describe('Absent: any'),
  severity_at: z.enum(['start', 'now']).default('start').describe('Which severity counts where it was changed'),
  when: filter.optional().describe('Which findings, besides the severity; absent: all'),
  target: z
    .string()
    .regex(/^[1-9]\d{0,4}[mhd]$/, 'a target is written as 15m, 4h or 2d')
    .describe('Minutes, hours or days of 24 hours'),
  clock: z.enum(['calendar', 'sla']).default('calendar').describe('calendar: day and night; sla: only in the hours of `calendar`'),
  pause_on: z
    .array(z.enum(['new', 'in_progress', 'on_hold']))
    .default([])
    .describe('Statuses in which the clock stands still'),
  goal: z.number().gt(0).max(1).optional().describe('Share that has to be met, e.g. 0.95'),
});

export const sla = z.array(policy).describe('Service levels. Per metric a finding falls under the first one that fits it');

/** The hours in which the client's desk is staffed. */
export function calendarOf(given: z.infer<typeof calendar>, zone: string): Calendar {
  const weekly: Partial<Record<(typeof calendarDays)[number], { from: string; to: string }[]>> = {};
  for (const { days: on, from, to } of given.weekly) {
    for (const day of on) {
      const name = calendarDays[weekdays.indexOf(day)] ?? 'mon'; // both lists name the same seven days
      weekly[name] = [...(weekly[name] ?? []), { from, to }];
    }
  }
  return { zone: given.zone ?? zone, weekly, holidays: given.holidays, extra: given.extra };
}

export function shiftsOf({ shifts }: z.infer<typeof calendar>): Shift[] {
  return shifts.map(({ days: on, ...shift }) => ({ ...shift, days: on.map((day) => weekdays.indexOf(day) + 1) }));
}

const secondsIn = { m: 60, h: 3600, d: 86_400 } as const;

/** Policies as the analysis reads them; a clock without hours to run in is told in `problems`. */
export function policiesOf(given: z.infer<typeof sla>, hasCalendar: boolean, file: YamlFile, problems: string[]): SlaPolicy[] {
  return given.map(({ severity, when, goal, target, pause_on, name, ...rest }, index) => {
    const unit = target.slice(-1) as keyof typeof secondsIn; // the form of a target says so
    const refuse = (key: string, message: string) => problems.push(problemAt(file, ['sla', index, key], message));
    if (rest.clock === 'sla' && !hasCalendar) refuse('clock', 'the sla clock needs `calendar` with the hours in which it runs');
    if (rest.clock === 'sla' && unit === 'd') refuse('target', 'a day of the sla clock has no fixed length; write it in hours');
    return {
      ...rest,
      ...(name === undefined ? {} : { name }),
      target_s: Number(target.slice(0, -1)) * secondsIn[unit],
      pause_on: new Set(pause_on),
      ...(severity === undefined ? {} : { severities: new Set<number>(severity.map((word) => severityIds[word])) }),
      ...(when === undefined ? {} : { when }),
      ...(goal === undefined ? {} : { goal }),
    };
  });
}
