import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ILoader } from 'nunjucks';
import { once } from '../once.ts';
import { brandCss, pageNumbersCss } from './brand.ts';
import { logoMarkup } from './logo.ts';
import type { ReportModel } from './model.ts';
import { markupOf } from './svg.ts';

/** Templates are code: they come from the package and from nowhere else. */
const templates = join(import.meta.dirname, '../../templates');

/** A page whose drawings for a phone are still to be drawn: paper has no use for them, so a browser can print meanwhile. */
export interface Page {
  forPaper: string;
  /** Lets others go on between two drawings. */
  whole(): Promise<string>;
}

/**
 * One self-contained page without script. Its content policy forbids everything but its own stylesheet, whose hash it
 * names. @throws when a template asks for something the model does not have.
 */
export async function renderHtml(model: ReportModel): Promise<Page> {
  const { environment, aside } = await templatesRead();
  // Rendering is done in one go: no other page comes in between.
  aside.css = brandCss(model.colour) + pageNumbersCss(model.digits, model.say);
  aside.later = [];
  const forPaper = environment.render(`${model.reader}.njk`, { ...model, styleHash: styleHash(aside.css) });
  const { later } = aside;
  return {
    forPaper,
    async whole() {
      for (const drawing of later) {
        await setImmediate();
        markupOf(drawing);
      }
      // Escaped text has no such mark in it.
      return forPaper.replace(/<later (\d+)>/g, (_, number: string) => markupOf(later[Number(number)]));
    },
  };
}

/** Reads and compiles all templates, which takes longer than to fill in a page. */
export const templatesRead = once(async () => {
  const { default: nunjucks } = await import('nunjucks');
  /** Of the page that is being rendered: its client's stylesheet, and what is drawn when it is there. */
  const aside: { css: string; later: unknown[] } = { css: '', later: [] };
  const environment = new nunjucks.Environment([brandSheet(aside), new nunjucks.FileSystemLoader(templates)], {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  // The only ways past the escaping, and only for what `finishSvg` and the encoder of logos made.
  environment.addFilter('drawing', (value: unknown) => new nunjucks.runtime.SafeString(markupOf(value)));
  environment.addFilter('later', (value: unknown) => new nunjucks.runtime.SafeString(`<later ${aside.later.push(value) - 1}>`));
  environment.addFilter('logo', (value: unknown) => new nunjucks.runtime.SafeString(logoMarkup(value)));
  for (const name of ['layout', 'manager', 'client', 'engineer', 'parts/macros', 'parts/first']) {
    await setImmediate(); // a browser may be starting, and have questions
    environment.getTemplate(`${name}.njk`, true);
  }
  return { environment, aside };
});

/** The client's own colour as a stylesheet to include, so that the page needs no style attribute. */
function brandSheet(brand: { css: string }) {
  const getSource = (name: string) => (name === 'brand.css' ? { src: brand.css, path: name, noCache: true } : null);
  return { getSource } as unknown as ILoader; // null: not here
}

/** The page has the stylesheets in one element, byte by byte. */
function styleHash(brand: string): string {
  const hash = createHash('sha256');
  for (const name of ['report.css', 'print.css']) hash.update(readFileSync(join(templates, name)));
  hash.update(brand);
  return `sha256-${hash.digest('base64')}`;
}
