import type { ChartConfiguration, ChartOptions, Plugin } from 'chart.js';
import type { Cell } from '../analyse/kpi.ts';
import type { ReadSeries } from './read.ts';
import type { Format } from './format.ts';
import { seenLength } from '../words/index.ts';
import { roles } from './svg.ts';

export interface Plot {
  config: ChartConfiguration;
  width: number;
  height: number;
  /** Drawn from the right, as a list is read there. */
  mirrored: boolean;
}

/** What to draw, and how large it may be. `max` is given where several panels must share a scale. */
export interface Sketch {
  series: ReadSeries;
  width: number;
  format: Format;
  max?: number;
  /** Without axes and words, to stand in a line of text. */
  spark?: boolean;
}

/** More than four groups are unreadable in one chart; the data table has all of them. */
export const mostGroups = 4;
export const groupColours = [roles.c1, roles.c2, roles.c3, roles.c4] as const;

/** The page's own fonts: measured in others, Chinese and Japanese would come out half as wide as they are drawn. */
export const fontFamily =
  '"Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans CJK JP", "Noto Color Emoji", "DejaVu Sans", sans-serif';

/** About how wide a text is drawn at 12 px: Chinese, Japanese and Korean letters fill a square, others a bit more than half of it. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += wideLetter.test(letter) ? 12.6 : seenLength(letter) * 7.2;
  return width;
}

const wideLetter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u;

export interface Padding {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What all plots have in common: no legend, no events, the report's font; from the right where it is read from there, time as well. */
export function frame(
  size: Pick<Plot, 'width' | 'height'>,
  { dir }: Format['language'],
  padding: Padding,
  config: { type: 'bar' | 'line'; data: ChartConfiguration['data']; options: ChartOptions; plugin: Plugin },
): Plot {
  const options: ChartOptions = {
    ...config.options,
    events: [],
    layout: { padding },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    font: { family: fontFamily, size: 12 },
  };
  return { config: { type: config.type, data: config.data, options, plugins: [config.plugin] }, ...size, mirrored: dir === 'rtl' };
}

/** The figure of a cell, or null where there is none; Chart.js leaves a gap for null. */
export function valueIn(cell: Cell | undefined): number | null {
  return cell === undefined || cell.status === 'no-data' ? null : cell.value;
}

/** Whether no figure of a series is complete; marking each of them would then tell nothing apart. */
export function partialThroughout({ groups }: ReadSeries): boolean {
  return groups.every(({ cells }) => cells.every(({ status }) => status !== 'ok'));
}
