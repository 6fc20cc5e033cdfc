import { checkPdf, type Flaw, noGlyph } from './gate/index.ts';
import type { PageHeader } from './page-lines.ts';
import type { Printer } from './pdf.ts';

/** A printed report with what a reader would stumble over in it; `harmless` flaws hold nothing. */
export interface Printed {
  pdf: Buffer;
  flaws: Flaw[];
}

/**
 * Prints a report and checks it. A character that no installed font can draw would be an empty box: it is printed as its code
 * point, "[U+10330]", and told. Whoever may write a title must not be able to hold a report with a letter.
 */
export async function printChecked(printer: Printer, html: string, header: PageHeader, limit: number): Promise<Printed> {
  const print = async (page: string, head: PageHeader): Promise<Printed> => {
    const flaws: Flaw[] = [];
    const pdf = await printer.print(page, head, flaws);
    return { pdf, flaws: [...flaws, ...checkPdf(pdf, limit)] };
  };
  const first = await print(html, header);
  if (!first.flaws.some(({ problem }) => problem === noGlyph)) return first;
  const { client, report, notice } = header;
  const undrawn = await printer.undrawn(foreignIn([html, client.name, report.title, String(notice ?? '')].join(' ')));
  if (undrawn.length === 0) return first;
  const spelled = (text: string) => text.replace(new RegExp(`[${undrawn.join('')}]`, 'gu'), (character) => `[${codeOf(character)}]`);
  const head = {
    ...header,
    client: { ...client, name: spelled(client.name) },
    report: { ...report, title: spelled(report.title) },
    ...(notice === undefined ? {} : { notice: spelled(notice) }),
  };
  const second = await print(spelled(html), head);
  return { pdf: second.pdf, flaws: [...second.flaws, told(undrawn)] };
}

/** Every character that a page has beyond ASCII, once. None of them has a meaning in markup. */
function foreignIn(text: string): string[] {
  return [...new Set(text.match(/[^\p{ASCII}\s]/gu) ?? [])];
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const mostNamed = 5;

function told(undrawn: readonly string[]): Flaw {
  const named = undrawn.slice(0, mostNamed).map(codeOf).join(', ');
  const rest = undrawn.length > mostNamed ? ` and ${undrawn.length - mostNamed} more` : '';
  const problem =
    'is in no installed font and was printed as its number; install a font that has it, e.g. fonts-noto-core or fonts-noto-extra';
  return { element: `${named}${rest}`, problem, harmless: true };
}
