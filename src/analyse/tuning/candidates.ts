import type { ColumnName } from '../findings.ts';
import type { Facts } from '../facts.ts';
import { oncePerObject } from '../../once.ts';
import { at } from '../stats/at.ts';
import { wilson, zeroUpperBound } from '../stats/index.ts';
import { selectMembers } from '../cohort.ts';
import { gather, gatherNumbers, type Lists } from '../table.ts';
import { hourMs, repeatsOf, timeOrder } from './repeats.ts';
import { classCount, fates, holdoutShift, type Replay, replayOf } from './replay.ts';

/** A tuning that could be adopted, and what it would have done to the history. */
export interface Candidate {
  rule: string;
  kind: 'source' | 'destination' | 'user' | 'repeats';
  /** The source, destination or user; of repeats the window. */
  value: string;
  train: Fates;
  holdout: Fates;
  /** The largest share of real findings that the holdout leaves possible. */
  bound: number;
  verdict: 'accepted' | 'would-have-hidden' | 'too-few-verdicts';
  /** Places in the history of what it would have suppressed. */
  places: Int32Array;
  /** Those of them that were real: what would have been hidden. */
  lost: Int32Array;
}

interface Fates {
  n: number;
  real: number;
  noise: number;
  unjudged: number;
}

export const leastVerdicts = 30;
export const mostReal = 0.1;
/** Of each rule and kind so many are tried, with at least so many findings in the training part. */
const tried = 3;
const leastMatched = 20;
const repeatHours = 4;

const dimensions = [
  ['source', 'actors'],
  ['destination', 'targets'],
  ['user', 'users'],
] as const satisfies readonly (readonly [Candidate['kind'], ColumnName])[];

/** Accepted ones first, then by what they would have suppressed in the holdout. */
export const candidatesOf = oncePerObject((facts: Facts): Candidate[] => {
  const replay = replayOf(facts);
  if (replay === undefined) return [];
  const found = replay.rules.flatMap((rule) => [
    ...dimensions.flatMap(([kind, column]) => byValue(replay, rule, kind, column)),
    ...repeated(replay, rule),
  ]);
  const rank = (one: Candidate) => ['accepted', 'would-have-hidden', 'too-few-verdicts'].indexOf(one.verdict);
  return found.sort((a, b) => rank(a) - rank(b) || b.holdout.n - a.holdout.n || (a.rule + a.value < b.rule + b.value ? -1 : 1));
});

type Rule = Replay['rules'][number];

/** The values that were most frequent with this rule in the training part. */
function byValue(replay: Replay, rule: Rule, kind: Candidate['kind'], column: ColumnName): Candidate[] {
  const { created, findings } = replay.facts;
  const { codes } = created.coded(column);
  const lists = findings.lists(column);
  const perText = tally(rule.places, codes, replay.classes, lists.texts.length);
  const perItem = tallyItems(perText, lists);
  const chosen = perItem.found
    .filter((item) => trainedOn(perItem, item) >= leastMatched)
    .map((item) => ({ item, counts: countsAt(perItem, item), name: lists.values[item] ?? '' }))
    .map((one) => ({ ...one, train: fatesFrom(one.counts, 0) }))
    .sort((a, b) => b.train.n - a.train.n || (a.name < b.name ? -1 : 1))
    .slice(0, tried);
  return chosen.map(({ item, counts, train, name }) => {
    const holds = new Uint8Array(lists.texts.length);
    for (const text of perText.found) if (holdsItem(lists, text, item)) holds[text] = 1;
    const places = selectMembers(rule.places, (place) => holds[codes[place] ?? -1] === 1);
    return judged({
      rule: rule.name,
      kind,
      value: name,
      train,
      holdout: fatesFrom(counts, holdoutShift),
      places,
      lost: selectMembers(places, (place) => (replay.classes[place] ?? 0) % holdoutShift === fates.real),
    });
  });
}

/** How often each fate befell what carries a code: `counts` has a row of all fates per code, `found` names the codes that occur. */
interface Tally {
  counts: Float64Array;
  found: number[];
}

function tally(places: Int32Array, codes: Int32Array, classes: Uint8Array, size: number): Tally {
  const counts = new Float64Array(size * classCount);
  const seen = new Uint8Array(size);
  const found: number[] = [];
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i] ?? -1;
    const code = codes[place] ?? -1;
    if (code < 0) continue;
    if (seen[code] === 0) {
      seen[code] = 1;
      found.push(code);
    }
    const cell = code * classCount + (classes[place] ?? 0); // every place of the history has a fate
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return { counts, found };
}

