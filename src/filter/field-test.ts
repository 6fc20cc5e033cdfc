import type { FieldKind } from '../finding.ts';
import { didYouMean } from '../suggest.ts';
import type { FilterColumns, Mask } from './columns.ts';
import { type FieldTest, tests } from './form.ts';
import { instantOf } from './instant.ts';
import { canonical, compilePattern, fold, literalPattern, indexTexts, type Pattern, PatternError, type TextIndex } from './texts.ts';

/** One evaluation over columns; every field's patterns are searched for together, when the first is asked for. */
export interface Run {
  columns: FilterColumns;
  found(field: string, pattern: number, index: TextIndex): Uint8Array;
}

export type Node = (run: Run) => Mask;

/** What a test is built from; what is wrong with it goes to `refuse`, with the key that is wrong. */
export interface TestContext {
  fields: Readonly<Record<string, FieldKind>>;
  zone: string;
  /** Notes a pattern of a field for the common search, and says where it stands among that field's patterns. */
  note(field: string, pattern: Pattern): number;
  refuse(message: string, ...key: (string | number)[]): void;
}

type TestKey = (typeof tests)[number];
/** 1 or 0 per distinct text. */
type TextTest = (index: TextIndex, run: Run) => Uint8Array;

const suitable: Readonly<Record<FieldKind, readonly TestKey[]>> = {
  text: ['equals', 'in', 'contains', 'matches', 'exists'],
  list: ['equals', 'in', 'contains', 'matches', 'exists'],
  number: ['equals', 'in', 'range', 'exists'],
  instant: ['range', 'exists'],
  flag: ['equals', 'exists'],
};

const kindNames: Readonly<Record<FieldKind, string>> = {
  text: 'a text',
  list: 'a list of texts',
  number: 'a number',
  instant: 'an instant',
  flag: 'true or false',
};

const nothing: Node = (run) => new Uint8Array(run.columns.rows);

/** The test of one field as a function of columns. What is refused tests nothing. */
export function buildTest(test: FieldTest, context: TestContext): Node {
  const kind = Object.hasOwn(context.fields, test.field) ? context.fields[test.field] : undefined;
  if (kind === undefined) {
    const names = Object.keys(context.fields);
    const hint = didYouMean(test.field, names) || `; there are: ${names.join(', ')}`;
    context.refuse(`no field "${test.field}"${hint}`, 'field');
    return nothing;
  }
  const asked = tests.find((key) => test[key] !== undefined);
  if (asked === undefined) return nothing;
  if (!suitable[kind].includes(asked)) {
    context.refuse(`"${asked}" does not suit ${test.field}, which is ${kindNames[kind]}; use ${suitable[kind].join(', ')}`, asked);
    return nothing;
  }
  if (kind === 'text' || kind === 'list') return onText(test, kind, textTest(test, context));
  if (test.case !== undefined) context.refuse(`"case" is for texts; ${test.field} is ${kindNames[kind]}`, 'case');
  return onNumber(test.field, numberTest(test, kind, context));
}

function onText(test: FieldTest, kind: 'text' | 'list', hitsOf: TextTest): Node {
  return (run) => {
    const mask = new Uint8Array(run.columns.rows);
    const column = run.columns.text(test.field);
    if (column !== undefined) {
      const index = indexTexts(column.values, kind);
      const hits = index.spread(hitsOf(index, run));
      for (let row = 0; row < mask.length; row++) mask[row] = hits[column.codes[row] ?? -1] ?? 0;
    }
    return test.exists === false ? mask.map((one) => 1 - one) : mask;
  };
}

