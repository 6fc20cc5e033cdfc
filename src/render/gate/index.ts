import { type PageContent, readPages, unembeddedFonts } from './content.ts';
import { type Objects, readObjects } from './objects.ts';
import { readStructure, type Structure, type Tagged } from './tree.ts';

/** Something a reader would stumble over in a finished file. */
export interface Flaw {
  /** Counted from 1; absent where it concerns the whole file, or a page laid out but not yet cut into pages. */
  page?: number;
  /** What it is about, in words that can be searched for. */
  element: string;
  problem: string;
  /** Mended already, and only told. */
  harmless?: true;
}

export const noGlyph = 'has a character that no installed font can draw';

const wholeFile = 'the file';

/** "page 3, Findings per day: the chart is split between pages". */
export function sayFlaw({ page, element, problem }: Flaw): string {
  return `${page === undefined ? '' : `page ${page}, `}${element}: ${problem}`;
}

/**
 * What is wrong with a printed report: pages, fonts, glyphs, tags, what is split or stranded, and its size against
 * `limit` in bytes. A file that cannot be read has that as its flaw.
 */
export function checkPdf(pdf: Uint8Array, limit: number): Flaw[] {
  const flaws: Flaw[] = [];
  if (pdf.byteLength > limit)
    flaws.push({ element: wholeFile, problem: `${megabytes(pdf.byteLength)} is more than mails may carry (${megabytes(limit)})` });
  try {
    const objects = readObjects(pdf);
    const pages = readPages(objects);
    const structure = readStructure(objects, pages);
    return [
      ...flaws,
      ...wholeFlaws(objects, [...pages.keys()]),
      ...pageFlaws([...pages.values()]),
      ...headingFlaws(structure),
      ...splitFlaws(structure),
    ];
  } catch (cause) {
    return [...flaws, { element: wholeFile, problem: `cannot be checked: ${cause instanceof Error ? cause.message : String(cause)}` }];
  }
}

/** What stands where a letter of it could not be drawn, piece by piece. */
export function missingIn(pdf: Uint8Array): string[] {
  const pages = readPages(readObjects(pdf));
  return [...pages.values()].flatMap(({ texts, missing }) => [...missing].map((mark) => texts.get(mark) ?? ''));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function wholeFlaws(objects: Objects, pages: number[]): Flaw[] {
  const { catalog, info } = objects;
  const outline = objects.dictionary(catalog.get('/Outlines'));
  const wanting: [boolean, string][] = [
    [pages.length > 0, 'has no pages'],
    [objects.at(objects.dictionary(catalog.get('/Pages')).get('/Count')) === pages.length, 'counts its pages wrongly'],
    [typeof info.get('/Title') === 'string' && info.get('/Title') !== '', 'has no title'],
    [typeof catalog.get('/Lang') === 'string' && catalog.get('/Lang') !== '', 'names no language'],
    [objects.dictionary(catalog.get('/MarkInfo')).get('/Marked') === true && catalog.has('/StructTreeRoot'), 'is not tagged'],
    [outline.has('/First'), 'has no outline'],
  ];
  const fonts = unembeddedFonts(objects, pages).map((font) => ({ element: `font ${font}`, problem: 'is not in the file' }));
  return [...wanting.flatMap(([good, problem]) => (good ? [] : [{ element: wholeFile, problem }])), ...fonts];
}

function pageFlaws(pages: PageContent[]): Flaw[] {
  return pages.flatMap(({ number, texts, missing }) => {
    const flaws: Flaw[] = texts.size === 0 ? [{ page: number, element: 'the page', problem: 'is blank' }] : [];
    for (const mark of missing) {
      const element = mark < 0 ? 'running head or foot' : quoted(texts.get(mark) ?? '');
      flaws.push({ page: number, element, problem: noGlyph });
    }
    return flaws;
  });
}

function headingFlaws({ elements, leaves }: Structure): Flaw[] {
  let level = 0;
  return elements.flatMap((heading) => {
    const own = Number(/^H([1-6])$/.exec(heading.role)?.[1]);
    if (Number.isNaN(own)) return [];
    const last = leaves[heading.to - 1];
    const next = leaves[heading.to];
    const name = { page: last?.page ?? 0, element: quoted(textOf(heading, leaves)) };
    const flaws: Flaw[] = own > level + 1 ? [{ ...name, problem: `is a heading of level ${own} after one of level ${level}` }] : [];
    level = own;
    if (last !== undefined && next !== undefined && next.page > last.page)
      flaws.push({ ...name, problem: 'is a heading stranded at the foot of its page' });
    return flaws;
  });
}

function splitFlaws({ elements, leaves }: Structure): Flaw[] {
  return elements.flatMap((element): Flaw[] => {
    const own = leaves.slice(element.from, element.to);
    const [first, last] = [own[0], own.at(-1)];
    if (element.role === 'Figure') {
      const name = { ...(first === undefined ? {} : { page: first.page }), element: quoted(element.alt ?? 'a picture') };
      const before = leaves[element.from - 1];
      const parted = first !== undefined && before !== undefined && before.page < first.page && before.roles.includes('Caption');
      return [
        ...(element.alt ? [] : [{ ...name, problem: 'has no alternative text' }]),
        // What has a title in it holds drawings, and may break between them.
        ...(!element.children.includes('Caption') && own.some(({ page }) => page !== first?.page)
          ? [{ ...name, problem: 'is a chart split between pages' }]
          : []),
        ...(parted ? [{ ...name, problem: 'is a chart parted from its title' }] : []),
      ];
    }
    // The head of a table stands again on each of its pages.
    const split = element.role === 'TR' && element.children.includes('TD') && first !== undefined && last !== undefined;
    return split && own.some(({ page }) => page !== first.page)
      ? [{ page: first.page, element: quoted(textOf(element, leaves)), problem: 'is a row split between pages' }]
      : [];
  });
}

function textOf({ from, to }: Tagged, leaves: Structure['leaves']): string {
  return leaves
    .slice(from, to)
    .map(({ text }) => text)
    .join(' ');
}

function quoted(text: string): string {
  const short = text.replace(/\s+/g, ' ').trim();
  return short === '' ? 'an element without text' : `"${short.length > 60 ? `${short.slice(0, 59).toWellFormed()}…` : short}"`;
}
