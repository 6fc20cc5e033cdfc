import { z } from 'zod';
import type { Entity, Finding, Severity, Status } from '../../finding.ts';
import { attacksOf, instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

// [template4]: extensions/elasticsearch/7.x/wazuh-template.json in github.com/wazuh/wazuh, v4.14
// [template5]: the findings template and case-management.md in github.com/wazuh/wazuh-indexer-plugins, 5.0

const text = z.string().nullish();
const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]).nullish();
const level = z.union([z.string(), z.number()]).nullish();
/** Text in newer samples, a number in older ones. */
const ruleId = z.union([z.string(), z.number()]).nullish();
const named = z.object({ id: texts, name: texts }).nullish();

/** Only the fields used, of both generations. */
export const hit = z.object({
  _id: z.string().min(1),
  _source: z.object({
    timestamp: text,
    '@timestamp': text,
    rule: z
      .object({
        id: ruleId,
        level,
        description: text,
        groups: texts,
        mitre: z.object({ id: texts, tactic: texts }).nullish(),
      })
      .nullish(),
    agent: z.object({ name: text, ip: text }).nullish(),
    decoder: z.object({ name: text }).nullish(),
    location: text,
    data: z.object({ srcip: text, dstip: text, srcuser: text, dstuser: text }).nullish(),
    source: z.object({ ip: text }).nullish(),
    destination: z.object({ ip: text }).nullish(),
    user: z.object({ name: text }).nullish(),
    wazuh: z
      .object({
        rule: z
          .object({
            id: ruleId,
            title: text,
            level,
            tags: texts,
            mitre: z.object({ tactic: named, technique: named, subtechnique: named }).nullish(),
          })
          .nullish(),
        agent: z.object({ name: text }).nullish(),
        integration: z.object({ name: text }).nullish(),
        case: z
          .object({ status: text, created_at: text, updated_at: text, user: z.object({ name: text }).nullish(), tags: texts })
          .nullish(),
      })
      .nullish(),
  }),
});
export type Hit = z.infer<typeof hit>;

export const read = [
  ...['timestamp', '@timestamp', 'agent.name', 'agent.ip', 'decoder.name', 'location', 'data.srcip', 'data.dstip', 'data.srcuser'],
  ...['data.dstuser', 'source.ip', 'destination.ip', 'user.name', 'wazuh.rule.id', 'wazuh.rule.title', 'wazuh.rule.level'],
  ...['wazuh.rule.tags', 'wazuh.rule.mitre', 'wazuh.agent.name', 'wazuh.integration.name', 'wazuh.case'],
  ...['rule.id', 'rule.level', 'rule.description', 'rule.groups', 'rule.mitre.id', 'rule.mitre.tactic'],
];

const grades = words<Severity>({ informational: 1, low: 2, medium: 3, high: 4, critical: 5 });
const states = words<Status>({ ACTIVE: 'new', ACKNOWLEDGED: 'in_progress', COMPLETED: 'closed', DELETED: 'deleted' });

/** 0–3 informational, 4–6 low, 7–11 medium, 12–14 high, 15–16 critical: our reading of Wazuh's classification of rules, which names no ranges. */
function severityOf(level: string | number | null | undefined): Severity {
  if (level === null || level === undefined || level === '') return 0;
  const number = Number(level);
  if (Number.isNaN(number)) return grades[String(level).toLowerCase()] ?? 99;
  if (number < 0 || number > 16) return 99;
  return number >= 15 ? 5 : number >= 12 ? 4 : number >= 7 ? 3 : number >= 4 ? 2 : 1;
}

export function createdOf({ _source: { timestamp, '@timestamp': at } }: Hit): number | undefined {
  return instantOf(timestamp ?? at);
}

export function findingOf(raw: Hit): Finding {
  const { wazuh, ...source } = raw._source;
  const [own, newer, triage] = [source.rule, wazuh?.rule, wazuh?.case];
  const title = own?.description ?? newer?.title ?? '(no rule)';
  const level = own?.level ?? newer?.level;
  const id = own?.id ?? newer?.id;
  const { tactic, technique, subtechnique } = newer?.mitre ?? {};
  const isClosed = triage?.status === 'COMPLETED';
  return {
    native_id: raw._id,
    kind: 'alert',
    product: 'Wazuh',
    title,
    severity: severityOf(level),
    // 4.x keeps no state at all; in 5.x a finding that nobody touched has no case.
    status: triage?.status ? (states[triage.status] ?? 'unknown') : newer ? 'new' : 'unknown',
    verdict: null,
    created_at: createdOf(raw) ?? Number.NaN,
    escalated: null,
    rules: [{ ...onlyKnown({ id: id?.toString() }), name: title }],
    entities: entitiesOf(raw),
    attacks: attacksOf([
      ...(own?.mitre?.id ?? []),
      ...(own?.mitre?.tactic ?? []),
      ...(tactic?.id ?? []),
      ...(technique?.id ?? []),
      ...(subtechnique?.id ?? []),
    ]),
    tags: [...(own?.groups ?? []), ...(newer?.tags ?? []), ...(triage?.tags ?? [])],
    networks: [],
    log_sources: [source.decoder?.name, source.location, wazuh?.integration?.name].flatMap((name) => name || []),
    ...onlyKnown({
      severity_raw: level?.toString(),
      status_raw: triage?.status,
      acknowledged_at: instantOf(triage?.created_at),
      closed_at: isClosed ? instantOf(triage?.updated_at) : undefined,
      assignee: triage?.user?.name,
      closed_by: isClosed ? triage?.user?.name : undefined,
    }),
  };
}

function entitiesOf({ _source: { agent, data, source, destination, user, wazuh } }: Hit): Entity[] {
  const found: [Entity['type'], string | null | undefined, Entity['role']][] = [
    ['host', agent?.name ?? wazuh?.agent?.name, 'target'],
    ['ip', data?.srcip ?? source?.ip, 'actor'],
    ['ip', data?.dstip ?? destination?.ip, 'target'],
    ['user', data?.srcuser, 'actor'],
    ['user', data?.dstuser ?? user?.name, 'target'],
  ];
  return found.flatMap(([type, value, role]) => (value ? [{ type, value, ...onlyKnown({ role }) }] : []));
}
