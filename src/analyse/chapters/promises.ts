import { analystWords } from '../columns.ts';
import { type Words, fieldWords, listed, percent, say } from '../../words/index.ts';
import type { SlaPolicy } from '../../config/index.ts';
import { markPartial, type Outcome } from '../../outcome.ts';
import { countMembers } from '../cohort.ts';
import type { Facts } from '../facts.ts';
import { cellOf, count, proportion } from '../figures.ts';
import { defineKpi, type Cell, type Kpi, type Series, type Table } from '../kpi.ts';
import { oncePerObject } from '../../once.ts';
import { longestOverruns } from '../overruns.ts';
import { type Breach, promisesOf, type Standing } from '../promises.ts';
import { captionOf } from '../series.ts';
import { policyWords } from '../words.ts';
import { wilson } from '../stats/index.ts';

const common = {
  chapter: 'speed',
  cohort: 'due-in-period',
  minN: 0,
  clock: 'sla',
  audiences: ['manager', 'client', 'engineer'],
} as const satisfies Partial<Kpi>;

/** One service level of one severity. */
interface Line {
  policy: SlaPolicy;
  severity: string;
  counts: Record<Standing, number>;
}

const linesOf = oncePerObject((facts: Facts): Line[] => {
  const { values } = facts.findings.coded('severity'); // most severe first
  return facts.client.sla.flatMap((policy, index) =>
    values.flatMap((severity, code) => {
      const counts = promisesOf(facts)[index]?.counts.get(code);
      if (counts === undefined) return [];
      const [met = 0, breached = 0, pending = 0, unknown = 0] = counts; // one for each standing
      return [{ policy, severity, counts: { met, breached, pending, unknown } }];
    }),
  );
});

function totalOf(facts: Facts): Record<Standing, number> {
  const total = { met: 0, breached: 0, pending: 0, unknown: 0 };
  for (const { counts } of linesOf(facts)) for (const standing of Object.keys(total) as Standing[]) total[standing] += counts[standing]; // keys of the literal
  return total;
}

/** Where more than this share cannot be told, the rest says nothing about the whole. */
const mostUnknown = 0.2;

function unconfigured({ client }: Facts): Outcome | undefined {
  return client.sla.length > 0
    ? undefined
    : { status: 'no-denominator', reason: say('no service level is configured for this client'), n: 0 };
}

const compliance = defineKpi({
  ...common,
  id: 'SLA-01',
  name: 'Service levels kept',
  question: 'Were the promises kept?',
  needs: [],
  formula:
    'Met / (met + breached), of the service levels that fell due in the period; breached includes what is still open past due; open and not yet due is pending and in neither. Severity as the policy says, the first policy per metric counts',
  unit: 'rate',
  direction: 'up',
  statistic: 'Wilson 95 % interval',
  chart: 'bullet',
  sources: ['catalogue SLA-01'],
  compare: 'proportion',
  compute: (facts) => ({ outcome: unconfigured(facts) ?? kept(facts) }),
  target: ({ client }) => commonGoal(client.sla.map(({ goal }) => goal)),
  show: (facts) => {
    if (unconfigured(facts) !== undefined) return {};
    const { pending, unknown } = totalOf(facts);
    const notes: Words[] = [say('{pending} not yet due or put off at the data cut, in neither.', { pending })];
    if (unknown > 0)
      notes.push(say('{unknown} done at a time known only between two observations, of which one lies past due: in neither.', { unknown }));
    return { series: bullets(facts), tables: [lineTable(facts)], notes: [...notes, ...changedNote(facts)] };
  },
});

/** The goal of the whole is only known where all its parts have the same. */
function commonGoal(goals: readonly (number | undefined)[]): number | undefined {
  return new Set(goals).size === 1 ? goals[0] : undefined;
}

function kept(facts: Facts): Outcome {
  const { met, breached, unknown } = totalOf(facts);
  if (unknown > mostUnknown * (met + breached + unknown)) {
    const reason = say(
      'of {n, plural, one {# service level} other {# service levels}} due it cannot be told for {unknown} whether they were kept: the time is known only between two observations',
      { n: met + breached + unknown, unknown },
    );
    return { status: 'not-available-from-source', reason, n: met + breached };
  }
  const outcome = proportion(met, met + breached, say('service levels due in the period'));
  return markPartial(outcome, unknown === 0 ? undefined : say('for {unknown} more it cannot be told whether they were kept', { unknown }));
}

function changedNote({ findings, created }: Facts): Words[] {
  const [now, first] = [findings.view.number('severity'), findings.view.number('severity_initial')];
  const changed = countMembers(created.members, (row) => (first[row] ?? Number.NaN) >= 0 && first[row] !== now[row]);
  return changed === 0
    ? []
    : [say('The severity of {n, plural, one {# finding} other {# findings}} created was changed later.', { n: changed })];
}

function shareOf({ counts: { met, breached } }: Line): { value: number; n: number; low: number; high: number } | undefined {
  const n = met + breached;
  const interval = wilson(met, n);
  return interval && { value: met / n, n, ...interval };
}

