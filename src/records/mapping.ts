import { z } from 'zod';
import { entityTypes, type Severity, stamps, statuses, verdicts } from '../finding.ts';
import { formatProblem } from './time.ts';

export const timeFields = [...stamps, 'updated_at'] as const;
export const listFields = ['rule', 'source', 'target', 'network', 'log_source', 'tags', 'children'] as const;
export const countFields = ['event_count', 'reopen_count'] as const;
export const textFields = [
  'title',
  'severity',
  'status',
  'verdict',
  'escalated',
  'assignee',
  'assignee_group',
  'closed_by',
  'product',
  'url',
  'parent',
] as const;

const severities = { unknown: 0, informational: 1, low: 2, medium: 3, high: 4, critical: 5, fatal: 6, other: 99 } as const;
const severityNames = ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal', 'other'] as const;

/** Texts are compared without regard to case and to blanks around them. */
export function fold(text: string): string {
  return text.trim().toLowerCase();
}

const column = z.string().min(1);

function optionalColumns<Field extends string>(fields: readonly Field[]): Record<Field, z.ZodOptional<typeof column>> {
  const shape = Object.fromEntries(fields.map((field) => [field, column.optional()]));
  return shape as Record<Field, z.ZodOptional<typeof column>>; // fromEntries forgets which keys it was given
}

/** In place of a column: the whole row is its own id, as logs have none. Rows that are the same count once. */
export const wholeRow = '(row)';

const columns = z.strictObject({
  ...optionalColumns(timeFields),
  ...optionalColumns(listFields),
  ...optionalColumns(countFields),
  ...optionalColumns(textFields),
  id: column,
  title: column,
  created_at: column,
});

/** The product's texts -> ours; the keys folded. */
function meanings<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value).transform((texts) => new Map(Object.entries(texts).map(([text, to]) => [fold(text), to] as const)));
}

/** A severity by its name or number. */
export const severityNamed = z.union([
  z.literal(Object.values(severities)),
  z.enum(severityNames).transform((name): Severity => severities[name]),
]);

const values = z.strictObject({
  status: meanings(z.enum(statuses)).optional(),
  severity: meanings(severityNamed).optional(),
  verdict: meanings(z.enum(verdicts)).optional(),
  /** Texts of the column `escalated` that mean yes; any other text means no. */
  escalated: z
    .array(z.string())
    .transform((texts) => new Set(texts.map(fold)))
    .optional(),
});

const time = z.strictObject({ format: z.string(), zone: z.string().optional() }).superRefine((declared, issues) => {
  const problem = formatProblem(declared);
  if (problem !== undefined) issues.addIssue({ code: 'custom', message: problem });
});

const entityType = z.enum(entityTypes).optional();

/** How the columns of an export become a finding. Nothing is guessed: a text that nobody mapped stays unknown. */
export const mapping = z.strictObject({
  kind: z.enum(['alert', 'case']).default('alert'),
  /** The detecting product, where no column names it. */
  product: z.string().min(1).default('File'),
  columns,
  time,
  /** Only rows in which this column holds one of these texts are records; the others are passed over. */
  only: z.strictObject({ column, in: z.array(z.string()).min(1) }).optional(),
  /** Texts that mean "unknown" in every column, e.g. "?" or "-"; a blank one always does. */
  unknown: z.array(z.string()).default([]),
  /** What separates the values of a column that holds several; absent: each text is one value. */
  lists: z.string().min(1).optional(),
  values: values.prefault({}),
  /** What the columns source and target hold; absent: `ip` where it is an address, else `other`. */
  entities: z.strictObject({ source: entityType, target: entityType }).prefault({}),
  /** Which of several rows with the same id wins. */
  versions: z.enum(['last', 'updated_at']).default('last'),
  /** Acknowledged at the `updated_at` of the first row in which this column holds this text. */
  acknowledged_when: z.strictObject({ column, equals: z.string() }).optional(),
});
export type Mapping = z.infer<typeof mapping>;

/** What contradicts itself in a mapping; undefined when nothing does. */
export function mappingProblem({ columns, values, versions, acknowledged_when }: Mapping): string | undefined {
  if (columns.updated_at === undefined) {
    if (versions === 'updated_at') return 'versions: updated_at needs columns.updated_at';
    if (acknowledged_when !== undefined) return 'acknowledged_when needs columns.updated_at, which is then the time';
  }
  for (const field of ['status', 'severity', 'verdict', 'escalated'] as const) {
    if (values[field] !== undefined && columns[field] === undefined) return `values.${field} needs columns.${field}`;
  }
  if (columns.escalated !== undefined && values.escalated === undefined)
    return 'columns.escalated needs values.escalated: the texts that mean yes';
  return undefined;
}

const change = z.object({ at: z.number(), status: z.string().optional(), assignee: z.string().optional() });

/** One record of an export, its times read; all versions of one id together. Instants are epoch ms; a missing key is unknown. */
export const fileRecord = z.object({
  id: z.string().min(1),
  created_at: z.number(),
  texts: z.partialRecord(z.enum(textFields), z.string()),
  lists: z.partialRecord(z.enum(listFields), z.array(z.string())),
  times: z.partialRecord(z.enum(timeFields), z.number()),
  counts: z.partialRecord(z.enum(countFields), z.number()),
  /** In the order of its versions; empty where the export has no `updated_at`. */
  history: z.array(change),
});
export type FileRecord = z.infer<typeof fileRecord>;
export type Change = z.infer<typeof change>;
