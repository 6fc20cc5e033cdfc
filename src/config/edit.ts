import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap as isYamlMap, isScalar, isSeq, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';

/** A plain object that may be asked for any key. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface NewSource {
  id: string;
  /** As the file will hold them: references, never secrets. */
  settings: Readonly<Record<string, unknown>>;
  /** The list of `records` in which it is to stand, where the client has that. */
  list?: 'cases' | 'alerts';
}

/**
 * A client's file with one more source. Only lines are added (and one list is made longer): comments, quotes and spacing stay as
 * they were. Where the file is written in a way in which that cannot be done, it is written anew, comments included.
 */
export function withSource(text: string, source: NewSource): string {
  const wanted = parseDocument(text);
  wanted.setIn(['sources', source.id], wanted.createNode(source.settings));
  if (source.list !== undefined) addToList(wanted, source.list, source.id);
  const spliced = splice(text, source);
  const read = spliced === undefined ? undefined : parseDocument(spliced);
  // What was spliced is trusted only when it says the very same as the document that was changed as data.
  if (spliced !== undefined && read?.errors.length === 0 && isDeepStrictEqual(read.toJS(), wanted.toJS())) return spliced;
  return wanted.toString({ lineWidth: 0 });
}

function addToList(document: Document, list: 'cases' | 'alerts', id: string): void {
  const path = ['records', list];
  const known = document.getIn(path);
  if (typeof known === 'string') document.setIn(path, document.createNode([known, id]));
  else document.addIn(path, id);
}

function splice(text: string, { id, settings, list }: NewSource): string | undefined {
  const document = parseDocument(text);
  const sources = document.get('sources');
  if (!isYamlMap(sources) || sources.flow === true) return undefined;
  const edits: [at: number, until: number, put: string][] = [];
  const last = sources.items.at(-1);
  const end = endOf(last);
  const column = columnOf(text, sources.items[0]);
  if (end === undefined || column === undefined) return undefined;
  const block = stringify({ [id]: settings }, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => `${' '.repeat(column)}${line}\n`)
    .join('');
  const next = afterOwnLines(text, end, column);
  edits.push([next, next, text[next - 1] === '\n' ? block : `\n${block}`]);
  const longer = list === undefined ? undefined : listEdit(text, document, list, id);
  if (list !== undefined && longer === undefined) return undefined;
  if (longer !== undefined) edits.push(longer);
  // From the end on, so that the places before it stay what they are.
  return edits.sort((a, b) => b[0] - a[0]).reduce((whole, [at, until, put]) => whole.slice(0, at) + put + whole.slice(until), text);
}

/** Behind the line of an offset, and behind comments that are indented as what stands in the map is. */
function afterOwnLines(text: string, offset: number, column: number): number {
  const lineEnd = (from: number) => (text.indexOf('\n', from) < 0 ? text.length : text.indexOf('\n', from) + 1);
  let at = lineEnd(offset - 1);
  for (;;) {
    const line = text.slice(at, lineEnd(at));
    if (!/^ *#/.test(line) || line.indexOf('#') <= column) return at;
    at = lineEnd(at);
  }
}

/** Where the text of a pair's value ends. */
function endOf(pair: Pair<unknown, unknown> | undefined): number | undefined {
  const value = pair?.value;
  if (isYamlMap(value) && value.flow !== true && value.items.length > 0) return endOf(value.items.at(-1));
  if (isSeq(value) && value.flow !== true && value.items.length > 0) return endOf({ value: value.items.at(-1) } as Pair<unknown, unknown>); // only its value is looked at
  const range = typeof value === 'object' && value !== null && 'range' in value ? value.range : undefined;
  return Array.isArray(range) ? Number(range[1]) : undefined;
}

function columnOf(text: string, pair: YAMLMap['items'][number] | undefined): number | undefined {
  const range = isScalar(pair?.key) ? pair.key.range : undefined;
  if (range === undefined || range === null) return undefined;
  return range[0] - (text.lastIndexOf('\n', range[0] - 1) + 1);
}

function listEdit(text: string, document: Document, list: string, id: string): [number, number, string] | undefined {
  const known = document.getIn(['records', list], true);
  if (isScalar(known) && known.range) return [known.range[0], known.range[1], `[${text.slice(known.range[0], known.range[1])}, ${id}]`];
  const last = isSeq(known) && known.flow === true ? known.items.at(-1) : undefined;
  return isScalar(last) && last.range ? [last.range[1], last.range[1], `, ${id}`] : undefined;
}
