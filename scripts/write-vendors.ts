/** docs/vendors: a page for each product, read from its own file, and a list of them. A test keeps them fresh. */
import { globSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { type Question, questionsOf } from '../src/cli/add-source/questions.ts';
import { loadVendor, vendorNames } from '../src/vendors/index.ts';
import { type AnyVendor, questions } from '../src/vendors/vendor.ts';

const root = resolve(import.meta.dirname, '..');
const families = { siem: 'SIEM', edr: 'EDR', ndr: 'NDR', case: 'Case management', file: 'Files' } as const;
const answers = { field: 'yes', event: 'yes, from its history', derived: 'from successive collections', no: 'no' } as const;

/** Every page by its path from the root. */
export async function vendorPages(): Promise<Map<string, string>> {
  const vendors = await Promise.all(vendorNames.map(loadVendor));
  return new Map([
    ['docs/vendors/README.md', listOf(vendors)],
    ...vendors.map((vendor): [string, string] => [`docs/vendors/${vendor.id}.md`, pageOf(vendor)]),
  ]);
}

function listOf(vendors: readonly AnyVendor[]): string {
  const rows = Object.entries(families).flatMap(([family, name]) =>
    vendors
      .filter((vendor) => vendor.family === family)
      .map(({ id, name: product, delivers }) => `| ${name} | [${product}](${id}.md) | \`${id}\` | ${kinds(delivers)} |`),
  );
  return `# Products\n\nEach page is written from the product's own file in \`src/vendors\`.\n\n${table(['family', 'product', '`vendor:`', 'gives'], rows)}`;
}

function pageOf(vendor: AnyVendor): string {
  const { sources, quirks, settings } = notesOf(vendor.id);
  return [
    `# ${vendor.name}`,
    `\`vendor: ${vendor.id}\`. ${families[vendor.family]}; gives ${kinds(vendor.delivers)}.`,
    '## What the account needs',
    bullets(vendor.permissions),
    '## Settings',
    settingsOf(vendor, settings),
    '## What it can and cannot answer',
    table(
      ['question', 'answer', ''],
      questions.map((question) => `| ${question.replaceAll('_', ' ')} | ${answers[vendor.capability[question].answer]} | ${cell(vendor.capability[question].note ?? '')} |`),
    ),
    ...(quirks.length === 0 ? [] : ['## What to know about it', bullets(quirks)]),
    ...(sources.length === 0 ? [] : ['## Where that comes from', bullets(sources)]),
    `${vendor.family === 'file' ? '' : "Not run against a customer's installation yet. "}More in \`${placeOf(vendor.id)}\`.`,
  ].join('\n\n') + '\n';
}

function kinds(delivers: AnyVendor['delivers']): string {
  return delivers === undefined ? 'alerts or cases, as its settings say' : delivers.map((kind) => `${kind}s`).join(' and ');
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n') + '\n';
}

function bullets(texts: readonly string[]): string {
  return texts.map((text) => `- ${text}`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** One table; where a product comes in several forms, one for each. */
function settingsOf(vendor: AnyVendor, notes: Notes['settings']): string {
  const [first, ...more] = questionsOf(vendor, {});
  const forms = more.length === 0 && first !== undefined && first.choices.length > 1 && first.required ? first.choices : undefined;
  if (forms === undefined) return settingsTable(questionsOf(vendor, {}), notes);
  const key = first?.key ?? '';
  return forms.map((form) => `With \`${key}: ${form}\`:\n\n${settingsTable(questionsOf(vendor, { [key]: form }), notes)}`).join('\n');
}

function settingsTable(questions: readonly Question[], notes: Notes['settings']): string {
  return table(
    ['setting', 'must it be given', 'what it is'],
    questions.map((question) => {
      const what = [whatOf(question), notes.get(question.key.split('.').at(-1) ?? '')].filter((text) => text !== undefined).join('. ');
      return `| \`${question.key}\` | ${question.required ? 'yes' : 'no'} | ${cell(what)} |`;
    }),
  );
}

function whatOf({ secret, choices, type, default: preset }: Question): string {
  const given = choices.length > 0 ? choices.map((one) => `\`${one}\``).join(', ') : (kindWords[type ?? ''] ?? 'see the file');
  const what = secret ? 'a secret: `${env:NAME}` or `${file:PATH}`' : given;
  return preset === undefined ? what : `${what}; \`${JSON.stringify(preset)}\` where it is not given`;
}

const kindWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

function placeOf(id: string): string {
  return globSync(`src/vendors/${id}.ts`, { cwd: root })[0] ?? `src/vendors/${id}/`;
}

interface Notes {
  /** What the marks in brackets stand for. */
  sources: string[];
  /** Comments that say where they come from: what is particular about the product. */
  quirks: string[];
  /** What is said of a setting, by its name. */
  settings: Map<string, string>;
}

/** Read from the comments of the product's own files. */
function notesOf(id: string): Notes {
  const files = globSync([`src/vendors/${id}.ts`, `src/vendors/${id}/*.ts`], { cwd: root }).sort();
  const comments = files.flatMap((file) => commentsIn(readFileSync(join(root, file), 'utf8')));
  const isSource = ({ text }: Comment) => /^\[[\w-]+\]:/.test(text);
  const ofSetting = ({ code }: Comment) => /^\s*(\w+): (?:z\b|apiUrl|secret|version)/.exec(code)?.[1];
  const sources = comments.filter(isSource).flatMap(({ text }) => text.split(/(?:;\s*|, | )(?=\[[\w-]+\]: )/));
  const others = comments.filter((one) => !isSource(one));
  const marked = others.filter(({ text }) => /\[[a-z][\w-]*( [^\]]*)?\]/.test(text) || /\brecorded\b/.test(text));
  const quirks = marked.map(({ text, code, own }) => {
    const field = own ? undefined : /^\s*'?([\w$@.]+)'?\s*[:=]/.exec(code)?.[1];
    return field === undefined ? text : `\`${field}\`: ${text}`;
  });
  const settings = new Map(others.flatMap((one) => (ofSetting(one) === undefined ? [] : [[ofSetting(one) ?? '', one.text] as const])));
  return { sources: [...new Set(sources)], quirks: [...new Set(quirks)], settings };
}

interface Comment {
  text: string;
  /** Whether it has its line to itself. */
  own: boolean;
  /** The line of code it is about. */
  code: string;
}

/** Each comment as one line of text; lines that follow each other are one comment. */
function commentsIn(text: string): Comment[] {
  const source = ts.createSourceFile('vendor.ts', text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const found: (Comment & { last: number })[] = [];
  for (const { pos, end } of rangesIn(source, text)) {
    const first = source.getLineAndCharacterOfPosition(pos);
    const last = source.getLineAndCharacterOfPosition(end).line;
    const own = (lines[first.line] ?? '').slice(0, first.character).trim() === '';
    const plain = plainText(text.slice(pos, end));
    const before = found.at(-1);
    const code = lines[own ? last + 1 : first.line] ?? '';
    if (before?.own === true && own && before.last === first.line - 1 && !/^\[[\w-]+\]:/.test(plain))
      Object.assign(before, { text: `${before.text} ${plain}`, last, code });
    else found.push({ text: plain, own, code, last });
  }
  return found;
}

/** Where comments stand: before and behind each token, which only the parser can tell apart from texts. */
function rangesIn(source: ts.SourceFile, text: string): { pos: number; end: number }[] {
  const ranges = new Map<number, { pos: number; end: number }>();
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source);
    if (children.length > 0) return children.forEach(visit);
    const around = [...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []), ...(ts.getTrailingCommentRanges(text, node.end) ?? [])];
    for (const { pos, end } of around) ranges.set(pos, { pos, end });
  };
  visit(source);
  return [...ranges.values()].sort((a, b) => a.pos - b.pos);
}

function plainText(comment: string): string {
  const inner = comment.replace(/^\/\*\*?|\*\/$|^\/\//g, '');
  return inner.replaceAll(/\n\s*\* ?/g, ' ').replaceAll(/\s+/g, ' ').trim();
}

if (import.meta.main) {
  await mkdir(join(root, 'docs/vendors'), { recursive: true });
  for (const [path, text] of await vendorPages()) await writeFile(join(root, path), text);
}
