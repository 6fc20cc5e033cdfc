import { contrast, lighten } from '../colour.ts';
import type { Format } from './format.ts';

const darkPage = '#12171e';

/** The client's colour for print and light pages, and as light as dark pages need it. Empty for the report's own. */
export function brandCss(colour: string): string {
  if (colour === '') return '';
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new TypeError(`${colour} is no colour of the form #rrggbb`);
  let light = colour;
  for (let part = 0; contrast(light, darkPage) < 4.5; part += 0.1) light = lighten(colour, part);
  return (
    `:root{--brand:${colour}}` + `@media (prefers-color-scheme:dark){:root{--brand:${light}}}` + `@media print{:root{--brand:${colour}}}`
  );
}

/** Digits for which the browser itself can count pages, by CLDR's name. */
const counters: Readonly<Record<string, string>> = {
  arab: 'arabic-indic',
  arabext: 'persian',
  deva: 'devanagari',
  beng: 'bengali',
  thai: 'thai',
};

/** How pages are counted where its own line at their foot, which knows Latin digits only, cannot. */
export const counterOf = (digits: string): string | undefined => counters[digits];

/** "page 1 of 8" in the reader's digits, in the middle of each page's foot. Empty where the line at the foot says it. */
export function pageNumbersCss(digits: string, say: Format['say']): string {
  const counter = counterOf(digits);
  if (counter === undefined) return '';
  const content = say('page {page} of {pages}', { page: '\ue000', pages: '\ue001' })
    .split(/([\ue000\ue001])/)
    .map((part) => (part === '\ue000' ? `counter(page,${counter})` : part === '\ue001' ? `counter(pages,${counter})` : quoted(part)))
    .join(' ');
  return `@page{@bottom-center{content:${content};font:7.5pt 'Noto Sans','Noto Sans Arabic',sans-serif;color:#4d5866}}`;
}

/** As a string of CSS: letters, blanks and what has no meaning there stay, all else by its code. */
function quoted(text: string): string {
  return `"${text.replace(/[^\p{L}\p{N} ]/gu, (character) => `\\${character.codePointAt(0)?.toString(16)} `)}"`;
}
