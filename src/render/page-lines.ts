import type { Analysis } from '../analyse/analysis.ts';
import { shorten } from './alt.ts';
import { counterOf } from './brand.ts';
import { createFormat, type Format } from './format.ts';
import { type Branding, tlpOf } from './model.ts';
import { escapeMarkup } from './svg.ts';
import type { Language } from '../words/index.ts';

/** What stands at the head and foot of every page; an Analysis has it all. */
export type PageHeader = Pick<Analysis, 'client' | 'report' | 'period' | 'as_of' | 'notice'> &
  Branding & { paper?: Paper; locale: string | Language };

export type Paper = 'A4' | 'Letter';

/** In mm, of the margins at the sides of the paper. */
export const side = 16;

const line =
  `width:100%;margin:0 ${side}mm;` +
  'font:7.5pt "Noto Sans","Noto Sans Arabic","Noto Sans Hebrew","Noto Sans CJK JP",sans-serif;color:#4d5866;' +
  'display:flex;justify-content:space-between;align-items:baseline;gap:8mm';

export function headerLine(header: PageHeader): string {
  const format = createFormat(header.locale, header.period.zone);
  const left = [header.client.name, header.report.title].map((name) => short(format.words(name))).join(' · ');
  const right = [
    format.span(header.period.start, header.period.end),
    ...(header.notice === undefined ? [] : [format.words(header.notice)]),
  ];
  return `<div dir="${format.language.dir}" style='${line}'><span>${left}</span><span>${right.map(short).join(' · ')}${mark(header.classification, format)}</span></div>`;
}

export function footerLine(header: PageHeader): string {
  const format = createFormat(header.locale, header.period.zone);
  const left = short(format.say('Data as of {asOf}, {zone}', { asOf: format.instant(header.as_of), zone: header.period.zone }));
  // Where the page's own style counts them.
  if (counterOf(format.language.digits) !== undefined)
    return `<div dir="${format.language.dir}" style='${line}'><span>${left}</span><span>${mark(header.classification, format)}</span></div>`;
  // The browser puts in the numbers; the marks that stand for them cannot occur in a message.
  const pages = escapeMarkup(format.say('page {page} of {pages}', { page: '\u0001', pages: '\u0002' }))
    .replace('\u0001', '<span class="pageNumber"></span>')
    .replace('\u0002', '<span class="totalPages"></span>');
  return `<div dir="${format.language.dir}" style='${line}'><span>${left}</span><span>${pages}${mark(header.classification, format)}</span></div>`;
}

/** The Traffic Light Protocol wants its mark at head and foot of each page, in its own colour on black: https://www.first.org/tlp/ */
const tlpColours: Record<string, string> = { red: '#ff2b2b', amber: '#ffc000', green: '#33ff00', clear: '#ffffff' };

function mark(classification: string | undefined, format: Format): string {
  if (classification === undefined) return '';
  const colour = tlpColours[tlpOf(classification)];
  const look = colour === undefined ? '' : `;background:#000;color:${colour};-webkit-print-color-adjust:exact`;
  return `<b style='margin-inline-start:3mm;padding:0.3mm 1.5mm;font-size:${colour === undefined ? 7.5 : 10}pt${look}'>${short(format.words(classification))}</b>`;
}

function short(text: string): string {
  return escapeMarkup(shorten(text, 70));
}
