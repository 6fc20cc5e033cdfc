import { z } from 'zod';
import type { Entity, Finding, Severity, Status } from '../../finding.ts';
import { attacksOf, words } from '../../products/index.ts';
import { exactId, onlyKnown } from '../vendor.ts';

// [soar]: github.com/splunk-soar-connectors/extrahop; [elastic]: packages/extrahop in github.com/elastic/integrations

const text = z.string().nullish();
const instant = z.number().nullish(); // Milliseconds UTC.
const named = z.array(z.object({ id: text })).nullish();

const dated = z.object({ start_time: z.number(), create_time: instant }); // Some recordings have no create_time.

/** Only the fields used. */
export const detection = dated.extend({
  id: exactId,
  end_time: instant,
  update_time: instant,
  title: text,
  type: text,
  url: text,
  risk_score: z.number().nullish(),
  status: text,
  resolution: text,
  assignee: text,
  ticket_id: z.union([z.string(), z.number()]).nullish(), // Both were recorded [soar].
  categories: z.array(z.string()).nullish(),
  participants: z.array(z.object({ role: text, object_type: text, object_value: text, hostname: text, username: text })).nullish(),
  mitre_tactics: named,
  mitre_techniques: named,
});
type Detection = z.infer<typeof detection>;

/** When the record appeared; where it does not say, when what it tells of began. */
export function createdOf(record: unknown): number | undefined {
  const { data } = dated.safeParse(record);
  return data?.create_time ?? data?.start_time;
}

/** No status is the first one [soar]; ticket systems write words of their own, "open" was recorded [elastic]. */
const states = words<Status>({ '': 'new', new: 'new', in_progress: 'in_progress', acknowledged: 'in_progress', closed: 'closed' });

export function findingOf(raw: Detection): Finding {
  const name = raw.title || raw.type;
  return {
    native_id: raw.id,
    kind: 'alert',
    product: 'ExtraHop RevealX',
    title: name || '(no title)',
    severity: severityOf(raw.risk_score),
    status: states[raw.status ?? ''] ?? 'unknown',
    verdict: null,
    created_at: raw.create_time ?? raw.start_time,
    escalated: null,
    rules: name ? [{ ...onlyKnown({ id: raw.type }), name }] : [],
    entities: (raw.participants ?? []).flatMap(entitiesOf),
    attacks: attacksOf([...(raw.mitre_tactics ?? []), ...(raw.mitre_techniques ?? [])].map(({ id }) => id)),
    tags: raw.categories ?? [],
    networks: [],
    log_sources: [],
    ...onlyKnown({
      url: raw.url,
      severity_raw: raw.risk_score?.toString(),
      status_raw: raw.status,
      verdict_reason: raw.resolution,
      first_activity_at: raw.start_time,
      last_activity_at: raw.end_time ?? raw.update_time,
      assignee: raw.assignee,
      parent: raw.ticket_id?.toString(),
    }),
  };
}

/** The colours of the console as ExtraHop describes them; our reading. */
function severityOf(score: number | null | undefined): Severity {
  if (score === null || score === undefined) return 0;
  if (score < 0 || score > 100) return 99;
  if (score >= 80) return 4;
  return score >= 31 ? 3 : 2;
}

function entitiesOf(each: NonNullable<Detection['participants']>[number]): Entity[] {
  const role = { offender: { role: 'actor' }, victim: { role: 'target' } } as const;
  const part = each.role === 'offender' || each.role === 'victim' ? role[each.role] : {};
  const found: [Entity['type'], string | null | undefined][] = [
    ['ip', each.object_value],
    ['host', each.hostname],
    ['user', each.username],
  ];
  return found.flatMap(([type, value]) => (value ? [{ type, value, ...part }] : []));
}
