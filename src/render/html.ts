import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportModel } from './model.ts';
import { markupOf } from './svg.ts';

/** Templates are code: they come from the package and from nowhere else. */
const templates = join(import.meta.dirname, '../../templates');

/**
 * One self-contained page without script. Its content policy forbids everything but its own stylesheet, whose hash it
 * names. @throws when a template asks for something the model does not have.
 */
export async function renderHtml(model: ReportModel): Promise<string> {
  const { default: nunjucks } = await import('nunjucks');
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(templates), {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  // The only way past the escaping, and only for what `finishSvg` made.
  environment.addFilter('drawing', (value: unknown) => new nunjucks.runtime.SafeString(markupOf(value)));
  return environment.render(`${model.reader}.njk`, { ...model, styleHash: styleHash() });
}

/** The page has the two stylesheets in one element, byte by byte. */
function styleHash(): string {
  const hash = createHash('sha256');
  for (const name of ['report.css', 'print.css']) hash.update(readFileSync(join(templates, name)));
  return `sha256-${hash.digest('base64')}`;
}
