import { dates, type Words, fieldWords, listed, percent, say } from '../../words/index.ts';
import { known } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { cellOf } from '../figures.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';

import { captionOf, countSeries } from '../series.ts';
import { type Candidate, candidatesOf, leastVerdicts, mostReal, suppressedTogether } from '../tuning/candidates.ts';
import { countRepeats, hourMs, timeOrder } from '../tuning/repeats.ts';
import { type Replay, replayOf } from '../tuning/replay.ts';
import { at } from '../stats/at.ts';

const common = {
  counts: 'alerts',
  chapter: 'rules',
  minN: 0,
  clock: 'none',
  audiences: ['engineer', 'manager'],
} as const satisfies Partial<Kpi>;

const simulation = defineKpi({
  ...common,
  id: 'TUN-01',
  name: 'Effort that safe tuning would save',
  question: 'What could be tuned without hiding anything real?',
  cohort: 'history',
  needs: ['verdict', 'rules'],
  formula: `Findings of the last 30 % of the history that accepted candidates (rule × source, destination, user, or repeats within 4 h; chosen on the first 70 %) would have suppressed, each once × the assumed minutes; accepted are those with at least ${leastVerdicts} verdicts there, nothing true or escalated in either part, and at most ${mostReal * 100} % left possible`,
  unit: 'hours',
  direction: 'neutral',
  statistic: 'replay with a holdout in time; upper bound by the exact rule of three, or Wilson where something real was hit',
  chart: 'table',
  sources: ['catalogue TUN-01'],
  compute: (facts) => {
    if (replayOf(facts) === undefined)
      return { outcome: { status: 'too-few', reason: say('fewer than 14 days of history to learn from') } };
    const n = suppressedTogether(facts);
    return { outcome: known((n * facts.client.minutes_per_finding) / 60, n) };
  },
  show: (facts) => {
    const replay = replayOf(facts);
    return replay === undefined
      ? {}
      : { series: acceptedSeries(facts), tables: [candidateTable(facts, replay)], notes: replayNotes(facts, replay) };
  },
});

function label({ rule, kind, value }: Candidate): Words {
  return kind === 'repeats'
    ? say('{rule}: repeats within {value}', { rule, value })
    : say('{rule}: {kind} {value}', { rule, kind: fieldWords(kind), value });
}

function acceptedSeries(facts: Facts): Series[] {
  const accepted = candidatesOf(facts)
    .filter(({ verdict }) => verdict === 'accepted')
    .slice(0, 10);
  if (accepted.length === 0) return [];
  return [
    {
      id: 'TUN-01.accepted',
      title: say('{n, plural, one {# tuning} other {# tunings}} would hide nothing real', { n: accepted.length }),
      caption: captionOf(facts, say('Findings of the holdout that accepted candidates would have suppressed')),
      chart: 'bars',
      unit: 'count',
      axis: 'category',
      labels: accepted.map(label),
      groups: [{ name: say('suppressed'), cells: accepted.map(({ holdout }) => cellOf(facts, holdout.n)) }],
    },
  ];
}

const namedIds = 5;

function candidateTable(facts: Facts, replay: Replay): Table {
  const candidates = candidatesOf(facts);
  const shown = candidates.slice(0, 30);
  const ids = lostIds(facts, shown);
  const accepted = candidates.filter(({ verdict }) => verdict === 'accepted').length;
  const hours = (n: number) => (n * facts.client.minutes_per_finding) / 60;
  return {
    id: 'TUN-01.candidates',
    title:
      candidates.length === 0
        ? say('Nothing repeats enough to be tuned')
        : say('{accepted} of {n, plural, one {# candidate} other {# candidates}} accepted', { accepted, n: candidates.length }),
    caption: captionOf(
      facts,
      say('Tuning candidates on the holdout {from} to {to}', { from: dates(replay.holdout.from), to: dates(replay.holdout.to) }),
    ),
    columns: [
      { key: 'candidate', label: say('Candidate'), kind: 'text' },
      { key: 'suppressed', label: say('Suppressed'), kind: 'count' },
      { key: 'hours', label: say('Saved'), kind: 'hours' },
      { key: 'noise', label: say('Noise'), kind: 'count' },
      { key: 'real', label: say('Real'), kind: 'count' },
      { key: 'unjudged', label: say('Not judged'), kind: 'count' },
      { key: 'bound', label: say('Real at most'), kind: 'rate' },
      { key: 'verdict', label: say('Verdict'), kind: 'text' },
    ],
    rows: shown.map((one) => ({
      candidate: label(one),
      suppressed: one.holdout.n,
      hours: hours(one.holdout.n),
      noise: one.holdout.noise,
      real: one.holdout.real,
      unjudged: one.holdout.unjudged,
      bound: one.bound,
      verdict: verdictText(one, ids),
    })),
    total_rows: candidates.length,
    essential: true,
  };
}

