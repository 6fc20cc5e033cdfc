import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Entity, Finding, Severity } from '../finding.ts';
import { parseJson } from '../http-json.ts';
import { attacksOf, instantOf } from '../products/index.ts';
import { checkLogs, type Heard, type LogLine, logPages, logSettings, unhandled } from '../records/index.ts';
import { answers, defineVendor, onlyKnown } from './vendor.ts';

// [oisf]: etc/schema.json, src/output-json-alert.c and doc/userguide/rules/meta.rst in github.com/OISF/suricata, the vendor's own

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();
const address = z.object({ ip: text }).nullish();

/** Only the fields used. */
const alert = z.object({
  timestamp: z.string(),
  host: text,
  in_iface: text,
  flow_id: z.union([z.number(), z.string()]).nullish(),
  tx_id: z.number().nullish(),
  pcap_cnt: z.number().nullish(),
  src_ip: text,
  src_port: z.number().nullish(),
  dest_ip: text,
  dest_port: z.number().nullish(),
  alert: z
    .object({
      action: text,
      gid: z.number().nullish(),
      signature_id: z.number().nullish(),
      rev: z.number().nullish(),
      signature: text,
      category: text,
      severity: z.number().nullish(),
      source: address,
      target: address,
      metadata: z.object({ mitre_tactic_id: texts, mitre_technique_id: texts }).nullish(),
    })
    .nullish(),
});
type Alert = z.infer<typeof alert>;

const handling = 'Suricata writes what it saw and knows nothing of its handling';

export default defineVendor({
  id: 'suricata',
  name: 'Suricata (eve.json)',
  family: 'ndr',
  delivers: ['alert'],
  permissions: ['read access to eve.json, its rotated files and their folder'],
  settings: logSettings,
  capability: {
    ...answers('field', 'rules', 'entities'),
    networks: { answer: 'no' },
    first_activity_at: { answer: 'field', note: 'the time of the packet' },
    ...unhandled(handling),
    severity: { answer: 'field', note: "the rule's priority: 1 high, 2 medium, 3 low, from 4 informational; our reading" },
    attacks: { answer: 'field', note: 'of rules whose metadata has them, where the sensor logs it (alert: metadata: yes)' },
    log_sources: { answer: 'field', note: 'the sensor, or its interface' },
  },
  check: ({ settings, effects, base_dir }) => checkLogs(settings, base_dir, hear, effects),
  pages: ({ settings, window, effects, base_dir }) => logPages(settings, base_dir, window, hear, effects),
  raw: alert,
  normalise: findingOf,
});

/** One file holds all types of events; the others only show that the sensor lived. Stats lines may be 100 KB: not parsed. */
function hear({ text, ended }: LogLine): Heard | undefined {
  const at = instantOf(/"timestamp"\s*:\s*"([^"]*)"/.exec(text)?.[1]);
  if (!/"event_type"\s*:\s*"alert"/.test(text)) {
    if (text.startsWith('{') && text.endsWith('}')) return at === undefined ? undefined : { at };
    return ended ? { reason: 'is no JSON object' } : undefined;
  }
  const parsed = parseJson(text);
  if (!parsed.ok) return ended ? { reason: parsed.why } : undefined;
  return at === undefined ? { reason: 'has no timestamp' } : { at, record: parsed.json };
}

/** Nothing in a line is an id. Lines that agree in all of this are one alert that was written twice, as in a copied file. */
function idOf(raw: Alert): string {
  const { gid, signature_id, rev } = raw.alert ?? {};
  const place = [raw.host, raw.flow_id, raw.tx_id, raw.pcap_cnt, raw.src_ip, raw.src_port, raw.dest_ip, raw.dest_port];
  return hash('sha1', JSON.stringify([raw.timestamp, ...place, gid, signature_id, rev].map((each) => each ?? null)));
}

function findingOf(raw: Alert): Finding {
  const { signature, signature_id, gid, category, action, metadata, severity } = raw.alert ?? {};
  const at = instantOf(raw.timestamp) ?? Number.NaN;
  const sensor = raw.host || raw.in_iface;
  return {
    native_id: idOf(raw),
    kind: 'alert',
    product: 'Suricata',
    title: signature || '(no signature)',
    severity: severityOf(severity),
    status: 'unknown',
    verdict: null,
    created_at: at,
    first_activity_at: at,
    escalated: null,
    rules: signature ? [{ ...onlyKnown({ id: signature_id ? `${gid ?? 1}:${signature_id}` : undefined }), name: signature }] : [],
    entities: entitiesOf(raw),
    attacks: attacksOf([...(metadata?.mitre_tactic_id ?? []), ...(metadata?.mitre_technique_id ?? [])]),
    tags: [category, action].flatMap((tag) => tag || []),
    networks: [],
    log_sources: sensor ? [sensor] : [],
    ...onlyKnown({ severity_raw: severity?.toString() }),
  };
}

/** Turned round against all other products: 1 is the highest [oisf]. */
function severityOf(priority: number | null | undefined): Severity {
  if (priority === null || priority === undefined) return 0;
  if (!Number.isInteger(priority) || priority < 1 || priority > 255) return 99;
  return ([4, 3, 2] as const)[priority - 1] ?? 1;
}

/** A rule with "target" says who is attacked; for the others who sent is taken for the actor. */
function entitiesOf({ src_ip, dest_ip, alert: rule }: Alert): Entity[] {
  const [actor, target] = [rule?.source?.ip || src_ip, rule?.target?.ip || dest_ip];
  return [
    ...(actor ? [{ type: 'ip', value: actor, role: 'actor' } as const] : []),
    ...(target ? [{ type: 'ip', value: target, role: 'target' } as const] : []),
  ];
}
