import type { Client } from '../../config/index.ts';
import type { Reference } from '../../finding.ts';
import { oncePer } from '../../once.ts';
import type { View } from '../../store/index.ts';
import { roles } from './roles.ts';

/** A record that a reference may mean; `row` -1: known, but not in the view. */
interface Candidate {
  source: string;
  row: number;
}

/** What became of a reference: the record it means, none that is known, or several of which nobody can say which. */
export type Resolved = Candidate | 'unknown' | 'ambiguous';

export interface Names {
  /** The case that a record says it belongs to. */
  parent(row: number, id: string): Resolved;
  /** The alert, or what stands for one, that a record says it was made from. */
  child(row: number, reference: Reference): Resolved;
}

/** Finds what products' references mean. Ids of two products may be the same: then the product's name decides, or nothing does. */
export function namesIn(view: View, client: Client, role: Uint8Array): Names {
  const find = oncePer((id: string) => view.find(id));
  const sources = view.text('source');
  const sourceOf = (row: number) => sources.values[sources.codes[row] ?? -1];
  const isCase = ({ source, row }: Candidate) => (row < 0 ? (client.records?.cases.includes(source) ?? false) : role[row] === roles.case);
  return {
    parent(row, id) {
      const found = find(id).filter((one) => one.row !== row);
      const cases = found.filter(isCase);
      // A case of a product that is not the record for cases may itself stand behind one that is.
      const own = (cases.length > 0 ? cases : found.filter((one) => role[one.row] === roles.aside)).filter(
        ({ source }) => cases.length === 1 || source === sourceOf(row),
      );
      return oneOf(own.length > 0 ? own : cases);
    },
    child(row, { product, id }) {
      const found = find(id).filter((one) => one.row !== row && !isCase(one));
      if (product === undefined) return oneOf(found);
      const meant = sourcesMeant(client, product);
      return oneOf(meant.size === 0 ? found : found.filter(({ source }) => meant.has(source)));
    },
  };
}

function oneOf(found: readonly Candidate[]): Resolved {
  const [only] = found;
  if (only === undefined) return 'unknown';
  return found.length === 1 ? only : 'ambiguous';
}

/** The sources that a product's word may mean: by their own id, by their vendor's id, or by the name people know it by. */
function sourcesMeant({ sources }: Client, product: string): Set<string> {
  const word = product.trim().toLowerCase();
  const known = [...sources.values()].map(({ id, vendor }) => ({
    id,
    names: [id, vendor?.id, vendor?.name].map((name) => name?.toLowerCase()),
  }));
  const exact = known.filter(({ names }) => names.includes(word));
  // "qradar-prod" and "Falcon" are what people make of "qradar" and "CrowdStrike Falcon".
  const near = (name: string | undefined) => name !== undefined && word.length > 2 && (word.includes(name) || name.includes(word));
  return new Set((exact.length > 0 ? exact : known.filter(({ names }) => names.some(near))).map(({ id }) => id));
}

/** "product:id" as the store keeps it. */
export function referenceIn(text: string): Reference {
  const colon = text.indexOf(':');
  const id = text.slice(colon + 1);
  return colon <= 0 ? { id } : { product: text.slice(0, colon), id };
}