function textTest(test: FieldTest, context: TestContext): TextTest {
  const sensitive = test.case === true;
  const form = (text: string) => (sensitive ? canonical(text) : fold(canonical(text)));
  const formsOf = (index: TextIndex) => (sensitive ? index.texts : index.folded());
  if (test.exists !== undefined) return (index) => new Uint8Array(index.texts.length).fill(1);
  if (test.matches !== undefined) return patternTest(test.field, test.matches, sensitive, context);
  if (test.contains !== undefined) return searched(test.field, literalPattern(test.contains, sensitive), context);
  const wanted = new Set(wantedTexts(test, context).map(form));
  return (index) => Uint8Array.from(formsOf(index), (text) => (wanted.has(text) ? 1 : 0));
}

/** YAML reads 007 as 7 and 1e3 as 1000, so a text must be written as one. */
function wantedTexts(test: FieldTest, context: TestContext): string[] {
  const given = test.in?.map((value, index) => ({ value, key: ['in', index] })) ?? [{ value: test.equals, key: ['equals'] }];
  return given.flatMap(({ value, key }) => {
    if (typeof value === 'string') return [value];
    context.refuse(`${test.field} is a text; write "${value}" in quotes`, ...key);
    return [];
  });
}

function patternTest(field: string, source: string, sensitive: boolean, context: TestContext): TextTest {
  try {
    return searched(field, compilePattern(source, sensitive), context);
  } catch (cause) {
    if (!(cause instanceof PatternError)) throw cause;
    context.refuse(cause.message, 'matches');
    return (index) => new Uint8Array(index.texts.length);
  }
}

/** All patterns of a field are searched for at once, when the first is asked for. */
function searched(field: string, pattern: Pattern, context: TestContext): TextTest {
  const place = context.note(field, pattern);
  return (index, run) => run.found(field, place, index);
}

function onNumber(field: string, holds: (value: number) => boolean): Node {
  return (run) => {
    const column = run.columns.number(field);
    const mask = new Uint8Array(run.columns.rows);
    for (let row = 0; row < mask.length; row++) mask[row] = holds(column?.[row] ?? Number.NaN) ? 1 : 0;
    return mask;
  };
}

function numberTest(test: FieldTest, kind: FieldKind, context: TestContext): (value: number) => boolean {
  if (test.exists !== undefined) return (value) => !Number.isNaN(value) === test.exists;
  if (test.range !== undefined) return rangeTest(test.field, test.range, kind, context);
  const given = test.in?.map((value, index) => ({ value, key: ['in', index] })) ?? [{ value: test.equals, key: ['equals'] }];
  const wanted = given.map(({ value, key }) => {
    if (kind === 'flag' && typeof value === 'boolean') return value ? 1 : 0;
    if (kind === 'number' && typeof value === 'number') return value;
    context.refuse(`${test.field} is ${kindNames[kind]}; "${value}" is not${severityHint(test.field)}`, ...key);
    return undefined;
  });
  return (value) => wanted.includes(value);
}

function severityHint(field: string): string {
  return field.startsWith('severity') ? ' (1 informational, 2 low, 3 medium, 4 high, 5 critical, 6 fatal)' : '';
}

function rangeTest(
  field: string,
  range: NonNullable<FieldTest['range']>,
  kind: FieldKind,
  context: TestContext,
): (value: number) => boolean {
  const from = edge('from', Number.NEGATIVE_INFINITY);
  const below = edge('below', Number.POSITIVE_INFINITY);
  if (range.from === undefined && range.below === undefined) context.refuse('needs "from", "below" or both', 'range');
  else if (from >= below) context.refuse('is empty: "from" must be less than "below"', 'range');
  return (value) => value >= from && value < below;

  function edge(key: 'from' | 'below', open: number): number {
    const value = range[key];
    if (value === undefined) return open;
    const found = kind === 'number' ? numberOf(value) : instantOf(value, context.zone);
    const wanted = kind === 'number' ? 'a number' : 'a date such as 2026-10-05 or an instant such as 2026-10-05T06:00:00Z';
    if (found === undefined) context.refuse(`${field} needs ${wanted}, not "${value}"`, 'range', key);
    return found ?? open;
  }
}

function numberOf(value: string | number): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
