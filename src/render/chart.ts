import type { ReadSeries } from './read.ts';
import { describe } from './alt.ts';
import type { Format } from './format.ts';
import type { Plot } from './frame.ts';
import { plot } from './plots.ts';
import { type DrawnText, finishSvg, type Svg } from './svg.ts';

/** One chart, ready for a page. */
export interface Drawing {
  svg: Svg;
  alt: string;
  width: number;
  height: number;
}

export interface Look {
  /** Unique in the page: letters, digits, hyphens. */
  id: string;
  /** In CSS pixels, at most 720. Text keeps its size, so a phone gets a drawing of its own. */
  width: number;
  format: Format;
  /** The end of the value scale, where several panels must share one. */
  max?: number;
  /** Without axes and words, to stand in a line of text. */
  spark?: boolean;
}

export type RenderChart = (series: ReadSeries, look: Look) => Drawing;

/**
 * Loads Chart.js and its canvas (0.2 s cold, so only where a report is rendered). One instance serves all charts and
 * sizes, because each new one loads Chart.js again and keeps it; only its canvas is made to measure.
 */
export function loadCharts(): Promise<RenderChart> {
  charts ??= openCharts();
  return charts;
}

let charts: Promise<RenderChart> | undefined;

async function openCharts(): Promise<RenderChart> {
  const draw = await openSheet();
  return (series, { id, ...look }) => {
    const drawn = plot({ series, ...look });
    const alt = describe(series, look.format);
    const { raw, texts } = draw(drawn);
    const size = { width: drawn.width, height: drawn.height };
    return { svg: finishSvg(raw, texts, { id, alt, ...size, mirrored: drawn.mirrored }), alt, ...size };
  };
}

type Draw = (drawn: Plot) => { raw: string; texts: DrawnText[] };

async function openSheet(): Promise<Draw> {
  const { ChartJSNodeCanvas } = await import('chartjs-node-canvas');
  let size = { width: 1, height: 1 };
  let texts: DrawnText[] = [];
  class SvgNodeCanvas extends ChartJSNodeCanvas {
    constructor() {
      super(size);
      // The canvas behind the package is not node-canvas (see `overrides` in package.json): it wants a flag, not the word "svg".
      const create = this._createCanvas as unknown as CreateCanvas; // its types describe node-canvas
      const value = () => recordingCanvas(create(size.width, size.height, plainSvg), (text) => texts.push(text));
      Object.defineProperty(this, '_createCanvas', { value });
    }
  }
  const charts = new SvgNodeCanvas();
  return ({ width, height, config }) => {
    size = { width, height };
    texts = [];
    const raw = charts.renderToBufferSync(config, 'image/svg+xml').toString();
    return { raw, texts };
  };
}

/** SvgExportFlag.NoPrettyXML of @napi-rs/canvas; with any such flag a canvas records SVG instead of pixels. */
const plainSvg = 2;

type CreateCanvas = (width: number, height: number, flag: number) => SvgCanvas;

interface SvgCanvas {
  width: number;
  height: number;
  getContext(kind: '2d'): Context;
  getContent(): Buffer;
}

/** What is used here of a canvas's drawing context. */
interface Context {
  font: string;
  fillStyle: string;
  textAlign: string;
  textBaseline: string;
  getTransform(): { e: number; f: number };
  fillText(text: string, x: number, y: number): void;
  strokeText(): void;
  setLineDash(): void;
}

/** Keeps texts apart: written as SVG by this canvas they lose every letter outside the first font. */
function recordingCanvas(canvas: SvgCanvas, onText: (text: DrawnText) => void): object {
  const context = canvas.getContext('2d');
  context.fillText = (text, x, y) => {
    if (text !== '') onText(placeText(context, text, x, y));
  };
  context.strokeText = () => {};
  // A dash becomes hundreds of small rectangles; the stylesheet dashes lines by their class.
  context.setLineDash = () => {};
  // Chart.js sets the size it already has, which would build the native canvas a second time.
  const size = { width: { value: canvas.width, writable: true }, height: { value: canvas.height, writable: true } };
  return Object.assign(Object.defineProperties(canvas, size), { getContext: () => context, toBuffer: () => canvas.getContent() });
}

const anchors: Record<string, DrawnText['anchor']> = { center: 'middle', right: 'end', end: 'end' };
/** From a baseline of the canvas to SVG's alphabetic one, in parts of the font size. */
const baselines: Record<string, number> = { middle: 0.35, top: 0.9, hanging: 0.9, bottom: -0.2 };

function placeText(context: Context, text: string, x: number, y: number): DrawnText {
  const { e, f } = context.getTransform();
  const size = Number(/([\d.]+)px/.exec(context.font)?.[1]);
  const shift = (baselines[context.textBaseline] ?? 0) * size;
  const bold = /bold|\b[67]00\b/.test(context.font);
  return { text, x: x + e, y: y + f + shift, size, bold, anchor: anchors[context.textAlign] ?? 'start', colour: context.fillStyle };
}
