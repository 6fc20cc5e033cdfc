import { exponential, pick, poisson, seeded, whole } from './chance.ts';
import { analysts, networks, type Rule, reasons, rules, scanner } from './rules.ts';

/**
 * A believable quarter of a mid-sized SOC, made up but deterministic: the same every time, so that the sample report
 * can be compared. What a console would answer at an instant is computed from each offense's life.
 */

/** One offense's whole life; instants are epoch ms. */
export interface OffenseLife {
  id: number;
  rule: Rule;
  source: string;
  destinations: number[];
  logSource: number;
  network: string;
  started: number;
  created: number;
  assigned?: { at: number; to: string };
  closed?: { at: number; by: string; reason: number };
  reopened?: number;
  closedAgain?: { at: number; by: string; reason: number };
  severity: number;
  events: number;
}

const minute = 60_000;
const hour = 60 * minute;

/** Local days from and to (YYYY-MM-DD, both included), the numbers their offenses are drawn from, and the id of the first. */
export interface Stretch {
  from: string;
  to: string;
  zone: string;
  seed: number;
  firstId: number;
  /** What nobody had closed was cleared out at the end of the next month but one, as desks do once in a while. */
  tidied?: boolean;
}

/** Every offense of a stretch of days, in order of creation. */
export function offenseLives({ from, to, zone, seed, firstId, tidied }: Stretch): OffenseLife[] {
  const random = seeded(seed);
  const lives: OffenseLife[] = [];
  const end = Temporal.PlainDate.from(to);
  for (let date = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(date, end) <= 0; date = date.add({ days: 1 })) {
    const day = date.toZonedDateTime(zone);
    const length = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - day.epochMilliseconds;
    for (const which of rules) {
      for (let count = poisson(which.perDay * dayWeight(which, date.dayOfWeek), random); count > 0; count--) {
        lives.push(oneLife(which, day.epochMilliseconds, length, random));
      }
    }
  }
  lives.sort((a, b) => a.created - b.created);
  return lives.map((life, index) => ({ ...(tidied === true ? cleared(life, zone) : life), id: firstId + index }));
}

function cleared(life: OffenseLife, zone: string): OffenseLife {
  if (life.closed !== undefined && (life.reopened === undefined || life.closedAgain !== undefined)) return life;
  const month = Temporal.Instant.fromEpochMilliseconds(life.created).toZonedDateTimeISO(zone).toPlainDate().with({ day: 1 });
  const at = month.add({ months: 2 }).toZonedDateTime(zone).epochMilliseconds - 8 * hour;
  const clearing = { at: whole(at), by: analysts[0] ?? 'desk', reason: reasons['To be monitored'] };
  return life.closed === undefined ? { ...life, closed: clearing } : { ...life, closedAgain: clearing };
}

function dayWeight(which: Rule, weekday: number): number {
  if (which.rhythm === 'office') return weekday >= 6 ? 0.18 : weekday === 1 ? 1.25 : 1;
  // The scanner runs on Tuesday and Thursday nights.
  if (which.id === 100033) return weekday === 2 || weekday === 4 ? 2.1 : 0.6;
  return weekday >= 6 ? 0.8 : 1;
}

function oneLife(which: Rule, dayStart: number, length: number, random: () => number): OffenseLife {
  const created = whole(dayStart + timeOfDay(which.rhythm, random) * length);
  const started = created - Math.round(exponential(which.kind === 'user' ? 9 * minute : 3 * minute, random)) - 137;
  const life: OffenseLife = {
    id: 0,
    rule: which,
    source: sourceOf(which, random),
    destinations: destinationsOf(which, random),
    logSource: pick(which.logSources, random),
    network: networkOf(which, random),
    started,
    created,
    severity: Math.max(1, Math.min(10, which.severity + Math.floor(random() * 3) - 1)),
    events: 1 + Math.floor(exponential(which.id === 100033 ? 900 : 40, random)),
  };
  return { ...life, ...handling(life, random) };
}

/** When it was taken up, closed, opened again: most within the day, a tail of weeks, some never. */
function handling(life: OffenseLife, random: () => number): Partial<OffenseLife> {
  if (random() < 0.004) return {};
  const office = life.rule.severity >= 7 ? 0.4 : 1;
  const takenUp = whole(life.created + (4 * minute + exponential(55 * minute, random)) * office);
  const to = pick(analysts, random);
  const assigned = random() < 0.94 ? { assigned: { at: takenUp, to } } : {};
  if (random() < 0.006) return assigned;
  const late = random() < 0.06;
  const closedAt = whole(
    takenUp + (late ? 4 * 24 * hour + exponential(9 * 24 * hour, random) : 10 * minute + exponential(5 * hour, random)),
  );
  const closed = { at: closedAt, by: to, reason: reasonOf(life, random) };
  if (random() >= 0.012) return { ...assigned, closed };
  const reopened = whole(closedAt + 6 * hour + exponential(30 * hour, random));
  const again =
    random() < 0.6 ? { closedAgain: { at: whole(reopened + exponential(20 * hour, random)), by: to, reason: reasons.Resolved } } : {};
  return { ...assigned, closed, reopened, ...again };
}

function reasonOf(life: OffenseLife, random: () => number): number {
  if (life.source === scanner) return random() < 0.92 ? reasons['False-Positive'] : reasons['Rule Need to be tuned'];
  const entries = Object.entries(life.rule.ends) as [keyof typeof reasons, number][]; // the keys are those of `reasons` by the type of `ends`
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return reasons[name];
  }
  return reasons['To be monitored'];
}

function timeOfDay(rhythm: Rule['rhythm'], random: () => number): number {
  if (rhythm === 'office')
    return Math.min(0.999, Math.max(0, 0.33 + 0.4 * ((random() + random() + random()) / 3 + (random() - 0.5) * 0.35)));
  if (rhythm === 'night') return (random() < 0.7 ? random() * 0.22 + 0.02 : random()) % 1;
  return random();
}

function sourceOf(which: Rule, random: () => number): string {
  if (which.id === 100033) return random() < 0.72 ? scanner : `10.20.${Math.floor(random() * 6)}.${20 + Math.floor(random() * 60)}`;
  if (which.kind === 'user')
    return `${pick(['j', 'm', 's', 'k', 'p', 't'], random)}.${pick(['weber', 'schulz', 'aydin', 'kaya', 'nguyen', 'petrov', 'silva', 'haddad', 'meyer'], random)}`;
  if (which.kind === 'internal') return `10.20.${Math.floor(random() * 6)}.${20 + Math.floor(random() * 60)}`;
  return `203.0.113.${1 + Math.floor(random() ** 2 * 90)}`;
}

/** Addresses inside, by their id: a few servers take most of it. */
function destinationsOf(which: Rule, random: () => number): number[] {
  if (which.kind === 'user' && random() < 0.6) return [];
  const count = random() < 0.8 ? 1 : 1 + Math.floor(random() * 4);
  return [...new Set(Array.from({ length: count }, () => 1 + Math.floor(random() ** 2 * 40)))];
}

export function destinationAddress(id: number): string {
  return `10.30.${Math.floor(id / 20)}.${10 + (id % 20)}`;
}

function networkOf(which: Rule, random: () => number): string {
  if (which.kind === 'external') return 'Internet';
  if (which.id === 100033) return random() < 0.72 ? 'Servers.Core' : 'Office.Berlin';
  return pick(networks.slice(1), random);
}
