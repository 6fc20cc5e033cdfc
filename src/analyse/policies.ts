import { addBusinessSeconds } from '../calendar/index.ts';
import type { Client, SlaPolicy } from '../config/index.ts';
import { compileFilter } from '../filter/index.ts';
import type { Ms } from '../finding.ts';
import type { Findings } from './findings.ts';
import { oncePerObject } from '../once.ts';

/** Per metric and row the first policy that fits, by its place among the client's, or -1. */
export const policyOf = oncePerObject((findings: Findings): Map<SlaPolicy['metric'], Int8Array> => {
  const policies = Map.groupBy(findings.client.sla.entries(), ([, { metric }]) => metric);
  return new Map([...policies].map(([metric, own]) => [metric, firstFitting(findings, own)]));
});

/** When a service level falls due that began then, without its pauses. */
export function dueAt({ calendar }: Client, { clock, target_s }: SlaPolicy, start: Ms): Ms {
  return clock === 'sla' && calendar !== undefined ? addBusinessSeconds(calendar, start, target_s) : start + target_s * 1000;
}

/** Policies that follow each other and differ in their severities only: one look says which of them fits. */
interface Group {
  severity_at: SlaPolicy['severity_at'];
  when: SlaPolicy['when'];
  /** Per severity the place of the policy, or -1; the last entry is for an unknown severity. */
  bySeverity: Int8Array;
}

const unknown = 256;

function firstFitting({ view, client }: Findings, policies: readonly [number, SlaPolicy][]): Int8Array {
  const chosen = new Int8Array(view.rows).fill(-1);
  const now = view.number('severity');
  const initial = view.number('severity_initial');
  for (const { severity_at, when, bySeverity } of groupsOf(policies)) {
    const mask = when && compileFilter(when, { zone: client.timezone })(view);
    const early = severity_at === 'start' ? initial : now;
    for (let row = 0; row < chosen.length; row += 1) {
      if (chosen[row] !== -1 || mask?.[row] === 0) continue;
      const first = early[row] ?? Number.NaN;
      const severity = first >= 0 ? first : (now[row] ?? Number.NaN);
      chosen[row] = bySeverity[severity >= 0 ? severity : unknown] ?? -1;
    }
  }
  return chosen;
}

function groupsOf(policies: readonly [number, SlaPolicy][]): Group[] {
  const groups: Group[] = [];
  for (const [place, { severities, severity_at, when }] of policies) {
    let group = groups.at(-1);
    if (group === undefined || when !== undefined || group.when !== undefined || group.severity_at !== severity_at) {
      group = { severity_at, when, bySeverity: new Int8Array(unknown + 1).fill(-1) };
      groups.push(group);
    }
    for (let severity = 0; severity <= unknown; severity += 1) {
      if (group.bySeverity[severity] === -1 && (severities?.has(severity) ?? true)) group.bySeverity[severity] = place;
    }
  }
  return groups;
}
