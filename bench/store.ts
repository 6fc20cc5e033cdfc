import { seeded } from '../src/demo/chance.ts';
import type { Finding, Ms } from '../src/finding.ts';
import type { Store } from '../src/store/index.ts';

const products = ['QRadar', 'Endpoint sensor', 'Mail gateway'];
const reasons = ['False-Positive, Tuned', 'Non-Issue', 'Policy Violation', 'Confirmed'];
const verdictsOf = ['false_positive', 'benign_positive', 'benign_positive', 'true_positive'] as const;

interface Made {
  finding: Finding;
  closes: Ms | undefined;
}

/**
 * Fills a store with `findings` made-up findings created over the `days` before `until`, collected once a day: nearly all
 * are seen open and later closed, so that there are about two observations of each. 200 titles, 5,000 addresses,
 * 12 analysts; 3 % stay open. The same seed gives the same store.
 */
export function fillStore(store: Store, options: { findings: number; days: number; until: Ms; seed: number }): void {
  const { findings, days, until, seed } = options;
  const random = seeded(seed);
  const end = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO('UTC');
  let waiting: Made[] = [];
  let made = 0;
  for (let day = 1; day <= days; day++) {
    const from = end.subtract({ days: days - day + 1 }).epochMilliseconds;
    const to = end.subtract({ days: days - day }).epochMilliseconds;
    const share = Math.round((findings * day) / days) - made;
    const fresh = instants(random, share, from, to).map((at, i) => make(random, made + i + 1, at));
    made += share;
    const due = waiting.filter(({ closes }) => closes !== undefined && closes < to);
    waiting = [...waiting.filter(({ closes }) => closes === undefined || closes >= to), ...fresh].filter(
      ({ closes }) => closes !== undefined,
    );
    const seen = [...due.map((one) => closed(random, one)), ...fresh.map((one) => one.finding)];
    store.append(batchOf(from, to, seen.length), seen, [], String(to));
  }
}

function batchOf(from: Ms, to: Ms, fetched: number): Parameters<Store['append']>[0] {
  return {
    source: 'siem',
    mode: 'changed',
    window_from: from,
    window_to: to,
    started_at: to - 60_000,
    finished_at: to,
    status: 'complete',
    reason: undefined,
    expected: fetched,
    fetched,
    rejected: 0,
    requests: Math.ceil(fetched / 50),
  };
}

function instants(random: () => number, n: number, from: Ms, to: Ms): Ms[] {
  const at = Array.from({ length: n }, () => Math.floor(from + random() * (to - from)));
  return at.sort((a, b) => a - b);
}

/** Small numbers are drawn more often: a few rules and addresses cause most findings. */
function skewed(random: () => number, n: number): number {
  return Math.floor(n * random() ** 3);
}

function address(n: number): string {
  return `10.${(n >> 8) % 24}.${n >> 8}.${n & 255}`;
}

function make(random: () => number, id: number, created: Ms): Made {
  const rule = skewed(random, 200);
  const actor = skewed(random, 5000);
  const stays = random() < 0.03;
  const finding: Finding = {
    native_id: String(10_000_000 + id),
    kind: 'alert',
    product: products[rule % 3] ?? 'QRadar',
    title: `Rule ${rule}: suspicious activity of kind ${(rule * 7919) % 200}`,
    url: `https://siem.example/console/offense?id=${10_000_000 + id}`,
    severity: ([2, 3, 3, 4, 5] as const)[rule % 5] ?? 3,
    severity_raw: String(1 + (rule % 10)),
    status: 'new',
    status_raw: 'OPEN',
    verdict: null,
    created_at: created,
    first_activity_at: created - Math.floor(random() * 300_000),
    last_activity_at: created + Math.floor(random() ** 2 * 3_600_000),
    escalated: null,
    rules: [{ id: String(100_000 + rule), name: `Rule ${rule}` }],
    entities: [
      { type: 'ip', value: address(actor), role: 'actor' },
      { type: 'ip', value: address(4999 - skewed(random, 5000)), role: 'target' },
    ],
    attacks: [],
    tags: [],
    networks: [`net-${actor % 40}`],
    log_sources: [`sensor-${rule % 60}`],
    event_count: 1 + skewed(random, 400),
  };
  // Half of them within two hours, some only after weeks.
  const closes = stays ? undefined : created + Math.floor(7_200_000 * (1 / (1 - random() * 0.997) - 0.5));
  return { finding, closes };
}

function closed(random: () => number, { finding, closes }: Made): Finding {
  const verdict = skewed(random, 4);
  const analyst = `analyst-${1 + skewed(random, 12)}`;
  return {
    ...finding,
    status: 'closed',
    status_raw: 'CLOSED',
    verdict: verdictsOf[verdict] ?? null,
    verdict_raw: reasons[verdict] ?? '',
    assignee: analyst,
    closed_by: analyst,
    closed_at: closes ?? finding.created_at,
  };
}