function verdictText(one: Candidate, ids: ReadonlyMap<number, string>): Words {
  const judged = one.holdout.real + one.holdout.noise;
  if (one.verdict === 'accepted') return say('accepted; needs an owner and a date of expiry');
  if (one.verdict === 'too-few-verdicts') return say('too few verdicts to decide ({n} of {least})', { n: judged, least: leastVerdicts });
  const named = Array.from(one.lost.subarray(0, namedIds), (place) => ids.get(place) ?? 'unknown');
  const more = one.lost.length - named.length;
  const ofThem = listed(named);
  return more > 0
    ? say('would have hidden: {names} and {n} more', { names: ofThem, n: more })
    : say('would have hidden: {names}', { names: ofThem });
}

/** The products' own ids of what would have been hidden, read for the printed ones only and at once. */
function lostIds({ history, findings }: Facts, shown: readonly Candidate[]): Map<number, string> {
  const places = [...new Set(shown.flatMap(({ lost }) => [...lost.subarray(0, namedIds)]))];
  const cold = places.length === 0 ? [] : findings.view.cold(places.map((place) => at(history.created.members, place)));
  return new Map(places.map((place, i) => [place, cold[i]?.native_id ?? 'unknown']));
}

function replayNotes(facts: Facts, replay: Replay): Words[] {
  return [
    say('Chosen on {n, plural, one {# day} other {# days}}, judged on the {holdout} after them ({from} to {to}).', {
      n: replay.trainDays,
      holdout: replay.holdoutDays,
      from: dates(replay.holdout.from),
      to: dates(replay.holdout.to),
    }),
    say('Assumed: {n} minutes of work on each finding. What was escalated counts as real.', {
      n: facts.client.minutes_per_finding,
    }),
  ];
}

const windows = [1, 4, 24] as const;

const repeats = defineKpi({
  ...common,
  id: 'TUN-02',
  audiences: ['engineer'],
  name: 'Repeats within four hours',
  question: 'How much would grouping repeats save?',
  cohort: 'created-in-period',
  needs: ['entities'],
  formula:
    'Findings created within 4 hours of the last kept one with the same rules and sources; those that name no source are never repeats',
  unit: 'count',
  direction: 'down',
  statistic: 'exact count of a replay',
  chart: 'bars',
  sources: ['catalogue TUN-02'],
  compute: (facts) => ({ outcome: known(repeatCount(facts, 4), facts.created.rows) }),
  show: (facts) => {
    const share = facts.created.rows === 0 ? 0 : repeatCount(facts, 4) / facts.created.rows;
    const drawing = {
      id: 'TUN-02.windows',
      title: say('{share} repeat another within four hours', { share: percent(share) }),
      measure: say('Findings that would be grouped, by window'),
      chart: 'bars',
    } as const;
    return {
      series: [
        countSeries(
          facts,
          drawing,
          windows.map((hours) => ({ name: `${hours} h`, n: repeatCount(facts, hours) })),
        ),
      ],
    };
  },
});

/** Per window in hours, all in one pass. */
const repeatCounts = oncePerObject(({ created }: Facts): ReadonlyMap<number, number> => {
  if (created.rows === 0) return new Map();
  const [rules, actors] = [created.coded('rule'), created.coded('actors')];
  const times = created.number('created_at');
  const width = actors.values.length;
  const keys = new Float64Array(created.rows);
  for (let i = 0; i < keys.length; i += 1) {
    const rule = rules.codes[i] ?? -1;
    const actor = actors.codes[i] ?? -1;
    keys[i] = rule < 0 || actor < 0 ? -1 : rule * width + actor;
  }
  const sizes = windows.map((hours) => hours * hourMs);
  const counts = countRepeats(keys, rules.values.length * width, times, timeOrder(times), sizes);
  return new Map(windows.map((hours, i) => [hours, at(counts, i)]));
});

function repeatCount(facts: Facts, hours: (typeof windows)[number]): number {
  return repeatCounts(facts).get(hours) ?? 0; // without findings nothing repeats
}

export const tuning: readonly Kpi[] = [simulation, repeats];
