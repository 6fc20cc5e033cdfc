import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, ILoader } from 'nunjucks';
import { brandCss } from './brand.ts';
import { logoMarkup } from './logo.ts';
import type { ReportModel } from './model.ts';
import { markupOf } from './svg.ts';

/** Templates are code: they come from the package and from nowhere else. */
const templates = join(import.meta.dirname, '../../templates');

/**
 * One self-contained page without script. Its content policy forbids everything but its own stylesheet, whose hash it
 * names. @throws when a template asks for something the model does not have.
 */
export async function renderHtml(model: ReportModel): Promise<string> {
  const brand = brandCss(model.colour);
  const environment = compiled.get(brand) ?? (await readTemplates(brand));
  return environment.render(`${model.reader}.njk`, { ...model, styleHash: styleHash(brand) });
}

/** By the client's colour: a page whose templates are compiled already takes a third of the time. */
const compiled = new Map<string, Environment>();

async function readTemplates(brand: string): Promise<Environment> {
  const { default: nunjucks } = await import('nunjucks');
  const environment = new nunjucks.Environment([brandSheet(brand), new nunjucks.FileSystemLoader(templates)], {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  // The only ways past the escaping, and only for what `finishSvg` and the encoder of logos made.
  environment.addFilter('drawing', (value: unknown) => new nunjucks.runtime.SafeString(markupOf(value)));
  environment.addFilter('logo', (value: unknown) => new nunjucks.runtime.SafeString(logoMarkup(value)));
  compiled.set(brand, environment);
  return environment;
}

/** The client's own colour as a stylesheet to include, so that the page needs no style attribute. */
function brandSheet(css: string) {
  return { getSource: (name: string) => (name === 'brand.css' ? { src: css, path: name, noCache: true } : null) } as unknown as ILoader; // null: not here
}

/** The page has the stylesheets in one element, byte by byte. */
function styleHash(brand: string): string {
  const hash = createHash('sha256');
  for (const name of ['report.css', 'print.css']) hash.update(readFileSync(join(templates, name)));
  hash.update(brand);
  return `sha256-${hash.digest('base64')}`;
}
