import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadSeries } from './read.ts';
import { describe } from './alt.ts';
import type { Look } from './chart.ts';
import type { Plot } from './frame.ts';
import { plot } from './plots.ts';
import { type Role, roles } from './svg.ts';

/** A chart as pixels, for a mail: what reads mail shows no SVG. `width` and `height` are CSS pixels, half of its own. */
export interface Picture {
  png: Buffer;
  alt: string;
  width: number;
  height: number;
}

export type RenderPicture = (series: ReadSeries, look: Omit<Look, 'id'>) => Picture;

/** Screens show two pixels for one of a page's, and a picture cannot be drawn again there. */
const sharpness = 2;

/** Loads what draws; one instance serves all charts, as each new one would keep Chart.js a second time. */
export function loadPictures(): Promise<RenderPicture> {
  pictures ??= openPictures();
  return pictures;
}

let pictures: Promise<RenderPicture> | undefined;

async function openPictures(): Promise<RenderPicture> {
  const draw = await openSheet(await lightColours());
  return (series, look) => {
    const drawn = plot({ series, ...look });
    return { png: draw(drawn), alt: describe(series, look.format), width: drawn.width, height: drawn.height };
  };
}

async function openSheet(colours: ReadonlyMap<string, string>): Promise<(drawn: Plot) => Buffer> {
  const { ChartJSNodeCanvas } = await import('chartjs-node-canvas');
  let size = { width: 1, height: 1 };
  class PngNodeCanvas extends ChartJSNodeCanvas {
    constructor() {
      super(size);
      const create = this._createCanvas as unknown as CreateCanvas; // its types describe node-canvas
      const hatch = hatchedTile(create(12, 12), colours.get(roles.c4) ?? '');
      Object.defineProperty(this, '_createCanvas', { value: () => paintedCanvas(create(size.width, size.height), colours, hatch) });
    }
  }
  const charts = new PngNodeCanvas();
  return ({ width, height, config, mirrored }) => {
    size = { width, height };
    const sharp = { ...config, options: { ...config.options, devicePixelRatio: sharpness } };
    sharp.plugins = [...(config.plugins ?? []), whiteSheet, ...(mirrored ? [turnedSheet] : [])];
    return charts.renderToBufferSync(sharp, 'image/png');
  };
}

/** Dark lines on nothing would vanish where a mail is shown on black. */
const whiteSheet = {
  id: 'sheet',
  beforeDraw(chart: { ctx: unknown; width: number; height: number }) {
    const context = chart.ctx as Context; // Chart.js describes the browser's; what is used of it is the same
    context.fillStyle = roles.paper;
    context.fillRect(0, 0, chart.width, chart.height);
  },
};

/** Only what has no words in it is drawn for a mail, so that all of it may be turned. */
const turnedSheet = {
  id: 'turned',
  beforeDraw({ ctx, width }: { ctx: unknown; width: number }) {
    (ctx as Context).transform(-1, 0, 0, 1, width, 0); // as above
  },
};

type CreateCanvas = (width: number, height: number) => Canvas;

interface Canvas {
  getContext(kind: '2d'): Context;
}

/** What is used here of a canvas's drawing context. */
interface Context {
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  createPattern(tile: Canvas, repeat: 'repeat'): unknown;
}

/** A canvas on which the roles of `svg.ts` have the colours of the light page. */
function paintedCanvas(canvas: Canvas, colours: ReadonlyMap<string, string>, hatch: Canvas): Canvas {
  const context = canvas.getContext('2d');
  const pattern = context.createPattern(hatch, 'repeat');
  for (const property of ['fillStyle', 'strokeStyle'] as const) {
    const native = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(context), property);
    Object.defineProperty(context, property, {
      get: () => native?.get?.call(context),
      set: (wanted: unknown) => {
        const role = typeof wanted === 'string' ? wanted.toUpperCase() : '';
        native?.set?.call(context, role === roles.hatch ? pattern : (colours.get(role) ?? wanted));
      },
    });
  }
  return canvas;
}

function hatchedTile(tile: Canvas, colour: string): Canvas {
  const context = tile.getContext('2d');
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (const start of [-12, 0, 12]) {
    context.moveTo(start, 12);
    context.lineTo(start + 12, 0);
  }
  context.stroke();
  return tile;
}

const named: Partial<Record<Role, string>> = { grid: 'line', paper: 'page' };

/** The stylesheet's own light colours by their marks, so that a mail and a page look alike. */
async function lightColours(): Promise<Map<string, string>> {
  const css = await readFile(join(import.meta.dirname, '../../templates/report.css'), 'utf8');
  const light = css.slice(0, css.indexOf('}'));
  const colours = new Map<string, string>();
  for (const [role, mark] of Object.entries(roles)) {
    if (role === 'hatch') continue; // a pattern, drawn above
    const name = named[role as Role] ?? role; // the entries of `roles` have no other keys
    const colour = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(light)?.[1];
    if (colour === undefined) throw new Error(`report.css has no light colour for ${name}`);
    colours.set(mark, colour);
  }
  return colours;
}
