import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import { hasValue } from '../outcome.ts';
import type { CoverageStrip } from './coverage.ts';
import type { FigureView } from './figures.ts';
import { shorten } from './alt.ts';
import { plain } from './words.ts';

/** Something only the reader can decide, and the figures that ask for it. */
export interface Decision {
  what: string;
  because: string;
}

/** A first page has room for so many. */
const most = 4;

/** What the figures ask for, the most pressing first. The same analysis asks for the same. */
export function decisions(
  { kpis, tables }: Analysis,
  figures: ReadonlyMap<string, FigureView>,
  coverage: readonly CoverageStrip[],
): Decision[] {
  const figure = (id: string) => ({ entry: kpis[id], view: figures.get(id) });
  return [
    ...coverage.flatMap(collectAgain),
    ...[...figures.values()].filter(({ assurance }) => assurance === 'missed').map(missedTarget),
    ...tuning(tables),
    ...oldFindings(figure('BKL-03')),
    ...unclassified(figure('QUA-01')),
    ...silent(figure('RUL-07'), 'Find out why rules have gone silent'),
  ]
    .slice(0, most)
    .map(({ what, because }) => ({ what: shorten(what, 120), because: shorten(because, 110) }));
}

function collectAgain({ source, summary, gaps }: CoverageStrip): Decision[] {
  const [first] = gaps;
  if (first === undefined) return [];
  const what = gaps.length === 1 ? 'Have the missing data collected again' : `Have ${gaps.length} gaps collected again`;
  return [{ what: `${what} from ${shorten(source, 40)}`, because: `${summary}; ${shorten(first, 90)}` }];
}

function missedTarget({ name, shown, target }: FigureView): Decision {
  return { what: `Decide how ${name} is to reach its target`, because: `${shown.text}, target ${target}` };
}

/** One source that makes a third of a rule's findings is worth an exception, or a look at the source. */
function tuning(tables: Analysis['tables']): Decision[] {
  const row = tables['RUL-04.pairs']?.rows[0];
  if (row === undefined || typeof row.share !== 'number' || typeof row.n !== 'number' || row.share < 1 / 3) return [];
  const [rule, source] = [row.rule, row.source].map((text) => shorten(plain(String(text ?? 'not stated')), 60));
  return [
    {
      what: `Tune “${rule}” for ${source}, or deal with that source`,
      because: `${row.n} findings, ${Math.round(row.share * 100)} % of the rule's, come from it`,
    },
  ];
}

interface Known {
  entry: KpiEntry | undefined;
  view: FigureView | undefined;
}

function oldFindings({ entry, view }: Known): Decision[] {
  if (entry === undefined || view === undefined || !hasValue(entry) || entry.value === 0) return [];
  const before = view.previous === '' ? '' : `, ${view.previous} in the period before`;
  return [{ what: 'Name who closes the findings that are open longest', because: `${view.name}: ${view.shown.text}${before}` }];
}

function unclassified({ entry, view }: Known): Decision[] {
  if (entry === undefined || view === undefined || !hasValue(entry) || entry.value >= 0.99) return [];
  return [{ what: 'Have a verdict recorded with every closing', because: `${view.name}: ${view.shown.text} of ${view.n} closed` }];
}

function silent({ entry, view }: Known, what: string): Decision[] {
  return entry !== undefined && view !== undefined && hasValue(entry) && entry.value > 0
    ? [{ what, because: `${view.name}: ${view.shown.text}` }]
    : [];
}
