import type { Analysis, Definition, KpiEntry } from '../analyse/analysis.ts';
import type { Unit } from '../analyse/kpi.ts';
import { hasValue } from '../outcome.ts';
import type { Format, Shown } from './format.ts';
import { message, phrase, type Words } from '../words/index.ts';

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
  /** "3.4–5.2%, n = 1,950": what the figure rests on, where there is one. */
  basis: string;
  /** The same for where there is no room to say once what the range is. */
  basisInFull: string;
  previous: string;
  change: string;
  /** The same where there is little room: without the reason why nothing can be compared, and nothing where the sign of the past says the same. */
  brief: string;
  /** Which way the change points; a shape beside the words, never a colour alone. */
  trend: 'up' | 'down' | 'same' | 'none';
  /** Is it changing, by the control chart of its past? Empty where that has not been asked. */
  variation: { sign: 'steady' | 'worse' | 'better' | 'higher' | 'lower' | 'none'; words: string };
  target: string;
  /** Does it reach its target? Unclear where the interval, or the control chart's limits, hold both answers. */
  assurance: 'met' | 'missed' | 'unclear' | 'none';
  assuranceWords: string;
  notes: string[];
}

export function figureView(
  entry: KpiEntry,
  { definition, marked, format }: { definition: Definition | undefined; marked: Words | undefined; format: Format },
): FigureView {
  const unit = entry.unit as Unit; // the contract writes Unit as a text
  return {
    id: entry.id,
    name: format.words(entry.name),
    question: definition === undefined ? '' : format.words(definition.question),
    shown: format.outcome(entry, unit),
    incompleteBecause: entry.status === 'partial' && String(entry.reason) !== String(marked) ? format.words(entry.reason) : '',
    ...basisOf(entry, unit, format),
    previous: entry.previous === undefined || !hasValue(entry.previous) ? '' : format.outcome(entry.previous, unit).text,
    change: entry.change === undefined ? '' : format.words(entry.change),
    brief: briefly(entry, format),
    trend: trendOf(entry.change),
    variation: {
      sign: entry.variation ?? 'none',
      words: entry.variation === undefined ? '' : format.words(phrase(variations[entry.variation])),
    },
    target: entry.target === undefined ? '' : format.quantity(entry.target, unit),
    ...assuranceOf(entry, definition, format),
    notes: entry.notes.map(format.words),
  };
}

function briefly({ change, variation }: KpiEntry, { say, words }: Format): string {
  const text = String(change ?? '');
  if (text.startsWith('not comparable:')) return say('not comparable');
  if (text.startsWith('nothing to compare with:')) return say('nothing to compare with');
  if (change === undefined || (variation === 'steady' && text.startsWith('no clear change'))) return '';
  return words(change);
}

function basisOf(entry: KpiEntry, unit: Unit, format: Format): Pick<FigureView, 'interval' | 'n' | 'basis' | 'basisInFull'> {
  const { low, high } = { low: undefined, high: undefined, ...entry };
  const interval = low === undefined || high === undefined ? '' : format.range(low, high, unit);
  // A count of 41 made of 41 findings needs saying once.
  const once = unit === 'count' && hasValue(entry) && entry.value === entry.n;
  const n = entry.n === undefined || once ? '' : format.quantity(entry.n, 'count');
  if (!hasValue(entry) || (interval === '' && n === '')) return { interval, n, basis: '', basisInFull: '' };
  // Not on two lines.
  const made = n === '' ? '' : format.say('n = {n}', { n }).replaceAll(' ', '\u00a0');
  const beside = (range: string) => (n === '' ? range : range === '' ? made : format.say('{range}, {made}', { range, made }));
  return {
    interval,
    n,
    basis: beside(interval),
    basisInFull: beside(interval === '' ? '' : format.say('95% interval {range}', { range: interval })),
  };
}

const variations: Record<NonNullable<KpiEntry['variation']>, string> = {
  steady: message('steady'),
  worse: message('getting worse'),
  better: message('improving'),
  higher: message('higher than usual'),
  lower: message('lower than usual'),
};

const assurances = {
  'will-meet': { assurance: 'met', assuranceWords: message('will be met') },
  'hit-or-miss': { assurance: 'unclear', assuranceWords: message('hit or miss') },
  'will-miss': { assurance: 'missed', assuranceWords: message('will be missed') },
} as const;

/** The change in English, as `report.json` has it, is what it is told by. */
function trendOf(said: Words | undefined): FigureView['trend'] {
  if (said === undefined) return 'none';
  const change = String(said);
  if (/\brose\b/.test(change)) return 'up';
  if (/\bfell\b/.test(change)) return 'down';
  return /\bno clear change\b/.test(change) ? 'same' : 'none';
}

function assuranceOf(
  entry: KpiEntry,
  definition: Definition | undefined,
  { say, words }: Format,
): Pick<FigureView, 'assurance' | 'assuranceWords'> {
  if (entry.assurance !== undefined) {
    const { assurance, assuranceWords } = assurances[entry.assurance];
    return { assurance, assuranceWords: words(phrase(assuranceWords)) };
  }
  const direction = definition?.direction;
  if (entry.target === undefined || !hasValue(entry) || (direction !== 'up' && direction !== 'down')) {
    return { assurance: 'none', assuranceWords: '' };
  }
  const { target } = entry;
  const reaches = (value: number) => (direction === 'up' ? value >= target : value <= target);
  const ends = [entry.low ?? entry.value, entry.high ?? entry.value];
  if (entry.status === 'partial' || (ends.some(reaches) && !ends.every(reaches))) {
    return { assurance: 'unclear', assuranceWords: say('cannot be told') };
  }
  return ends.every(reaches) ? { assurance: 'met', assuranceWords: say('met') } : { assurance: 'missed', assuranceWords: say('missed') };
}

/** What a manager asks for first, in the order in which a page says it. Those that are missing make room for the next. */
export const candidates: readonly string[] = [
  ...['VOL-01', 'ESC-01', 'QUA-04', 'QUA-02', 'SLA-01', 'TIM-03', 'TIM-07', 'TIM-05', 'BKL-01', 'LOG-01', 'BKL-04', 'AUT-01'],
  ...['QUA-01', 'RUL-01', 'RUL-07', 'BKL-03', 'VOL-05', 'ENT-01', 'ESC-02', 'TIM-01', 'TIM-06', 'WRK-04', 'VOL-02'],
];

/** The figures of the first page: known ones of the list above, then whatever the chapters have, in the chapters' order. */
export function headlines(analysis: Analysis, most: number): string[] {
  const order = analysis.chapters.flatMap(({ kpis }) => kpis);
  const known = (id: string) => {
    const entry = analysis.kpis[id];
    return entry !== undefined && order.includes(id) && hasValue(entry);
  };
  const rest = analysis.chapters.filter(({ id }) => id !== 'data').flatMap(({ kpis }) => kpis);
  const picked = new Set([...candidates.filter(known), ...rest.filter(known), ...rest]);
  return [...picked].slice(0, most).sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
