import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import { hasValue } from '../outcome.ts';
import { decisions, type Decision } from './decisions.ts';
import type { FigureView } from './figures.ts';
import type { CoverageStrip } from './coverage.ts';
import type { Format } from './format.ts';

/** What the first page says before any table: three answers, each made of computed figures only. */
export interface Summary {
  answers: { question: string; answer: string }[];
  decisions: Decision[];
}

type Figures = ReadonlyMap<string, FigureView>;

export function summarise(analysis: Analysis, figures: Figures, coverage: readonly CoverageStrip[], format: Format): Summary {
  const asked = decisions(analysis, figures, coverage, format);
  const { say } = format;
  return {
    answers: [
      { question: say('What happened?'), answer: happened(figures, format) },
      { question: say('Is it under control?'), answer: control(analysis, figures, format) },
      { question: say('What do we need from you?'), answer: need(asked, format) },
    ],
    decisions: asked,
  };
}

function happened(figures: Figures, format: Format): string {
  const { say } = format;
  const [created, closed, escalated, share, real] = ['VOL-01', 'VOL-05', 'ESC-02', 'ESC-01', 'QUA-02'].map((id) => figureText(figures, id));
  const parts = [
    ...volume(created ?? '', closed ?? '', format),
    ...(escalated
      ? [share ? say('{n} escalated ({share} of those decided)', { n: escalated, share }) : say('{n} escalated', { n: escalated })]
      : []),
    ...(real ? [say('{share} of those judged were real', { share: real })] : []),
  ];
  return parts.length === 0 ? say('It is not known: no figure could be made.') : sentence(parts, format);
}

function volume(created: string, closed: string, { say }: Format): string[] {
  if (created !== '' && closed !== '') return [say('{created} findings were created and {closed} closed', { created, closed })];
  if (created !== '') return [say('{created} findings were created', { created })];
  return closed === '' ? [] : [say('{closed} closed', { closed })];
}

function figureText(figures: Figures, id: string): string {
  const shown = figures.get(id)?.shown;
  return shown === undefined || shown.status === 'unknown' ? '' : shown.text;
}

/** No: a target is missed. In part: one cannot be told, or the backlog grew by more than a tenth. Yes: neither. */
function control(analysis: Analysis, figures: Figures, format: Format): string {
  const { say } = format;
  const judged = [...figures.values()].filter(({ assurance }) => assurance !== 'none');
  const missed = judged.filter(({ assurance }) => assurance === 'missed');
  const open = judged.filter(({ assurance }) => assurance === 'unclear');
  const backlog = backlogOf(analysis.kpis['BKL-01'], figures.get('BKL-01'), format);
  if (judged.length === 0 && backlog.text === '') {
    return say('It cannot be told: no target is set and the backlog is not known.');
  }
  const targets =
    judged.length === 0
      ? say('no target is set')
      : missed.length > 0
        ? say('missed: {names}', { names: names(missed, format) })
        : open.length > 0
          ? say('hit or miss: {names}', { names: names(open, format) })
          : say('all {n, plural, one {# target is} other {# targets are}} met', { n: judged.length });
  const parts = sentence(backlog.text === '' ? [targets] : [backlog.text, targets], format);
  if (missed.length > 0) return say('No. {parts}', { parts });
  return open.length > 0 || backlog.grew ? say('Only in part. {parts}', { parts }) : say('Yes. {parts}', { parts });
}

function backlogOf(entry: KpiEntry | undefined, figure: FigureView | undefined, { say }: Format): { text: string; grew: boolean } {
  if (entry === undefined || figure === undefined || !hasValue(entry)) return { text: '', grew: false };
  const before = entry.previous;
  const now = figure.shown.text;
  if (before === undefined || !hasValue(before)) return { text: say('{n} findings were open at the end', { n: now }), grew: false };
  const grew = entry.value > before.value * 1.1;
  if (entry.value === before.value) return { text: say('the backlog stayed at {n}', { n: now }), grew };
  const moved = { before: figure.previous, now };
  const text =
    entry.value > before.value
      ? say('the backlog grew from {before} to {now}', moved)
      : say('the backlog fell from {before} to {now}', moved);
  return { text, grew };
}

function names(figures: readonly FigureView[], { say, language }: Format): string {
  const first = figures
    .slice(0, 3)
    .map(({ name }) => name)
    .join(language.comma);
  return figures.length > 3 ? say('{names} and {n} more', { names: first, n: figures.length - 3 }) : first;
}

function need(asked: readonly Decision[], { say, language }: Format): string {
  const [first] = asked;
  if (first === undefined) return say('Nothing this time.');
  const what = lower(first.what, language.locale);
  return asked.length === 1
    ? say('One decision: {what}.', { what })
    : say('{n} decisions, listed below; first: {what}.', { n: asked.length, what });
}

const lower = (text: string, locale: string) => text.charAt(0).toLocaleLowerCase(locale) + text.slice(1);

function sentence(parts: readonly string[], { say, language }: Format): string {
  const text = parts.join(language.semicolon);
  return say('{sentence}.', { sentence: text.charAt(0).toLocaleUpperCase(language.locale) + text.slice(1) });
}
