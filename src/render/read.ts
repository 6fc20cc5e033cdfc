import type { Series } from '../analyse/kpi.ts';
import { Phrase } from '../words/index.ts';
import type { Format } from './format.ts';

/** A series as its reader reads it: every text in his language, and nothing in it that acts. */
export interface ReadSeries extends Omit<Series, 'title' | 'caption' | 'labels' | 'groups' | 'limits'> {
  title: string;
  caption: string;
  labels: string[];
  groups: { name: string; cells: Series['groups'][number]['cells'] }[];
  /** Curves: their labels in seconds. */
  times?: number[];
  limits?: Omit<NonNullable<Series['limits']>, 'signals'> & { signals: { index: number; words: string }[] };
}

/** Days become "5 Oct"; hours have the reader's digits, names stay as they are. */
export function readSeries({ limits, ...series }: Series, format: Format): ReadSeries {
  const hours = format.language.numbers({ minimumIntegerDigits: 2 });
  const label = (text: Series['labels'][number]) => {
    if (series.axis === 'day' && typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text)) return format.day(text);
    return series.axis === 'hour' && /^\d\d$/.test(String(text)) ? hours.format(Number(text)) : format.words(text);
  };
  return {
    ...series,
    title: format.words(series.title),
    caption: format.words(series.caption),
    labels: series.labels.map(label),
    groups: series.groups.map(({ name, cells }) => ({ name: format.words(name), cells })),
    ...(series.chart === 'curves' ? { times: series.labels.map(secondsOf) } : {}),
    ...(limits === undefined
      ? {}
      : { limits: { ...limits, signals: limits.signals.map(({ index, words }) => ({ index, words: format.words(words) })) } }),
  };
}

/** A label of a curve says a time. */
function secondsOf(label: Series['labels'][number]): number {
  return label instanceof Phrase ? Number(label.args.value) : Number.NaN;
}
