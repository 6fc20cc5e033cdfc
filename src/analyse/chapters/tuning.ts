import { known } from '../../outcome.ts';
import type { Facts } from '../facts.ts';
import { cellOf } from '../figures.ts';
import { defineKpi, type Kpi, type Series, type Table } from '../kpi.ts';
import { oncePer, oncePerObject } from '../../once.ts';

import { captionOf, countSeries } from '../series.ts';
import { type Effect, effectsOf } from '../tuning/adopted.ts';
import { type Candidate, candidatesOf, leastVerdicts, mostReal, suppressedTogether } from '../tuning/candidates.ts';
import { hourMs, repeatsOf, timeOrder } from '../tuning/repeats.ts';
import { type Replay, replayOf } from '../tuning/replay.ts';
import { at } from '../stats/at.ts';
import { percent, plural } from '../words.ts';

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
    if (replayOf(facts) === undefined) return { outcome: { status: 'too-few', reason: 'fewer than 14 days of history to learn from' } };
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

function label({ rule, kind, value }: Candidate): string {
  return kind === 'repeats' ? `${rule}: repeats within ${value}` : `${rule}: ${kind} ${value}`;
}

function acceptedSeries(facts: Facts): Series[] {
  const accepted = candidatesOf(facts)
    .filter(({ verdict }) => verdict === 'accepted')
    .slice(0, 10);
  if (accepted.length === 0) return [];
  return [
    {
      id: 'TUN-01.accepted',
      title: `${plural(accepted.length, 'tuning')} would hide nothing real`,
      caption: captionOf(facts, 'Findings of the holdout that accepted candidates would have suppressed'),
      chart: 'bars',
      unit: 'count',
      axis: 'category',
      labels: accepted.map(label),
      groups: [{ name: 'suppressed', cells: accepted.map(({ holdout }) => cellOf(facts, holdout.n)) }],
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
      candidates.length === 0 ? 'Nothing repeats enough to be tuned' : `${accepted} of ${plural(candidates.length, 'candidate')} accepted`,
    caption: captionOf(facts, `Tuning candidates on the holdout ${replay.holdout.from} to ${replay.holdout.to}`),
    columns: [
      { key: 'candidate', label: 'Candidate', kind: 'text' },
      { key: 'suppressed', label: 'Suppressed', kind: 'count' },
      { key: 'hours', label: 'Saved', kind: 'hours' },
      { key: 'noise', label: 'Noise', kind: 'count' },
      { key: 'real', label: 'Real', kind: 'count' },
      { key: 'unjudged', label: 'Not judged', kind: 'count' },
      { key: 'bound', label: 'Real at most', kind: 'rate' },
      { key: 'verdict', label: 'Verdict', kind: 'text' },
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
  };
}

function verdictText(one: Candidate, ids: ReadonlyMap<number, string>): string {
  const judged = one.holdout.real + one.holdout.noise;
  if (one.verdict === 'accepted') return 'accepted; needs an owner and a date of expiry';
  if (one.verdict === 'too-few-verdicts') return `too few verdicts to decide (${judged} of ${leastVerdicts})`;
  const named = Array.from(one.lost.subarray(0, namedIds), (place) => ids.get(place) ?? 'unknown');
  const more = one.lost.length - named.length;
  return `would have hidden: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The products' own ids of what would have been hidden, read for the printed ones only and at once. */
function lostIds({ history, findings }: Facts, shown: readonly Candidate[]): Map<number, string> {
  const places = [...new Set(shown.flatMap(({ lost }) => [...lost.subarray(0, namedIds)]))];
  const cold = places.length === 0 ? [] : findings.view.cold(places.map((place) => at(history.created.members, place)));
  return new Map(places.map((place, i) => [place, cold[i]?.native_id ?? 'unknown']));
}

function replayNotes(facts: Facts, replay: Replay): string[] {
  return [
    `Chosen on ${plural(replay.trainDays, 'day')}, judged on the ${replay.holdoutDays} after them (${replay.holdout.from} to ${replay.holdout.to}).`,
    `Assumed: ${facts.client.minutes_per_finding} minutes of work on each finding. What was escalated counts as real.`,
  ];
}

const windows = [1, 4, 24] as const;

const repeats = defineKpi({
  ...common,
  id: 'TUN-02',
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
  compute: (facts) => ({ outcome: known(repeatCount(facts)(4), facts.created.rows) }),
  show: (facts) => {
    const share = facts.created.rows === 0 ? 0 : repeatCount(facts)(4) / facts.created.rows;
    const drawing = {
      id: 'TUN-02.windows',
      title: `${percent(share)} repeat another within four hours`,
      measure: 'Findings that would be grouped, by window',
      chart: 'bars',
    } as const;
    return {
      series: [
        countSeries(
          facts,
          drawing,
          windows.map((hours) => ({ name: `${hours} h`, n: repeatCount(facts)(hours) })),
        ),
      ],
    };
  },
});

/** Per window in hours; the keys and the order of a cohort are made once. */
const repeatCount = oncePerObject(({ created }: Facts) => {
  const [rules, actors] = [created.coded('rule'), created.coded('actors')];
  const times = created.number('created_at');
  const width = actors.values.length;
  const keys = new Float64Array(created.rows);
  for (let i = 0; i < keys.length; i += 1) {
    const rule = rules.codes[i] ?? -1;
    const actor = actors.codes[i] ?? -1;
    keys[i] = rule < 0 || actor < 0 ? -1 : rule * width + actor;
  }
  const order = timeOrder(times);
  const size = rules.values.length * width;
  return oncePer((hours: number) => countLeaders(repeatsOf(keys, size, times, order, hours * hourMs)));
});

function countLeaders(leaders: Int32Array): number {
  let n = 0;
  for (let i = 0; i < leaders.length; i += 1) if ((leaders[i] ?? -1) >= 0) n += 1;
  return n;
}

const adopted = defineKpi({
  ...common,
  id: 'TUN-03',
  name: 'Adopted tunings that worked',
  question: 'What did the tunings in force do?',
  cohort: 'history',
  needs: ['rules'],
  formula:
    'Adopted tunings of the client’s configuration whose findings fell after their date: the 95 % interval of the rate per complete day excludes no change',
  unit: 'count',
  direction: 'up',
  statistic: 'rate ratio per complete day with over-dispersion, at least 7 complete days on either side',
  chart: 'table',
  sources: ['catalogue TUN-03'],
  compute: (facts) => {
    const effects = effectsOf(facts);
    if (effects.length === 0)
      return { outcome: { status: 'no-denominator', reason: 'the client’s configuration names no adopted tuning', n: 0 } };
    const measured = effects.filter(({ change }) => change !== undefined);
    if (measured.length === 0)
      return { outcome: { status: 'too-few', reason: 'fewer than 7 complete days before or after each tuning', n: 0 } };
    return { outcome: known(measured.filter(({ change }) => change?.direction === 'fell').length, measured.length) };
  },
  show: (facts) => (effectsOf(facts).length === 0 ? {} : { tables: [effectTable(facts)] }),
});

function effectTable(facts: Facts): Table {
  const effects = effectsOf(facts);
  const perDay = ({ n, days }: Effect['before']) => (days === 0 ? null : n / days);
  return {
    id: 'TUN-03.effects',
    title: `${plural(effects.length, 'tuning')} in force`,
    caption: captionOf(facts, 'Findings that adopted tunings are about, per complete day before and after'),
    columns: [
      { key: 'tuning', label: 'Tuning', kind: 'text' },
      { key: 'from', label: 'Since', kind: 'text' },
      { key: 'before', label: 'A day before', kind: 'number' },
      { key: 'after', label: 'A day since', kind: 'number' },
      { key: 'change', label: 'Change', kind: 'text' },
      { key: 'real', label: 'Real of the rule, before and since', kind: 'text' },
      { key: 'owner', label: 'Owner', kind: 'text' },
      { key: 'expires', label: 'Expires', kind: 'text' },
    ],
    rows: effects.map(({ tuning, before, after, change, realBefore, realAfter, expired }) => ({
      tuning: [tuning.rule, tuning.source, tuning.destination, tuning.user].filter((part) => part !== undefined).join(' × '),
      from: tuning.from,
      before: perDay(before),
      after: perDay(after),
      change: change?.phrase ?? `not measured: ${before.days} complete days before, ${after.days} since`,
      real: `${realBefore}, ${realAfter}`,
      owner: tuning.owner,
      expires: expired ? `${tuning.expires}, expired` : tuning.expires,
    })),
    total_rows: effects.length,
  };
}

export const tuning: readonly Kpi[] = [simulation, repeats, adopted];
