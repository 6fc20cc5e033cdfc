import { z } from 'zod';

/**
 * One small form for "a set of findings": `all`/`any`/`not` over `field` + one of
 * equals | in | contains | matches | range | exists. Case-insensitive unless `case: true`.
 * A test on a list holds if any element satisfies it. What is unknown satisfies no test but `exists: false`, and so `not`.
 * Texts are compared in Unicode's composed form, without blanks and line breaks at their ends.
 */
export type Filter = { all: Filter[] } | { any: Filter[] } | { not: Filter } | FieldTest;

export interface FieldTest {
  field: string;
  equals?: string | number | boolean | undefined;
  in?: (string | number)[] | undefined;
  /** Anywhere in the text, also inside a word: "port" is contained in "report". For words use `matches: '\bport\b'`. */
  contains?: string | undefined;
  /** RE2 syntax, linear time, anywhere in the text. \b, \w and \d know ASCII only; \pL is any letter. */
  matches?: string | undefined;
  /** From (included) to below (not included): numbers, or instants as 2026-10-05 or 2026-10-05T06:00:00Z. */
  range?: { from?: string | number | undefined; below?: string | number | undefined } | undefined;
  exists?: boolean | undefined;
  case?: boolean | undefined;
}

const combiners = ['all', 'any', 'not', 'field'] as const;
export const tests = ['equals', 'in', 'contains', 'matches', 'range', 'exists'] as const;
const bound = z.union([z.string(), z.number()]).optional();

// One shape with optional keys gives better messages and better help in editors than a union of four.
const shape = z
  .strictObject({
    get all(): z.ZodOptional<z.ZodArray<typeof filter>> {
      return z.array(filter).min(1).optional();
    },
    get any(): z.ZodOptional<z.ZodArray<typeof filter>> {
      return z.array(filter).min(1).optional();
    },
    get not(): z.ZodOptional<typeof filter> {
      return filter.optional();
    },
    field: z.string().optional().describe('What is tested; the fields of a finding'),
    equals: z.union([z.string(), z.number(), z.boolean()]).optional().describe('The whole text'),
    in: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .optional()
      .describe('One of these whole texts'),
    contains: z.string().min(1).optional().describe('Anywhere in the text, also inside a word'),
    matches: z.string().min(1).optional().describe('A pattern in RE2 syntax, anywhere in the text'),
    range: z.strictObject({ from: bound, below: bound }).optional().describe('from is included, below is not'),
    exists: z.boolean().optional().describe('Whether anything is known'),
    case: z.boolean().optional().describe('true: upper and lower case differ'),
  })
  .superRefine((value, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    const given = combiners.filter((key) => value[key] !== undefined);
    const asked = tests.filter((key) => value[key] !== undefined);
    if (given.length !== 1) return refuse(`needs exactly one of ${combiners.join(', ')}; it has ${given.join(' and ') || 'none'}`);
    if (given[0] === 'field' && asked.length === 1) return;
    if (given[0] === 'field') return refuse(`"field" needs exactly one of ${tests.join(', ')}; it has ${asked.join(' and ') || 'none'}`);
    if (asked.length > 0 || value.case !== undefined) refuse(`"${asked[0] ?? 'case'}" needs "field" beside it`);
  })
  .meta({ id: 'filter', description: 'A set of findings: all, any, not, or a test of one field' });

/** The filter form as it stands in YAML. Fields and patterns are checked by `checkFilter`. */
export const filter: z.ZodType<Filter> = shape.transform(({ all, any, not, field, ...test }): Filter => {
  if (all !== undefined) return { all };
  if (any !== undefined) return { any };
  if (not !== undefined) return { not };
  // superRefine has seen to it that one of the four is there.
  return { field: field ?? '', ...test };
});
