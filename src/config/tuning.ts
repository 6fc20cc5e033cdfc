import { z } from 'zod';
import { isDate } from './service.ts';
import { problemAt } from './explain.ts';
import type { Tuning } from './types.ts';
import type { YamlFile } from './yaml.ts';

/** What a client watches, what a finding costs, and which tunings it has adopted, as they stand in YAML. */

const text = z.string().trim().min(1);
const date = z.string().refine(isDate, 'is no date; write one such as 2026-12-24');

const tuning = z.strictObject({
  rule: text.describe('Name of the rule as it stands in the findings, or its id'),
  source: text.optional().describe('Only findings that name this source'),
  destination: text.optional().describe('Only findings that name this target'),
  user: text.optional().describe('Only findings that name this user'),
  from: date.describe('The first day on which it was in force'),
  owner: text.describe('Who answers for it'),
  expires: date.describe('When it is looked at again'),
});

export const tunings = z.array(tuning).describe('Tunings in force in the product; reports measure what they did');

export const scope = z
  .strictObject({
    hosts: z.int().min(1).optional(),
    users: z.int().min(1).optional(),
    log_sources: z.int().min(1).optional(),
    rules: z.int().min(1).optional().describe('Enabled rules'),
  })
  .describe('What is watched: what figures are held against');

export const minutesPerFinding = z.number().gt(0).max(10_080).describe('Assumed work on one finding, where nobody logs it');

export function tuningsOf(given: z.infer<typeof tunings>, file: YamlFile, problems: string[]): Tuning[] {
  return given.map(({ source, destination, user, ...rest }, index) => {
    if (rest.expires <= rest.from) problems.push(problemAt(file, ['tunings', index, 'expires'], 'must lie after `from`'));
    return {
      ...rest,
      ...(source === undefined ? {} : { source }),
      ...(destination === undefined ? {} : { destination }),
      ...(user === undefined ? {} : { user }),
    };
  });
}

export function scopeOf(given: z.infer<typeof scope>): Map<string, number> {
  return new Map(Object.entries(given).flatMap(([name, n]) => (n === undefined ? [] : [[name, n] as const])));
}
