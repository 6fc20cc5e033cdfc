import { exponential, pick, seeded, weighted, whole } from './chance.ts';
import { reasons } from './rules.ts';
import type { DetectionLife } from './sensors.ts';
import type { OffenseLife } from './soc.ts';

/** What the sample SOC's case tool holds: a case for each thing that was escalated, and what it was made from. */
export interface CaseLife {
  number: number;
  title: string;
  /** 1 low … 4 critical, as TheHive has it. */
  severity: number;
  opened: number;
  taken: { at: number; by: string };
  closed?: { at: number; status: Verdict };
  /** The alerts it was made from; none where somebody rang up. */
  parts: Part[];
}

interface Part {
  product: 'qradar' | 'crowdstrike' | 'extrahop';
  id: string;
  title: string;
  at: number;
}

type Verdict = 'TruePositive' | 'FalsePositive' | 'Indeterminate' | 'Other';

const minute = 60_000;
const hour = 60 * minute;
/** The second line. */
const team = ['g.tanaka', 'h.mbeki', 'i.kowalski'];
const calls = ['Lost laptop', 'Suspicious phone call', 'Mail with a strange attachment', 'Visitor at an unlocked screen'];

/** Something that was handed on, and when. */
interface Trigger {
  at: number;
  severity: number;
  part: Part;
}

/** Cases of what was escalated, in the order in which they were opened. Half of them join what other sensors saw close by. */
export function caseLives(offenses: readonly OffenseLife[], detections: readonly DetectionLife[], seed = 20_260_803): CaseLife[] {
  const random = seeded(seed);
  const used = new Set<string>();
  const cases: CaseLife[] = [];
  for (const trigger of [...offenses.flatMap(escalatedOffense), ...detections.flatMap(escalatedDetection)].sort((a, b) => a.at - b.at)) {
    if (used.has(trigger.part.id)) continue;
    const parts = [trigger.part];
    for (const sensor of ['edr', 'ndr'] as const) {
      const near = random() < 0.5 ? nearest(detections, sensor, trigger, used) : undefined;
      if (near !== undefined && near.id !== trigger.part.id) parts.push(partOf(near));
    }
    for (const { id } of parts) used.add(id);
    cases.push(oneCase(trigger.part.title, trigger.severity, whole(trigger.at), parts, random));
    if (random() < 0.08) cases.push(oneCase(pick(calls, random), 2, whole(trigger.at + exponential(9 * hour, random)), [], random));
  }
  cases.sort((a, b) => a.opened - b.opened);
  return cases.map((one, index) => ({ ...one, number: 1201 + index }));
}

function escalatedOffense({ id, rule, closed, created, severity }: OffenseLife): Trigger[] {
  if (closed?.reason !== reasons.Escalated) return [];
  const part = { product: 'qradar', id: String(id), title: rule.name, at: created } as const;
  return [{ at: closed.at, severity: severity >= 8 ? 4 : 3, part }];
}

function escalatedDetection(life: DetectionLife): Trigger[] {
  if (life.ending !== 'real' || life.taken === undefined || life.rule.score < 60) return [];
  return [{ at: life.taken.at + 6 * minute, severity: life.rule.score >= 80 ? 4 : 3, part: partOf(life) }];
}

function partOf({ id, rule, created }: DetectionLife): Part {
  return { product: rule.sensor === 'edr' ? 'crowdstrike' : 'extrahop', id, title: rule.name, at: created };
}

/** What the sensor saw closest to the trigger, within four hours before it was handed on. `all` are in order of creation. */
function nearest(
  all: readonly DetectionLife[],
  sensor: 'edr' | 'ndr',
  { at, part }: Trigger,
  used: ReadonlySet<string>,
): DetectionLife | undefined {
  let best: DetectionLife | undefined;
  const distance = (life: DetectionLife | undefined) => (life === undefined ? 4 * hour : Math.abs(life.created - part.at));
  for (let i = firstFrom(all, part.at - 4 * hour); i < all.length; i++) {
    const life = all[i];
    if (life === undefined || life.created > Math.min(at, part.at + 4 * hour)) break;
    if (life.rule.sensor === sensor && !used.has(life.id) && distance(life) < distance(best)) best = life;
  }
  return best;
}

/** The place of the first detection created at or after an instant. */
function firstFrom(all: readonly DetectionLife[], instant: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.created ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

function oneCase(title: string, severity: number, opened: number, parts: Part[], random: () => number): CaseLife {
  const taken = whole(opened + 2 * minute + exponential((severity === 4 ? 9 : 25) * minute, random));
  const late = random() < 0.1;
  const closed = whole(taken + 30 * minute + exponential((late ? 9 * 24 : 18) * hour, random));
  const status = weighted({ TruePositive: 62, FalsePositive: 12, Indeterminate: 10, Other: 16 }, random);
  const life = { number: 0, title, severity, opened, taken: { at: taken, by: pick(team, random) }, parts };
  // What nobody closes is closed by whoever clears out.
  return { ...life, closed: random() < 0.03 ? { at: opened + 40 * 24 * hour, status: 'Indeterminate' } : { at: closed, status } };
}
