import { z } from 'zod';
import { parse } from 'yaml';
import { isMap } from '../../config/index.ts';
import { secretReference } from '../../secret.ts';
import { didYouMean } from '../../suggest.ts';
import type { AnyVendor } from '../../vendors/vendor.ts';
import { UsageError } from '../failure.ts';

/** One setting that a vendor knows. */
export interface Question {
  /** From the source on: "base_url", "columns.id". */
  key: string;
  required: boolean;
  secret: boolean;
  type: string | undefined;
  choices: readonly string[];
  default: unknown;
}

/** As far as JSON Schema is read here. */
interface Shape {
  type?: unknown;
  pattern?: unknown;
  enum?: unknown;
  const?: unknown;
  default?: unknown;
  properties?: Readonly<Record<string, Shape>>;
  required?: readonly string[];
  oneOf?: readonly Shape[];
  anyOf?: readonly Shape[];
}

/**
 * The settings of a vendor, read from its schema's JSON Schema, which is the public description of a zod schema. Where there are
 * several forms (a cloud and an appliance), `chosen` says which: until it does, only what decides between them is asked.
 */
export function questionsOf(vendor: AnyVendor, chosen: Readonly<Record<string, unknown>>): Question[] {
  const root = z.toJSONSchema(vendor.settings, { io: 'input', unrepresentable: 'any' }) as Shape; // a part of what JSON Schema is
  const forms = root.oneOf ?? root.anyOf;
  if (forms === undefined) return inside(root, '');
  const key = deciding(forms);
  const form = forms.find(({ properties }) => properties?.[key]?.const === chosen[key]);
  if (form !== undefined) return inside(form, '');
  const choices = forms.map(({ properties }) => String(properties?.[key]?.const));
  return [{ key, required: true, secret: false, type: 'string', choices, default: undefined }];
}

/** The setting of which every form has a value of its own. */
function deciding(forms: readonly Shape[]): string {
  const [first] = forms;
  const found = Object.keys(first?.properties ?? {}).find((key) => forms.every(({ properties }) => properties?.[key]?.const !== undefined));
  if (found === undefined) throw new Error('nothing tells the forms of these settings apart'); // a vendor's schema always has it
  return found;
}

function inside({ properties = {}, required = [] }: Shape, prefix: string): Question[] {
  return Object.entries(properties).flatMap(([name, shape]) => {
    const key = `${prefix}${name}`;
    const must = required.includes(name) && shape.default === undefined;
    if (shape.properties !== undefined) return inside(must ? shape : { ...shape, required: [] }, `${key}.`);
    return [questionOf(key, shape, must)];
  });
}

function questionOf(key: string, shape: Shape, required: boolean): Question {
  return {
    key,
    required,
    secret: shape.pattern === secretReference.source,
    type: typeof shape.type === 'string' ? shape.type : undefined,
    choices: Array.isArray(shape.enum) ? shape.enum.map(String) : shape.const === undefined ? [] : [String(shape.const)],
    default: shape.default,
  };
}

/** What "key=value" texts say, as the file will hold it. @throws UsageError for a text that is none, or a key that no form knows. */
export function settingsOf(vendor: AnyVendor, texts: readonly string[]): Record<string, unknown> {
  const given = texts.map(pairOf);
  const settings: Record<string, unknown> = {};
  // Twice: what decides between the forms may stand anywhere.
  for (let round = 0; round < 2; round++) {
    const known = new Map(questionsOf(vendor, settings).map((question) => [question.key, question]));
    for (const [key, text] of given) {
      const question = known.get(key);
      if (question !== undefined) put(settings, key, readValue(question, text));
      else if (round === 1)
        throw new UsageError(
          `${vendor.name} has no setting "${key}"${didYouMean(key, known.keys()) || `; there are: ${[...known.keys()].join(', ')}`}`,
        );
    }
  }
  return settings;
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  // What stands there may be a secret, so it is not repeated.
  if (at <= 0) throw new UsageError('--set takes key=value');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** @throws UsageError for a secret that is no reference. */
export function readValue({ key, secret, type }: Question, text: string): unknown {
  if (secret && !secretReference.test(text))
    throw new UsageError(`${key} is a secret: write where it is, \${env:NAME} or \${file:PATH}, never the value itself`);
  return type === 'string' || secret || secretReference.test(text) ? text : parse(text);
}

/** Puts a value at "a.b", making the maps on the way. */
export function put(settings: Record<string, unknown>, key: string, value: unknown): void {
  const [first = '', ...rest] = key.split('.');
  if (rest.length === 0) {
    settings[first] = value;
    return;
  }
  const inner = settings[first];
  const map = isMap(inner) ? inner : {};
  settings[first] = map;
  put(map, rest.join('.'), value);
}

export function has(settings: Readonly<Record<string, unknown>>, key: string): boolean {
  let inner: unknown = settings;
  for (const step of key.split('.')) inner = isMap(inner) ? inner[step] : undefined;
  return inner !== undefined;
}
