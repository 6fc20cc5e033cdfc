import type { ReadSeries } from './read.ts';
import { describe } from './alt.ts';
import type { Format } from './format.ts';
import type { Plot } from './frame.ts';
import { type Measure, type Pencil, takePencil } from './pencil.ts';
import { plot } from './plots.ts';
import { drawnLater, type DrawnText, type Svg } from './svg.ts';

/** One chart, ready for a page. */
export interface Drawing {
  svg: Svg;
  alt: string;
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
    const alt = describe(series, look.format);
    const svg = drawnLater(() => {
      const drawn = plot({ series, ...look });
      const { width, height, mirrored } = drawn;
      return { ...draw(drawn), frame: { id, alt, width, height, mirrored } };
    });
    return { svg, alt };
  };
}

type Draw = (drawn: Plot) => { raw: string; texts: DrawnText[] };

async function openSheet(): Promise<Draw> {
  const { ChartJSNodeCanvas } = await import('chartjs-node-canvas');
  let pencil: Pencil | undefined;
  let size = { width: 1, height: 1 };
  class SvgNodeCanvas extends ChartJSNodeCanvas {
    constructor() {
      super(size);
      const create = this._createCanvas as unknown as CreateCanvas; // its types describe node-canvas
      const measure = measureWith(create(1, 1).getContext('2d'));
      const value = () => {
        pencil = takePencil(size, measure);
        return pencil.canvas;
      };
      Object.defineProperty(this, '_createCanvas', { value });
    }
  }
  const charts = new SvgNodeCanvas();
  return ({ width, height, config }) => {
    size = { width, height };
    const raw = charts.renderToBufferSync(config, 'image/svg+xml').toString();
    return { raw, texts: pencil?.texts ?? [] };
  };
}

type CreateCanvas = (width: number, height: number) => { getContext(kind: '2d'): Gauge };

/** What a real canvas is needed for: it knows how wide letters are. */
interface Gauge {
  font: string;
  measureText(text: string): { width: number };
}

function measureWith(gauge: Gauge): Measure {
  let set = '';
  return (text, font) => {
    if (font !== set) gauge.font = font;
    set = font;
    return gauge.measureText(text);
  };
}
