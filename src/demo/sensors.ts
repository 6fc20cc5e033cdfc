import { exponential, pick, poisson, seeded, weighted, whole } from './chance.ts';
import { analysts } from './rules.ts';
import type { Stretch } from './soc.ts';

/** What the sample SOC's EDR and NDR detect: made up, as everything here. */
export interface DetectionRule {
  sensor: 'edr' | 'ndr';
  /** The product's own key of the rule. */
  key: string;
  name: string;
  /** Mean detections a day. */
  perDay: number;
  /** 1 to 100. */
  score: number;
  tactic: string;
  technique: string;
  /** What it turns out to be, by weight. */
  ends: Readonly<Partial<Record<Ending, number>>>;
}

type Ending = 'real' | 'false' | 'ignored';

const rule = (
  sensor: 'edr' | 'ndr',
  key: string,
  name: string,
  perDay: number,
  score: number,
  [tactic, technique]: [string, string],
  ends: DetectionRule['ends'],
): DetectionRule => ({ sensor, key, name, perDay, score, tactic, technique, ends });

const detectionRules: readonly DetectionRule[] = [
  rule('edr', '41002', 'Suspicious PowerShell Command Line', 3, 50, ['TA0002', 'T1059.001'], { false: 6, ignored: 3, real: 1 }),
  rule('edr', '41007', 'Credential Dumping from LSASS', 0.3, 90, ['TA0006', 'T1003.001'], { real: 3, false: 2 }),
  rule('edr', '41010', 'Document Dropped an Executable', 0.9, 70, ['TA0001', 'T1566.001'], { real: 3, false: 2, ignored: 1 }),
  rule('edr', '41015', 'Service Created on Another Host', 0.7, 70, ['TA0008', 'T1021.002'], { false: 4, real: 1 }),
  rule('edr', '41021', 'Scheduled Task for Persistence', 1.4, 50, ['TA0003', 'T1053.005'], { false: 5, ignored: 2, real: 1 }),
  rule('edr', '41030', 'Unsigned Driver Loaded', 1.1, 30, ['TA0005', 'T1014'], { ignored: 5, false: 2 }),
  rule('ndr', 'beaconing', 'Beaconing to a Rare External Host', 0.8, 83, ['TA0011', 'T1071.001'], { false: 4, real: 2 }),
  rule('ndr', 'smb_lateral', 'Unusual SMB Session between Servers', 1.2, 65, ['TA0008', 'T1021.002'], { false: 6, real: 1 }),
  rule('ndr', 'dns_tunnel', 'DNS Tunnel', 0.4, 70, ['TA0011', 'T1071.004'], { false: 4, real: 1 }),
  rule('ndr', 'large_upload', 'Large Upload to a New External Host', 0.9, 60, ['TA0010', 'T1048'], { false: 5, real: 1 }),
  rule('ndr', 'kerberos_brute', 'Kerberos Brute Force', 0.3, 85, ['TA0006', 'T1110'], { real: 1, false: 1 }),
  rule('ndr', 'expired_tls', 'Expired TLS Certificate in Use', 1.1, 20, ['TA0005', 'T1553'], { ignored: 4 }),
];

/** One detection's whole life; instants are epoch ms. */
export interface DetectionLife {
  /** As the product writes it. */
  id: string;
  rule: DetectionRule;
  host: string;
  address: string;
  peer: string;
  user: string;
  started: number;
  created: number;
  /** Whether it was real. */
  ending: Ending;
  taken?: { at: number; by: string };
  closed?: number;
}

const minute = 60_000;
const hour = 60 * minute;
/** After so long somebody clears out what nobody closed. */
const tidying = 40 * 24 * hour;

/** Every detection of stretches of days, in order of creation. */
export function detectionLives(stretches: readonly Stretch[]): DetectionLife[] {
  const lives = stretches.flatMap(livesIn).sort((a, b) => a.created - b.created);
  return lives.map((life, index) => ({ ...life, id: idOf(life.rule.sensor, index) }));
}

function livesIn({ from, to, zone, seed, tidied }: Stretch): DetectionLife[] {
  const random = seeded(seed + 7);
  const lives: DetectionLife[] = [];
  const end = Temporal.PlainDate.from(to);
  for (let date = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(date, end) <= 0; date = date.add({ days: 1 })) {
    const start = date.toZonedDateTime(zone).epochMilliseconds;
    const length = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - start;
    for (const which of detectionRules) {
      const mean = which.perDay * (date.dayOfWeek >= 6 ? 0.5 : 1);
      for (let count = poisson(mean, random); count > 0; count--) lives.push(oneLife(which, whole(start + random() * length), random));
    }
  }
  return tidied === true ? lives.map((life) => ({ ...life, closed: life.closed ?? life.created + tidying })) : lives;
}

function idOf(sensor: DetectionRule['sensor'], index: number): string {
  return sensor === 'ndr' ? String(2_500_000_000 + index) : `c0ffee:ind:${(0xa1b2c3 + index * 7919).toString(16)}:${8_000_000_000 + index}`;
}

function oneLife(which: DetectionRule, created: number, random: () => number): DetectionLife {
  const place = 20 + Math.floor(random() ** 2 * 60);
  const life: DetectionLife = {
    id: '',
    rule: which,
    host: which.sensor === 'edr' ? `HL-WS-${100 + place}` : `srv-${place}`,
    address: `10.20.${Math.floor(random() * 6)}.${place}`,
    peer: `198.51.100.${1 + Math.floor(random() ** 2 * 120)}`,
    user: `${pick(['j', 'm', 's', 'k', 'p', 't'], random)}.${pick(['weber', 'schulz', 'aydin', 'kaya', 'nguyen'], random)}`,
    started: created - Math.round(exponential(which.sensor === 'ndr' ? 20 * minute : 2 * minute, random)) - 211,
    created,
    ending: weighted(which.ends, random),
  };
  if (random() < 0.02) return life;
  const taken = whole(created + 3 * minute + exponential((which.score >= 80 ? 20 : 70) * minute, random));
  const by = pick(analysts, random);
  if (random() < 0.03) return { ...life, taken: { at: taken, by } };
  return { ...life, taken: { at: taken, by }, closed: whole(taken + 5 * minute + exponential(6 * hour, random)) };
}