/** The same per item of the texts. */
function tallyItems(texts: Tally, { offsets, items, values }: Lists): Tally {
  const counts = new Float64Array(values.length * classCount);
  const seen = new Uint8Array(values.length);
  const found: number[] = [];
  for (const text of texts.found) {
    for (let at = offsets[text] ?? 0; at < (offsets[text + 1] ?? 0); at += 1) {
      const item = items[at] ?? -1; // offsets end where items end
      if (seen[item] === 0) {
        seen[item] = 1;
        found.push(item);
      }
      for (let fate = 0; fate < classCount; fate += 1) {
        const cell = item * classCount + fate;
        counts[cell] = (counts[cell] ?? 0) + (texts.counts[text * classCount + fate] ?? 0); // both have all fates
      }
    }
  }
  return { counts, found };
}

/** Findings of the training part. */
function trainedOn({ counts }: Tally, code: number): number {
  const from = code * classCount;
  return (counts[from + fates.real] ?? 0) + (counts[from + fates.noise] ?? 0) + (counts[from + fates.unjudged] ?? 0); // each code has all
}

function countsAt({ counts }: Tally, code: number): Float64Array {
  return counts.subarray(code * classCount, (code + 1) * classCount);
}

function holdsItem({ offsets, items }: Lists, text: number, item: number): boolean {
  for (let at = offsets[text] ?? 0; at < (offsets[text + 1] ?? 0); at += 1) if (items[at] === item) return true;
  return false;
}

function fatesFrom(counts: Float64Array, shift: number): Fates {
  const [real, noise, unjudged] = [at(counts, shift + fates.real), at(counts, shift + fates.noise), at(counts, shift + fates.unjudged)];
  return { n: real + noise + unjudged, real, noise, unjudged };
}

/** Keeping the first of a rule's findings about one source and dropping those within four hours of it. */
function repeated(replay: Replay, rule: Rule): Candidate[] {
  const { created, findings } = replay.facts;
  const stamps = created.number('created_at');
  const times = gatherNumbers(stamps, rule.places);
  const keys = gather(created.coded('actors'), rule.places).codes;
  const leaders = repeatsOf(keys, findings.lists('actors').texts.length, times, timeOrder(times), repeatHours * hourMs);
  const counts = new Float64Array(classCount);
  const places = new Int32Array(leaders.length);
  let repeats = 0;
  const lost: number[] = [];
  const { classes } = replay;
  for (let i = 0; i < leaders.length; i += 1) {
    const leader = leaders[i] ?? -1;
    if (leader < 0) continue;
    const place = rule.places[i] ?? -1;
    places[repeats++] = place;
    const kept = (classes[rule.places[leader] ?? -1] ?? 0) % holdoutShift;
    const fate = classes[place] ?? 0; // places of the history have a fate
    // A real finding that repeats one which is kept and real is not lost.
    const told = fate % holdoutShift === fates.real && kept === fates.real ? fate - fates.real + fates.unjudged : fate;
    if (told % holdoutShift === fates.real) lost.push(place);
    counts[told] = (counts[told] ?? 0) + 1;
  }
  const train = fatesFrom(counts, 0);
  if (train.n < leastMatched) return [];
  return [
    judged({
      rule: rule.name,
      kind: 'repeats',
      value: `${repeatHours} h`,
      train,
      holdout: fatesFrom(counts, holdoutShift),
      places: places.slice(0, repeats),
      lost: Int32Array.from(lost),
    }),
  ];
}

/** Accepted: at least 30 verdicts in the holdout, nothing real hidden anywhere, and at most 10 % real left possible. */
function judged(candidate: Omit<Candidate, 'bound' | 'verdict'>): Candidate {
  const { train, holdout } = candidate;
  const n = holdout.real + holdout.noise;
  const bound = holdout.real === 0 ? zeroUpperBound(n) : (wilson(holdout.real, n)?.high ?? 1);
  const hidden = train.real + holdout.real > 0;
  const accepted = !hidden && n >= leastVerdicts && bound <= mostReal;
  return { ...candidate, bound, verdict: hidden ? 'would-have-hidden' : accepted ? 'accepted' : 'too-few-verdicts' };
}

/** How many findings of the holdout the accepted candidates would have suppressed together, each counted once. */
export function suppressedTogether(facts: Facts): number {
  const replay = replayOf(facts);
  if (replay === undefined) return 0;
  const seen = new Uint8Array(replay.classes.length);
  let n = 0;
  for (const { verdict, places } of candidatesOf(facts)) {
    if (verdict !== 'accepted') continue;
    for (let i = 0; i < places.length; i += 1) {
      const place = places[i] ?? -1;
      if (seen[place] === 1 || (replay.classes[place] ?? 0) < holdoutShift) continue;
      seen[place] = 1;
      n += 1;
    }
  }
  return n;
}
