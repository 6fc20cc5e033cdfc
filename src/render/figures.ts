import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import type { Kpi, Unit } from '../analyse/kpi.ts';
import { hasValue } from '../outcome.ts';
import type { Format, Shown } from './format.ts';
import { visible } from './visible.ts';

/** One KPI in words. Empty texts where there is nothing to say. */
export interface FigureView {
  id: string;
  name: string;
  question: string;
  shown: Shown;
  /** Why it is incomplete, where that is not what the top of the page says of the whole report. */
  incompleteBecause: string;
  /** "3.4–5.2%", the 95% interval. */
  interval: string;
  n: string;
  previous: string;
  change: string;
  /** Which way the change points; a shape beside the words, never a colour alone. */
  trend: 'up' | 'down' | 'same' | 'none';
  target: string;
  /** Does the value reach its target? Unknown where the interval holds both answers. */
  assurance: 'met' | 'missed' | 'unclear' | 'none';
  notes: string[];
}

export function figureView(
  entry: KpiEntry,
  { definition, marked, format }: { definition: Omit<Kpi, 'compute'> | undefined; marked: string | undefined; format: Format },
): FigureView {
  const unit = entry.unit as Unit; // the contract writes Unit as a text
  const low = 'low' in entry ? entry.low : undefined;
  const high = 'high' in entry ? entry.high : undefined;
  return {
    id: entry.id,
    name: visible(entry.name),
    question: definition === undefined ? '' : visible(definition.question),
    shown: format.outcome(entry, unit),
    incompleteBecause: entry.status === 'partial' && entry.reason !== marked ? visible(entry.reason) : '',
    interval: low === undefined || high === undefined ? '' : format.range(low, high, unit),
    // A count of 41 made of 41 findings needs saying once.
    n: entry.n === undefined || (unit === 'count' && hasValue(entry) && entry.value === entry.n) ? '' : format.quantity(entry.n, 'count'),
    previous: entry.previous === undefined ? '' : format.outcome(entry.previous, unit).text,
    change: entry.change === undefined ? '' : visible(entry.change),
    trend: trendOf(entry.change),
    target: entry.target === undefined ? '' : format.quantity(entry.target, unit),
    assurance: assuranceOf(entry, definition),
    notes: entry.notes.map(visible),
  };
}

function trendOf(change: string | undefined): FigureView['trend'] {
  if (change === undefined) return 'none';
  if (/\brose\b/.test(change)) return 'up';
  if (/\bfell\b/.test(change)) return 'down';
  return /\bno clear change\b/.test(change) ? 'same' : 'none';
}

function assuranceOf(entry: KpiEntry, definition: Omit<Kpi, 'compute'> | undefined): FigureView['assurance'] {
  const direction = definition?.direction;
  if (entry.target === undefined || !hasValue(entry) || (direction !== 'up' && direction !== 'down')) return 'none';
  if (entry.status === 'partial') return 'unclear';
  const { target } = entry;
  const reaches = (value: number) => (direction === 'up' ? value >= target : value <= target);
  const ends = [entry.low ?? entry.value, entry.high ?? entry.value];
  if (ends.every(reaches)) return 'met';
  return ends.some(reaches) ? 'unclear' : 'missed';
}

/** "Time to close: 2 h 10 min (95% interval 1 h 57 min–2 h 23 min, n = 1,720), clearly fell by 30 %." */
export function takeaway(figure: FigureView): string {
  const details = [figure.interval && `95% interval ${figure.interval}`, figure.n && `n = ${figure.n}`].filter(Boolean).join(', ');
  const value = figure.shown.status === 'unknown' || details === '' ? figure.shown.text : `${figure.shown.text} (${details})`;
  const before = figure.previous && `${figure.previous} in the period before`;
  const compared =
    figure.trend === 'none' ? [before, figure.change] : [figure.change && before ? `${figure.change} against ${before}` : figure.change];
  return `${[`${figure.name}: ${value}`, ...compared].filter(Boolean).join('; ')}.`;
}

/** The first figures of each chapter in turn, so that a short list still speaks of everything. */
export function headlines(analysis: Analysis, most: number): string[] {
  const chapters = analysis.chapters.filter(({ id }) => id !== 'data');
  const deepest = Math.max(...chapters.map(({ kpis }) => kpis.length), 0);
  const picked: string[] = [];
  for (let turn = 0; turn < deepest; turn++) {
    for (const { kpis } of chapters) {
      const id = kpis[turn];
      if (id !== undefined && picked.length < most) picked.push(id);
    }
  }
  const order = chapters.flatMap(({ kpis }) => kpis);
  return picked.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
