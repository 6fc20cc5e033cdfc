import type { Facts } from '../facts.ts';
import { oncePerObject } from '../../once.ts';
import { itemsOf } from '../table.ts';

/** What a finding turned out to be; 3 more where it lies in the holdout. */
export const fates = { real: 0, noise: 1, unjudged: 2 } as const;
export const holdoutShift = 3;
export const classCount = 6;

/** The history as tuning candidates are tried on it: chosen on its first part, judged on its last. */
export interface Replay {
  facts: Facts;
  /** Per finding of the history its fate, with `holdoutShift` added in the holdout. */
  classes: Uint8Array;
  /** The rules with most findings in the report's period, and the places of their findings in the history. */
  rules: { name: string; places: Int32Array }[];
  trainDays: number;
  holdoutDays: number;
  /** First and last local day of the holdout. */
  holdout: { from: string; to: string };
}

const trainShare = 0.7;
const mostRules = 10;
const leastDays = 14;

/** `undefined` where the history is shorter than 14 days. */
export const replayOf = oncePerObject((facts: Facts): Replay | undefined => {
  const { history } = facts;
  const days = history.period.days.filter(({ start }) => start < facts.asOf);
  const trainDays = Math.floor(days.length * trainShare);
  const first = days[trainDays];
  if (days.length < leastDays || first === undefined) return undefined;
  return {
    facts: history,
    classes: classesOf(history, trainDays),
    rules: noisyRules(facts),
    trainDays,
    holdoutDays: days.length - trainDays,
    holdout: { from: first.date, to: days.at(-1)?.date ?? first.date },
  };
});

/** What was escalated is taken as real whatever its verdict: hiding it would have hidden work that was handed on. */
function classesOf({ created, findings }: Facts, trainDays: number): Uint8Array {
  const verdict = created.coded('verdict');
  const fateOf = Uint8Array.from(verdict.values, fateOfVerdict);
  const days = created.coded('day').codes;
  const classes = new Uint8Array(created.rows);
  for (let i = 0; i < classes.length; i += 1) {
    const escalated = findings.escalated[created.members[i] ?? -1] === 1;
    const fate = escalated ? fates.real : (fateOf[verdict.codes[i] ?? -1] ?? fates.unjudged);
    classes[i] = fate + ((days[i] ?? 0) >= trainDays ? holdoutShift : 0);
  }
  return classes;
}

function fateOfVerdict(verdict: string): number {
  if (verdict === 'true_positive') return fates.real;
  return verdict === 'benign_positive' || verdict === 'false_positive' ? fates.noise : fates.unjudged;
}

function noisyRules({ created, history }: Facts): Replay['rules'] {
  const names = created
    .counts('rule')
    .flatMap(({ name }) => name ?? [])
    .slice(0, mostRules);
  const lists = history.findings.lists('rule');
  const wanted = new Map(names.map((name, place) => [name, place]));
  const perText = lists.texts.map((_, text) =>
    Array.from(itemsOf(lists, text)).flatMap((item) => wanted.get(lists.values[item] ?? '') ?? []),
  );
  const { codes } = history.created.coded('rule');
  const counts = new Map(history.created.counts('rule').map(({ name, n }) => [name, n]));
  const findingsOf = (name: string) => counts.get(name) ?? 0; // what is in the period is in the history
  const rules = names.map((name) => ({ name, places: new Int32Array(findingsOf(name)), n: 0 }));
  for (let i = 0; i < codes.length; i += 1) {
    const text = codes[i] ?? -1;
    for (const place of (text < 0 ? undefined : perText[text]) ?? []) {
      const rule = rules[place];
      if (rule !== undefined) rule.places[rule.n++] = i;
    }
  }
  return rules;
}
