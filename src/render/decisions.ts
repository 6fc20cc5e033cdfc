import type { Analysis, KpiEntry } from '../analyse/analysis.ts';
import { hasValue } from '../outcome.ts';
import type { CoverageStrip } from './coverage.ts';
import type { FigureView } from './figures.ts';
import { shorten } from './alt.ts';
import type { Format } from './format.ts';
import { percent, say, type Words } from '../words/index.ts';

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
  format: Format,
): Decision[] {
  const figure = (id: string) => ({ entry: kpis[id], view: figures.get(id) });
  return [
    ...coverage.flatMap((strip) => collectAgain(strip, format)),
    ...[...figures.values()].filter(({ assurance }) => assurance === 'missed').map((figure) => missedTarget(figure, format)),
    ...tuning(tables, format),
    ...oldFindings(figure('BKL-03'), format),
    ...unclassified(figure('QUA-01'), format),
    ...silent(figure('RUL-07'), format),
  ]
    .slice(0, most)
    .map(({ what, because }) => ({ what: shorten(what, 120), because: shorten(because, 110) }));
}

function collectAgain({ source, summary, gaps }: CoverageStrip, { say, language }: Format): Decision[] {
  const [first] = gaps;
  if (first === undefined) return [];
  const what =
    gaps.length === 1
      ? say('Have the missing data collected again from {source}', { source: shorten(source, 40) })
      : say('Have {n, plural, one {# gap} other {# gaps}} collected again from {source}', { n: gaps.length, source: shorten(source, 40) });
  return [{ what, because: [summary, shorten(first, 90)].join(language.semicolon) }];
}

function missedTarget({ name, shown, target }: FigureView, { say }: Format): Decision {
  return {
    what: say('Decide how {name} is to reach its target', { name }),
    because: say('{value}, target {target}', { value: shown.text, target }),
  };
}

/** One source that makes a third of a rule's findings is worth an exception, or a look at the source. */
function tuning(tables: Analysis['tables'], format: Format): Decision[] {
  const row = tables['RUL-04.pairs']?.rows[0];
  if (row === undefined || typeof row.share !== 'number' || typeof row.n !== 'number' || row.share < 1 / 3) return [];
  const name = (text: Words | number | null | undefined) =>
    shorten(
      text === null || text === undefined ? format.say('not stated') : format.words(typeof text === 'number' ? String(text) : text),
      60,
    );
  const [rule, source] = [name(row.rule), name(row.source)];
  return [
    {
      what: format.say('Tune “{rule}” for {source}, or deal with that source', { rule, source }),
      because: format.words(
        say("{n, plural, one {# finding} other {# findings}}, {share} of the rule's, come from it", {
          n: row.n,
          share: percent(row.share),
        }),
      ),
    },
  ];
}

interface Known {
  entry: KpiEntry | undefined;
  view: FigureView | undefined;
}

function oldFindings({ entry, view }: Known, { say }: Format): Decision[] {
  if (entry === undefined || view === undefined || !hasValue(entry) || entry.value === 0) return [];
  const because =
    view.previous === ''
      ? say('{name}: {value}', { name: view.name, value: view.shown.text })
      : say('{name}: {value}, {before} in the period before', { name: view.name, value: view.shown.text, before: view.previous });
  return [{ what: say('Name who closes the findings that are open longest'), because }];
}

function unclassified({ entry, view }: Known, { say }: Format): Decision[] {
  if (entry === undefined || view === undefined || !hasValue(entry) || entry.value >= 0.99) return [];
  const because = say('{name}: {value} of {n} closed', { name: view.name, value: view.shown.text, n: view.n });
  return [{ what: say('Have a verdict recorded with every closing'), because }];
}

function silent({ entry, view }: Known, { say }: Format): Decision[] {
  return entry !== undefined && view !== undefined && hasValue(entry) && entry.value > 0
    ? [{ what: say('Find out why rules have gone silent'), because: say('{name}: {value}', { name: view.name, value: view.shown.text }) }]
    : [];
}
