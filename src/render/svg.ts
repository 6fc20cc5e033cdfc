import { runsLeft, setDataApart } from '../words/index.ts';

/**
 * From the canvas's own SVG to one that may stand in a page: colours become classes (so that dark mode and print can
 * recolour them), ids become unique and repeatable, numbers short, and nothing passes that is not plain drawing.
 */

/** Colours are written as roles; the stylesheet decides what they look like. Values are only marks to find them by. */
export const roles = {
  ink: '#0A0B1C',
  muted: '#0A0B2C',
  grid: '#0A0B3C',
  paper: '#0A0B4C',
  c1: '#0A0B5C',
  c2: '#0A0B6C',
  c3: '#0A0B7C',
  c4: '#0A0B8C',
  target: '#0A0B9C',
  pale: '#0A0BBC',
  hatch: '#0A0BAC',
} as const;
export type Role = keyof typeof roles;

const roleOf = new Map<string, Role>();
for (const [role, colour] of Object.entries(roles)) roleOf.set(colour, role as Role); // the entries of `roles` have no other keys

/** A piece of text as the chart wanted it drawn. Kept apart, because the canvas loses Arabic and CJK letters in its SVG. */
export interface DrawnText {
  text: string;
  x: number;
  y: number;
  size: number;
  bold: boolean;
  anchor: 'start' | 'middle' | 'end';
  colour: string;
}

/**
 * Markup that is known to be safe. Only `drawnLater` makes one, so a template cannot be given any other. It is drawn when it is first
 * asked for: what no page takes is never drawn.
 */
class Drawn {
  readonly #draw: () => string;
  #markup: string | undefined;
  constructor(draw: () => string) {
    this.#draw = draw;
  }
  static markup(value: unknown): string {
    if (!(value instanceof Drawn)) throw new TypeError('only a drawing of our own may stand in a page unescaped');
    value.#markup ??= value.#draw();
    return value.#markup;
  }
}
export type Svg = Drawn;

/** The markup of a drawing. @throws TypeError for anything else. */
export const markupOf = Drawn.markup;

/** What the canvas draws, finished. */
export function drawnLater(draw: () => { raw: string; texts: readonly DrawnText[]; frame: SvgFrame }): Svg {
  return new Drawn(() => {
    const { raw, texts, frame } = draw();
    return finishSvg(raw, texts, frame);
  });
}

export interface SvgFrame {
  /** Unique in the page: letters, digits and hyphens. */
  id: string;
  width: number;
  height: number;
  /** What the picture says, for those who do not see it. */
  alt: string;
  /** What was drawn at the left stands at the right; texts are not turned. */
  mirrored?: boolean;
}

/** @throws Error when the canvas drew anything but plain shapes in the colours of `roles`. */
export function finishSvg(raw: string, texts: readonly DrawnText[], frame: SvgFrame): string {
  const open = raw.indexOf('>', raw.indexOf('<svg')) + 1;
  const shapes = raw
    .slice(open, raw.lastIndexOf('</svg>'))
    .replace(/(fill|stroke)="(#[0-9A-Fa-f]+|[a-z]+)"/g, (_, property: string, colour: string) => paint(property, colour, frame.id));
  assertPlain(shapes);
  const names = new Map<string, string>();
  // The canvas numbers its clip paths through the whole process; a page needs numbers that depend on the chart alone.
  const body = shapes.replace(/\bcl_\w+/g, (name) => names.get(name) ?? remember(names, name, `${frame.id}-k${names.size}`));
  const hatch = body.includes(`${frame.id}-h)`) ? hatchPattern(`${frame.id}-h`) : '';
  const words = texts.map((text) => drawText(frame.mirrored === true ? mirror(text, frame.width) : text)).join('');
  const drawn = frame.mirrored === true ? `<g transform="matrix(-1 0 0 1 ${frame.width} 0)">${body}</g>` : body;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}" ` +
    `role="img" aria-label="${escapeMarkup(frame.alt)}">${hatch}${drawn}${words}</svg>`
  );
}

function remember(names: Map<string, string>, name: string, value: string): string {
  names.set(name, value);
  return value;
}

function paint(property: string, colour: string, id: string): string {
  if (colour === 'none') return `${property}="none"`;
  const role = roleOf.get(colour.toUpperCase());
  if (role === undefined) throw new Error(`the chart used ${colour}, which is no colour of the report`);
  if (role === 'hatch') return `${property}="url(#${id}-h)"`;
  return `class="${property === 'fill' ? 'f' : 's'}-${role}"`;
}

function hatchPattern(id: string): string {
  return (
    `<defs><pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    '<path class="s-muted" stroke-width="1.4" d="M0 0V6"/></pattern></defs>'
  );
}

const plainTags = new Set(['path', 'rect', 'g', 'clipPath', 'circle', 'ellipse', 'line', 'polygon', 'polyline']);

function assertPlain(shapes: string): void {
  for (const [, tag] of shapes.matchAll(/<\/?([^\s/>]+)/g)) {
    if (tag === undefined || !plainTags.has(tag)) throw new Error(`a chart may not contain <${tag}>`);
  }
  const attribute = /\s(on\w+|style|href|xlink:href)=/.exec(shapes)?.[1];
  if (attribute !== undefined) throw new Error(`a chart may not have the attribute ${attribute}`);
}

const opposite = { start: 'end', middle: 'middle', end: 'start' } as const;

function mirror(text: DrawnText, width: number): DrawnText {
  // Arabic letters reach a bit beyond the end they are anchored at.
  return { ...text, x: Math.min(width - text.x, width - 3), anchor: opposite[text.anchor] };
}

function drawText(text: DrawnText): string {
  // A drawing runs from left to right; a text in it as its own letters do.
  const role = roleOf.get(text.colour.toUpperCase()) ?? 'ink';
  const weight = text.bold ? ' font-weight="600"' : '';
  const anchor = text.anchor === 'start' ? '' : ` text-anchor="${text.anchor}"`;
  return `<text class="f-${role}" x="${round(text.x)}" y="${round(text.y)}" font-size="${text.size}"${weight}${anchor}>${escapeMarkup(runsLeft(text.text) ? setDataApart(text.text) : text.text)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in markup and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
