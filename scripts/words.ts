/**
 * The messages of the reports, found where they are written, against the catalogues.
 *
 *   node scripts/words.ts                 fails with every message that is missing, unused or has other places than the English
 *   node scripts/words.ts list            prints all messages as JSON, each with where it is said
 *   node scripts/words.ts missing de      prints what German lacks, as a catalogue to be filled
 */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { registry } from '../src/analyse/registry.ts';
import { languages, namesIn, parseMessage, readCatalogue } from '../src/words/index.ts';

const root = resolve(import.meta.dirname, '..');

interface Found {
  /** Message to the places it is said at. */
  messages: Map<string, string[]>;
  faults: string[];
}

/** Languages that are still being translated: what they lack is no fault yet. */
function inWork(): readonly string[] {
  return JSON.parse(readFileSync(join(root, 'src/words/catalogues/in-work.json'), 'utf8'));
}

export function extract(): Found {
  const found: Found = { messages: new Map(), faults: [] };
  for (const file of globSync('src/**/*.ts', { cwd: root }).sort()) fromSource(file, found);
  for (const file of globSync('templates/**/*.njk', { cwd: root }).sort()) fromTemplate(file, found);
  for (const kpi of registry) {
    for (const text of [kpi.name, kpi.question, kpi.formula, kpi.statistic]) add(found, text, kpi.id);
  }
  return found;
}

function add({ messages, faults }: Found, text: string, place: string): ReadonlySet<string> {
  messages.set(text, [...(messages.get(text) ?? []), place]);
  try {
    return namesIn(parseMessage(text));
  } catch (error) {
    faults.push(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    return new Set();
  }
}

const markers = ['say', 'message'];

function fromSource(file: string, found: Found): void {
  const text = readFileSync(join(root, file), 'utf8');
  if (!/\b(say|message)\(/.test(text) || file.startsWith('src/words/phrase') || file.startsWith('src/words/message')) return;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !markers.includes(nameOf(node.expression))) return;
    const place = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    const [first, second] = node.arguments;
    const texts = first === undefined ? undefined : literals(first);
    if (texts === undefined) {
      found.faults.push(`${place}: ${nameOf(node.expression)}(…) needs a literal: what is not written here cannot be found`);
      return;
    }
    const given = second === undefined ? new Set<string>() : namesGiven(second);
    for (const one of texts) {
      const names = add(found, one, place);
      if (nameOf(node.expression) !== 'say' || given === undefined) continue;
      const open = [...names].filter((name) => !given.has(name));
      if (open.length > 0) found.faults.push(`${place}: nothing is given for {${open.join('}, {')}}`);
    }
  };
  visit(source);
}

/** `say` or `format.say`. */
function nameOf(called: ts.Expression): string {
  if (ts.isIdentifier(called)) return called.text;
  return ts.isPropertyAccessExpression(called) ? called.name.text : '';
}

/** A literal, or a choice between literals. */
function literals(node: ts.Expression): string[] | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (!ts.isConditionalExpression(node)) return undefined;
  const [yes, no] = [literals(node.whenTrue), literals(node.whenFalse)];
  return yes === undefined || no === undefined ? undefined : [...yes, ...no];
}

/** `undefined` where it cannot be told from the text: then the compiler and the pages must. */
function namesGiven(node: ts.Expression): Set<string> | undefined {
  if (!ts.isObjectLiteralExpression(node) || node.properties.some(ts.isSpreadAssignment)) return undefined;
  return new Set(node.properties.flatMap(({ name }) => (name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [])));
}

function fromTemplate(file: string, found: Found): void {
  const text = readFileSync(join(root, file), 'utf8');
  for (const call of text.matchAll(/\bsay\(/g)) {
    const place = `${file}:${text.slice(0, call.index).split('\n').length}`;
    const literal = /^\bsay\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")(?:, \{([^}]*)\})?\)/.exec(text.slice(call.index));
    if (literal === null) {
      found.faults.push(`${place}: say(…) needs a literal and a list of names`);
      continue;
    }
    const names = add(found, (literal[1] ?? literal[2] ?? '').replace(/\\(.)/g, '$1'), place);
    const given = new Set([...(literal[3] ?? '').matchAll(/(\w+):/g)].map((name) => name[1]));
    const open = [...names].filter((name) => !given.has(name));
    if (open.length > 0) found.faults.push(`${place}: nothing is given for {${open.join('}, {')}}`);
  }
}

export function judge({ messages, faults }: Found): string[] {
  const open = inWork();
  const all = [...faults];
  for (const code of languages.filter((one) => one !== 'en')) {
    const catalogue = readCatalogue(code);
    const missing = [...messages.keys()].filter((text) => catalogue[text] === undefined);
    if (!open.includes(code)) all.push(...missing.map((text) => `${code}: missing "${text}" (${messages.get(text)?.[0]})`));
    for (const [text, translation] of Object.entries(catalogue)) {
      // Texts change while a language is being translated: what nobody says any more goes when it is done.
      if (!messages.has(text)) all.push(...(open.includes(code) ? [] : [`${code}: nobody says "${text}"`]));
      else all.push(...unlike(text, translation).map((fault) => `${code}: ${fault} in "${text}"`));
    }
  }
  return all;
}

/** A translation has places for the same things; it may choose by them where the English does not. */
function unlike(text: string, translation: string): string[] {
  try {
    const [there, here] = [namesIn(parseMessage(text)), namesIn(parseMessage(translation))];
    const gone = [...there].filter((name) => !here.has(name)).map((name) => `{${name}} is lost`);
    return [...gone, ...[...here].filter((name) => !there.has(name)).map((name) => `{${name}} has nothing to stand for`)];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function main([command, code]: readonly string[]): void {
  const found = extract();
  if (command === 'list') return console.log(JSON.stringify(Object.fromEntries(found.messages), null, 1));
  if (command === 'missing' && code !== undefined) {
    const catalogue = readCatalogue(code);
    const open = [...found.messages.keys()].filter((text) => catalogue[text] === undefined);
    return console.log(JSON.stringify(Object.fromEntries(open.map((text) => [text, ''])), null, 1));
  }
  const faults = judge(found);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

if (import.meta.main) main(process.argv.slice(2));