/** One panel per goal, so that each bar stands beside the tick it is meant to reach. */
function bullets(facts: Facts): Series[] {
  const goals = new Map<number | undefined, Line[]>();
  for (const line of linesOf(facts)) goals.set(line.policy.goal, [...(goals.get(line.policy.goal) ?? []), line]);
  return [...goals].map(([goal, lines], index) => {
    const missed = lines.filter((line) => goal !== undefined && (shareOf(line)?.value ?? goal) < goal).length;
    const title =
      goal === undefined
        ? say('Service levels without a goal')
        : say('{missed} of {n} miss the goal of {share}', { missed, n: lines.length, share: percent(goal) });
    return {
      id: index === 0 ? 'SLA-01.levels' : `SLA-01.levels-${index + 1}`,
      title,
      caption: captionOf(facts, say('Share of service levels due that were kept, by severity')),
      chart: 'bullet',
      unit: 'rate',
      axis: 'category',
      labels: lines.map(({ policy, severity }) => listed([fieldWords(policy.metric), fieldWords(severity)])),
      groups: [{ name: say('kept'), cells: lines.map((line) => lineCell(facts, line)) }],
      ...(goal === undefined ? {} : { target: goal }),
    };
  });
}

function lineCell(facts: Facts, line: Line): Cell {
  const share = shareOf(line);
  if (share === undefined) return { status: 'no-data', reason: say('nothing was due') };
  const { value, ...rest } = share;
  const cell = cellOf(facts, value);
  return cell.status === 'no-data' ? cell : { ...cell, ...rest };
}

function lineTable(facts: Facts): Table {
  const rows = linesOf(facts).map((line) => ({
    policy: policyWords(line.policy),
    severity: fieldWords(line.severity),
    ...line.counts,
    share: shareOf(line)?.value ?? null,
    goal: line.policy.goal ?? null,
  }));
  const { met, breached } = totalOf(facts);
  const columns = { met: say('Met'), breached: say('Breached'), pending: say('Pending'), unknown: say('Cannot be told') };
  return {
    id: 'SLA-01.policies',
    title: say('{met} kept and {breached} breached', { met, breached }),
    caption: captionOf(facts, say('Service levels due by policy and severity')),
    columns: [
      { key: 'policy', label: say('Service level'), kind: 'text' },
      { key: 'severity', label: say('Severity'), kind: 'text' },
      ...Object.entries(columns).map(([key, label]) => ({ key, label, kind: 'count' as const })),
      { key: 'share', label: say('Kept'), kind: 'rate' },
      { key: 'goal', label: say('Goal'), kind: 'rate' },
    ],
    rows,
    total_rows: rows.length,
  };
}

const mostListed = 50;

const breaches = defineKpi({
  ...common,
  id: 'SLA-02',
  name: 'Service levels breached',
  question: 'Which promises were broken, and by how much?',
  needs: [],
  formula:
    'Service levels that fell due in the period and were kept late, or are still open past due; listed by how late, in running clock',
  unit: 'count',
  direction: 'down',
  statistic: 'count',
  chart: 'table',
  sources: ['catalogue SLA-02'],
  compute: (facts) => ({ outcome: unconfigured(facts) ?? count(totalOf(facts).breached) }),
  show: (facts) => (unconfigured(facts) === undefined ? { tables: [breachTable(facts)] } : {}),
});

function breachTable(facts: Facts): Table {
  const { rows: shown, total } = longestOverruns(facts, mostListed);
  const ids = facts.findings.view.cold(shown.map(({ breach }) => breach.row));
  return {
    id: 'SLA-02.list',
    title:
      total === 0 ? say('Nothing was breached') : say('{n, plural, one {# breach} other {# breaches}}, the latest first', { n: total }),
    caption: captionOf(facts, say('Service levels breached, by how late')),
    columns: [
      { key: 'id', label: say('Finding'), kind: 'text' },
      { key: 'title', label: say('Title'), kind: 'text' },
      { key: 'severity', label: say('Severity'), kind: 'text' },
      { key: 'policy', label: say('Service level'), kind: 'text' },
      { key: 'due', label: say('Due'), kind: 'instant' },
      { key: 'overrun', label: say('Late by'), kind: 'seconds' },
      { key: 'state', label: say('Now'), kind: 'text' },
      { key: 'reason', label: say('Closing reason'), kind: 'text' },
      { key: 'owner', label: say('Owner'), kind: 'text' },
    ],
    rows: shown.map(({ policy, breach }, i) => ({
      id: ids[i]?.native_id ?? null,
      policy: policyWords(policy),
      ...breachRow(facts, breach),
    })),
    total_rows: total,
    essential: true,
  };
}

function breachRow({ findings }: Facts, { row, due, overrun_s, open }: Breach) {
  const text = (name: 'title' | 'severity' | 'closing_reason' | 'analyst') => {
    const { codes, values } = findings.coded(name);
    return values[codes[row] ?? -1] ?? null;
  };
  return {
    title: text('title'),
    severity: fieldWords(text('severity') ?? 'Unknown'),
    due: new Date(due).toISOString(),
    overrun: overrun_s,
    state: open ? say('still open') : say('done late'),
    reason: text('closing_reason'),
    owner: analystWords(text('analyst')),
  };
}

export const promises: readonly Kpi[] = [compliance, breaches];
