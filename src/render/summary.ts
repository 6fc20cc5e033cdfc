import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import { hasValue } from '../outcome.ts';
import { decisions, type Decision } from './decisions.ts';
import type { FigureView } from './figures.ts';
import type { CoverageStrip } from './coverage.ts';

/** What the first page says before any table: three answers, each made of computed figures only. */
export interface Summary {
  answers: { question: string; answer: string }[];
  decisions: Decision[];
}

type Figures = ReadonlyMap<string, FigureView>;

export function summarise(analysis: Analysis, figures: Figures, coverage: readonly CoverageStrip[]): Summary {
  const asked = decisions(analysis, figures, coverage);
  return {
    answers: [
      { question: 'What happened?', answer: happened(figures) },
      { question: 'Is it under control?', answer: control(analysis, figures) },
      { question: 'What do we need from you?', answer: need(asked) },
    ],
    decisions: asked,
  };
}

function happened(figures: Figures): string {
  const [created, closed, escalated, share, real] = ['VOL-01', 'VOL-05', 'ESC-02', 'ESC-01', 'QUA-02'].map((id) => figureText(figures, id));
  const volume = [created && `${created} findings were created`, closed && `${closed} closed`].filter(Boolean).join(' and ');
  const handed = escalated && `${escalated} escalated${share ? ` (${share} of those decided)` : ''}`;
  const parts = [volume, handed, real && `${real} of those judged were real`].filter(Boolean).join('; ');
  return parts === '' ? 'It is not known: no figure could be made.' : sentence(parts);
}

function figureText(figures: Figures, id: string): string {
  const shown = figures.get(id)?.shown;
  return shown === undefined || shown.status === 'unknown' ? '' : shown.text;
}

/** No: a target is missed. In part: one cannot be told, or the backlog grew by more than a tenth. Yes: neither. */
function control(analysis: Analysis, figures: Figures): string {
  const judged = [...figures.values()].filter(({ assurance }) => assurance !== 'none');
  const missed = judged.filter(({ assurance }) => assurance === 'missed');
  const open = judged.filter(({ assurance }) => assurance === 'unclear');
  const backlog = backlogOf(analysis.kpis['BKL-01'], figures.get('BKL-01'));
  const targets =
    judged.length === 0
      ? 'no target is set'
      : missed.length > 0
        ? `missed: ${names(missed)}`
        : open.length > 0
          ? `hit or miss: ${names(open)}`
          : `all ${judged.length} targets are met`;
  const parts = sentence([backlog.text, targets].filter(Boolean).join('; '));
  if (judged.length === 0 && backlog.text === '') return 'It cannot be told: no target is set and the backlog is not known.';
  if (missed.length > 0) return `No. ${parts}`;
  return open.length > 0 || backlog.grew ? `Only in part. ${parts}` : `Yes. ${parts}`;
}

function backlogOf(entry: KpiEntry | undefined, figure: FigureView | undefined): { text: string; grew: boolean } {
  if (entry === undefined || figure === undefined || !hasValue(entry)) return { text: '', grew: false };
  const before = entry.previous;
  if (before === undefined || !hasValue(before)) return { text: `${figure.shown.text} findings were open at the end`, grew: false };
  const moved = entry.value > before.value ? 'grew' : entry.value < before.value ? 'fell' : 'stayed';
  const text =
    moved === 'stayed'
      ? `the backlog stayed at ${figure.shown.text}`
      : `the backlog ${moved} from ${figure.previous} to ${figure.shown.text}`;
  return { text, grew: entry.value > before.value * 1.1 };
}

function names(figures: readonly FigureView[]): string {
  const first = figures.slice(0, 3).map(({ name }) => name);
  return figures.length > 3 ? `${first.join(', ')} and ${figures.length - 3} more` : first.join(', ');
}

function need(asked: readonly Decision[]): string {
  const [first] = asked;
  if (first === undefined) return 'Nothing this time.';
  return asked.length === 1
    ? `One decision: ${lower(first.what)}.`
    : `${asked.length} decisions, listed below; first: ${lower(first.what)}.`;
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
