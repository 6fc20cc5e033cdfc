import type { Series } from '../analyse/kpi.ts';
import type { Format } from './format.ts';

/** A series as its reader reads it: every text in his language, and nothing in it that acts. */
export interface ReadSeries extends Omit<Series, 'title' | 'caption' | 'labels' | 'groups' | 'within' | 'limits'> {
  title: string;
  caption: string;
  labels: string[];
  groups: { name: string; cells: Series['groups'][number]['cells'] }[];
  within?: string;
  limits?: Omit<NonNullable<Series['limits']>, 'signals'> & { signals: { index: number; words: string }[] };
}

/** Days become "5 Oct"; hours and names stay as they are. */
export function readSeries({ within, limits, ...series }: Series, format: Format): ReadSeries {
  const label = (text: Series['labels'][number]) =>
    series.axis === 'day' && typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) ? format.day(text) : format.words(text);
  return {
    ...series,
    title: format.words(series.title),
    caption: format.words(series.caption),
    labels: series.labels.map(label),
    groups: series.groups.map(({ name, cells }) => ({ name: format.words(name), cells })),
    ...(within === undefined ? {} : { within: label(within) }),
    ...(limits === undefined
      ? {}
      : { limits: { ...limits, signals: limits.signals.map(({ index, words }) => ({ index, words: format.words(words) })) } }),
  };
}
