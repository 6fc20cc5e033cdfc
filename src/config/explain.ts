import { z } from 'zod';
import { didYouMean } from '../suggest.ts';
import type { Path, YamlFile } from './yaml.ts';

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Every issue of a file (or of the part of it at `base`) as a line: file:line, key path, what is wrong, what was probably meant. */
export function explainIssues(issues: readonly Issue[], schema: z.ZodType, file: YamlFile, base: Path = []): string[] {
  // A map with a misspelt key also lacks what that key should have given: the first is enough.
  const misspelt = new Set(issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [issue.path.join('.')] : [])));
  const told = issues.filter((issue) => issue.code !== 'custom' || !misspelt.has(issue.path.join('.')));
  return told.flatMap((issue) => explainIssue(issue, schema, file, base));
}

/** "config/soc-kpi.yaml:3: browser.path: message". */
export function problemAt(file: YamlFile, path: Path, message: string): string {
  return [file.place(path), ...(path.length > 0 ? [path.map(String).join('.')] : []), message].join(': ');
}

function explainIssue(issue: Issue, schema: z.ZodType, file: YamlFile, base: Path): string[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => problemAt(file, [...path, key], unknownKey(key, known)));
  }
  const value = valueAt(file.data, path);
  return [problemAt(file, path, messageOf(issue, value))];
}

const hints: readonly [RegExp, string][] = [
  [/verif|insecure|reject_?unauthori[sz]ed|self_?signed|check_?cert/i, 'TLS is always verified; give a private CA as ca_file'],
  [/^id$/, "the file's name is the client's id"],
];

function unknownKey(key: string, known: readonly string[]): string {
  const hint = hints.find(([shape]) => shape.test(key))?.[1];
  if (hint !== undefined) return `unknown key; ${hint}`;
  return `unknown key${didYouMean(key, known) || `; there are: ${known.join(', ')}`}`;
}

function messageOf(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `is ${shown(value)}, but must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value': {
      const values = issue.values.map(String);
      const one = values.length === 1 ? `is ${shown(value)}, but must be ${values[0]}` : `${shown(value)} is none of ${values.join(', ')}`;
      return `${one}${didYouMean(String(value), values)}`;
    }
    case 'invalid_union': {
      const wanted = new Set(
        issue.errors.flat().flatMap((each) => (each.code === 'invalid_type' ? [kinds[each.expected] ?? each.expected] : [])),
      );
      return `is ${shown(value)}, but must be ${[...wanted].join(' or ')}`;
    }
    case 'invalid_key':
      return issue.issues.map((each) => each.message).join('; ');
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'is empty'
        : `is ${shown(value)}, but must be at least ${issue.minimum}`;
    case 'too_big':
      return `is ${shown(value)}, but must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

/** As it stands in the file, but short: a value may be long, or a secret in the wrong place. */
function shown(value: unknown): string {
  if (value === null) return 'without a value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map of keys';
  return typeof value === 'string' ? `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"` : String(value);
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, key) => (isMapping(inside) ? inside[String(key)] : undefined), data);
}

/** Arrays too: an index is a key. */
function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The keys that a schema knows at a path, read from its JSON Schema, which is the public description of a zod schema. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  let here = resolve(root, root);
  for (const key of path) here = resolve(here.properties?.[String(key)] ?? here.items ?? here.additionalProperties, root);
  return Object.keys(here.properties ?? {});
}

function resolve(schema: unknown, root: JsonSchema): JsonSchema {
  if (!isMapping(schema)) return {};
  const { $ref }: JsonSchema = schema;
  return $ref === undefined ? schema : resolve(valueAt(root, $ref.split('/').slice(1)), root);
}
