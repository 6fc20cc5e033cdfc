import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

export type Path = readonly PropertyKey[];

/** A YAML file as plain data that still knows its lines. */
export interface YamlFile {
  data: unknown;
  /** What keeps the file from being read at all. */
  problems: string[];
  /** "config/clients/demo.yaml:12": where a key stands, or what it would stand in. */
  place(path: Path): string;
}

export function parseYaml(name: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const problems = [...document.errors, ...document.warnings].map((error) => `${at(error.pos[0])}: ${inWords(error.code, error.message)}`);
  const place = (path: Path) => at(offsetOf(document.contents, path, (node) => (isAlias(node) ? node.resolve(document) : node)));
  if (problems.length > 0) return { data: undefined, problems, place };
  if (document.contents === null) return { data: undefined, problems: [`${name}:1: the file is empty`], place };
  return { data: document.toJS(), problems, place };
}

function inWords(code: string, message: string): string {
  return code === 'DUPLICATE_KEY' ? 'this key stands twice in its map; YAML would keep only one of them' : `not YAML: ${message}`;
}

/** Follows a path as far as it goes. */
function offsetOf(root: Node | null, path: Path, resolve: (node: unknown) => unknown): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const segment of path) {
    const inside = resolve(node);
    const step = isMap(inside) ? inside.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment)) : undefined;
    const next = isSeq(inside) ? inside.items[Number(segment)] : step?.value;
    const shown = step?.key ?? next;
    if (!isNode(shown)) return offset;
    offset = shown.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}
