import type { PageContent } from './content.ts';
import { isReference, type Objects, type Value } from './objects.ts';

/** An element of the PDF's structure, as a reading aid sees it. */
export interface Tagged {
  role: string;
  alt: string | undefined;
  /** Roles of its direct children. */
  children: string[];
  /** Its pieces, in reading order: a range of `leaves`. */
  from: number;
  to: number;
}

/** A painted piece of an element. */
export interface Leaf {
  page: number;
  text: string;
  /** The roles it stands in, outermost first. */
  roles: readonly string[];
}

export interface Structure {
  elements: Tagged[];
  leaves: Leaf[];
}

/** The tagged content in reading order. `pages` are keyed by their object's number. */
export function readStructure(objects: Objects, pages: ReadonlyMap<number, PageContent>): Structure {
  const elements: Tagged[] = [];
  const leaves: Leaf[] = [];

  function visit(value: Value | undefined, page: PageContent | undefined, roles: readonly string[]): string[] {
    const node = objects.at(value);
    if (Array.isArray(node)) return node.flatMap((kid) => visit(kid, page, roles));
    if (typeof node === 'number') addLeaf(node, page, roles);
    if (!(node instanceof Map)) return [];
    const own = isReference(node.get('/Pg')) ? pageAt(node.get('/Pg')) : page;
    if (node.get('/Type') === '/MCR') return visit(node.get('/MCID'), own, roles);
    if (node.get('/Type') !== '/StructElem') return [];
    const role = String(node.get('/S')).slice(1);
    const alt = node.get('/Alt');
    const element: Tagged = { role, alt: typeof alt === 'string' ? alt : undefined, children: [], from: leaves.length, to: leaves.length };
    elements.push(element);
    element.children = visit(node.get('/K'), own, [...roles, role]);
    element.to = leaves.length;
    return [role];
  }

  const pageAt = (value: Value | undefined) => (isReference(value) ? pages.get(value.object) : undefined);
  const addLeaf = (mark: number, page: PageContent | undefined, roles: readonly string[]) => {
    if (page !== undefined) leaves.push({ page: page.number, text: page.texts.get(mark) ?? '', roles });
  };
  visit(objects.dictionary(objects.catalog.get('/StructTreeRoot')).get('/K'), undefined, []);
  return { elements, leaves };
}
