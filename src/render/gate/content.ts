import { isReference, type Dictionary, type Objects, type Value } from './objects.ts';

/** What a page paints: per marked piece its text, and whether a glyph was missing in it. */
export interface PageContent {
  number: number;
  /** By its mark; painted without a mark (running heads, decoration) is "". */
  texts: Map<number, string>;
  /** Marks of pieces in which a character was drawn as the box for "no such glyph"; -1 is what has no mark. */
  missing: Set<number>;
}

interface Letters {
  bytes: 1 | 2;
  names: Map<number, string>;
}

/** The pages in order, keyed by their object's number. */
export function readPages(objects: Objects): Map<number, PageContent> {
  const pages = new Map<number, PageContent>();
  const fonts = new Map<number, Letters>();
  for (const reference of pageReferences(objects, objects.catalog.get('/Pages'))) {
    const page = objects.dictionary(reference);
    const resources = objects.dictionary(objects.dictionary(page.get('/Resources')).get('/Font'));
    const letters = (name: string) => lettersOf(objects, resources.get(name), fonts);
    pages.set(isReference(reference) ? reference.object : 0, readContent(objects.stream(page.get('/Contents')), pages.size + 1, letters));
  }
  return pages;
}

function pageReferences(objects: Objects, node: Value | undefined, depth = 0): Value[] {
  const kids = objects.at(objects.dictionary(node).get('/Kids'));
  if (node === undefined || depth > 30) return [];
  return Array.isArray(kids) ? kids.flatMap((kid) => pageReferences(objects, kid, depth + 1)) : [node];
}

const operators = /<<\/MCID (\d+)[^>]*>>\s*BDC|\/Span\s*<<\/ActualText <([\dA-F]+)>\s*>>\s*BDC|\bEMC\b|(\/F\d+) [-\d.]+ Tf|<([\dA-F]+)>/g;

function readContent(stream: string, number: number, letters: (name: string) => Letters): PageContent {
  const texts = new Map<number, string>();
  const missing = new Set<number>();
  let mark = -1;
  let spelled = false; // by the text that its glyphs stand for, as Japanese ones that stand for two letters are
  let font: Letters = { bytes: 2, names: new Map() };
  const add = (text: string) => void (mark >= 0 && texts.set(mark, (texts.get(mark) ?? '') + text));
  for (const [, opened, actual, name, hex] of stream.matchAll(operators)) {
    if (opened !== undefined) {
      mark = Number(opened);
      add('');
    } else if (actual !== undefined) {
      spelled = true;
      add(textOf(actual).replace('\ufeff', ''));
    } else if (name !== undefined) font = letters(name);
    else if (hex === undefined) {
      if (!spelled) mark = -1;
      spelled = false;
    } else {
      const codes = codesIn(hex, font.bytes);
      if (codes.includes(0)) missing.add(mark);
      if (!spelled) add(codes.map((code) => font.names.get(code) ?? '').join(''));
    }
  }
  return { number, texts, missing };
}

/** Hex of UTF-16, the larger byte first. */
function textOf(hex: string): string {
  return Buffer.from(hex, 'hex').swap16().toString('utf16le');
}

function codesIn(hex: string, bytes: 1 | 2): number[] {
  const codes: number[] = [];
  for (let at = 0; at < hex.length; at += bytes * 2) codes.push(Number.parseInt(hex.slice(at, at + bytes * 2), 16));
  return codes;
}

function lettersOf(objects: Objects, reference: Value | undefined, known: Map<number, Letters>): Letters {
  const key = isReference(reference) ? reference.object : -1;
  let letters = known.get(key);
  if (letters === undefined) {
    const font = objects.dictionary(reference);
    letters = { bytes: font.get('/Subtype') === '/Type0' ? 2 : 1, names: charactersOf(objects.stream(font.get('/ToUnicode'))) };
    known.set(key, letters);
  }
  return letters;
}

const mappings = /<([\dA-F]+)>\s*<([\dA-F]+)>(?:\s*<([\dA-F]+)>)?[^\S\n]*\n/gi;

/** From a font's character map: glyph codes to what they stand for. */
function charactersOf(map: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const [section] of map.matchAll(/begin(bfchar|bfrange)[\s\S]*?endbf/g)) {
    for (const [, first = '', second = '', third] of section.matchAll(mappings)) {
      const from = Number.parseInt(first, 16);
      const to = third === undefined ? from : Number.parseInt(second, 16);
      const text = textOf(third ?? second);
      const last = text.codePointAt(text.length - 1) ?? 0;
      for (let code = from; code <= to; code++) names.set(code, text.slice(0, -1) + String.fromCharCode(last + code - from));
    }
  }
  return names;
}

/** Fonts that are named but not in the file. A Type 3 font is drawings, which always are. */
export function unembeddedFonts(objects: Objects, pages: Iterable<number>): string[] {
  const missing = new Set<string>();
  for (const object of pages) {
    const fonts = objects.dictionary(objects.dictionary(objects.dictionary({ object }).get('/Resources')).get('/Font'));
    for (const reference of fonts.values()) {
      const font = objects.dictionary(reference);
      if (font.get('/Subtype') !== '/Type3' && !isEmbedded(objects, font)) missing.add(String(font.get('/BaseFont')).slice(1));
    }
  }
  return [...missing];
}

function isEmbedded(objects: Objects, font: Dictionary): boolean {
  const descendants = objects.at(font.get('/DescendantFonts'));
  const real = Array.isArray(descendants) ? objects.dictionary(descendants[0]) : font;
  const descriptor = objects.dictionary(real.get('/FontDescriptor'));
  return ['/FontFile', '/FontFile2', '/FontFile3'].some((key) => descriptor.has(key));
}
