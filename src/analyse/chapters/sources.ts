import { type Words, listed, percent, say } from '../../words/index.ts';
import { known } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { count } from '../figures.ts';
import { defineKpi, type Kpi, type Table } from '../kpi.ts';
import { captionOf, countSeries, countTable } from '../series.ts';
import { leastFindings, silenceOf, silenceTable, silenceLimit } from '../silence.ts';
import type { Count } from '../table.ts';
import { shortName } from '../words.ts';

const seen = defineKpi({
  id: 'LOG-06',
  counts: 'alerts',
  chapter: 'sources',
  name: 'Log sources behind findings',
  question: 'Which log sources produce findings, and which hardly any?',
  cohort: 'created-in-period',
  needs: ['log_sources'],
  formula: 'Distinct log sources named by findings created, without those the client leaves out; a finding counts once for each',
  unit: 'count',
  direction: 'neutral',
  statistic: 'count of distinct log sources',
  minN: 0,
  clock: 'none',
  chart: 'bars',
  audiences: ['client', 'engineer'],
  sources: ['QRadar notebook: most and least frequent log sources'],
  compute: (facts) => ({ outcome: { ...count(facts.created.counts('log_sources').length), n: facts.created.rows } }),
  show: (facts) => {
    const most = facts.created.counts('log_sources');
    const least = leastFrequent(most);
    const [first] = most;
    const share = first === undefined ? '' : percent(first.n / facts.created.rows);
    const mostTitle =
      first === undefined
        ? say('No log source is named')
        : say('{name} is in {share} of findings', { name: shortName(first.name, say('One log source')), share });
    const leastTitle = say('{n, plural, one {# log source} other {# log sources}} with a single finding', {
      n: most.filter(({ n }) => n === 1).length,
    });
    const heading = (name: 'most' | 'least', title: Words) => ({
      id: `LOG-06.${name}`,
      title,
      measure:
        name === 'most' ? say('Findings created per log source, most frequent') : say('Findings created per log source, least frequent'),
      label: say('Log source'),
    });
    return {
      series: [
        countSeries(facts, { ...heading('most', mostTitle), chart: 'bars' }, most.slice(0, 10)),
        countSeries(facts, { ...heading('least', leastTitle), chart: 'bars' }, least.slice(0, 20)),
      ],
      tables: [
        countTable(facts, heading('most', mostTitle), most, facts.created.rows, 20),
        countTable(facts, heading('least', leastTitle), least, facts.created.rows, 20),
      ],
      notes: [say('A log source without any finding is not listed here: it may be quiet, or silent.')],
    };
  },
});

/** Fewest first, ties by name. */
function leastFrequent(counts: readonly Count[]): Count[] {
  return counts.toSorted((a, b) => a.n - b.n || ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

const reporting = defineKpi({
  id: 'LOG-01',
  counts: 'alerts',
  chapter: 'sources',
  name: 'Log sources still in findings',
  question: 'Are all log sources still alive?',
  cohort: 'history',
  needs: ['log_sources'],
  formula: `Log sources with at least ${leastFindings} findings in the history whose present silence is not less likely than 1 % at the rates of its weekdays / all such log sources; only completely collected days count`,
  unit: 'rate',
  direction: 'up',
  statistic:
    'Poisson, or negative binomial, per log source; Benjamini–Hochberg, 5 % false among those found; no interval: these are all there are',
  minN: 0,
  clock: 'none',
  chart: 'table',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue LOG-01'],
  compute: (facts) => {
    const { silent, tested } = silenceOf(facts, 'log_sources');
    if (tested === 0)
      return {
        outcome: {
          status: 'too-few',
          reason: say('no log source has {least} findings over a week of history', { least: leastFindings }),
          n: 0,
        },
      };
    return { outcome: known((tested - silent.length) / tested, tested) };
  },
  show: (facts) => {
    const { silent, tested } = silenceOf(facts, 'log_sources');
    const notes = [
      say(
        'Judged from findings. How many events a log source itself delivers is not available from {products}, so one that feeds no rule is not seen.',
        { products: productsOf(facts) },
      ),
    ];
    return { tables: [silenceTable(facts, quiet, silent, tested)], notes };
  },
});

const quiet = {
  id: 'LOG-01.silent',
  label: say('Log source'),
  measure: say('Log sources whose silence is less likely than {share}', { share: percent(silenceLimit) }),
};

function productsOf({ client }: Facts): Words {
  const names = new Set([...client.sources.values()].map(({ vendor }) => vendor?.name));
  if (names.size === 0) return say('any source');
  return listed(
    [...names].map((name) => name ?? say('the source')),
    'or',
  );
}

const blind = defineKpi({
  id: 'LOG-02',
  counts: 'nothing',
  chapter: 'sources',
  name: 'Blind hours',
  question: 'How long did we not look?',
  cohort: 'event-in-period',
  needs: [],
  formula: 'Hours of the period before the data cut that no complete collection of a required source covers, summed over these sources',
  unit: 'hours',
  direction: 'down',
  statistic: 'sum, exact',
  minN: 0,
  clock: 'calendar',
  chart: 'table',
  audiences: ['manager', 'client', 'engineer'],
  sources: ['catalogue LOG-02'],
  compute: ({ coverage }) => {
    const required = coverage.blind.filter((one) => one.required);
    if (required.length === 0) return { outcome: { status: 'no-denominator', reason: say('no source is required'), n: 0 } };
    return { outcome: known(required.reduce((sum, { ms }) => sum + ms, 0) / 3_600_000, required.length) };
  },
  show: (facts) => {
    const rows = facts.coverage.blind.map(({ source, required, ms }) => ({
      source,
      required: required ? say('yes') : say('no'),
      hours: ms / 3_600_000,
    }));
    const worst = rows.toSorted((a, b) => b.hours - a.hours)[0];
    const table: Table = {
      id: 'LOG-02.sources',
      title:
        worst === undefined || worst.hours === 0
          ? say('Nothing was missed')
          : say('{n} of {all, plural, one {# source} other {# sources}} not covered throughout', {
              n: rows.filter(({ hours }) => hours > 0).length,
              all: rows.length,
            }),
      caption: captionOf(facts, say('Time without a complete collection, per source')),
      columns: [
        { key: 'source', label: say('Source'), kind: 'text' },
        { key: 'required', label: say('Required'), kind: 'text' },
        { key: 'hours', label: say('Blind'), kind: 'hours' },
      ],
      rows,
      total_rows: rows.length,
    };
    return {
      tables: [table],
      notes: [
        say('Blind is what was not collected. Whether a log source behind {products} delivered nothing is not known here.', {
          products: productsOf(facts),
        }),
      ],
    };
  },
});

export const sources: readonly Kpi[] = [reporting, blind, seen];
