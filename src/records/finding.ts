import { isIP } from 'node:net';
import type { Entity, Finding, LifecycleEvent, Ms, Severity, Status } from '../finding.ts';
import { type FileRecord, fold, type Mapping } from './mapping.ts';

const unknownSeverity: Severity = 0;
const open: ReadonlySet<Status> = new Set(['new', 'in_progress', 'on_hold']);
const done: ReadonlySet<Status> = new Set(['resolved', 'closed']);

/** A record of an export as a finding; instants are epoch ms. What the export does not say stays unknown. */
export function findingOf(record: FileRecord, mapping: Mapping): Finding {
  const { texts, lists, times, counts } = record;
  const status = statusOf(texts.status, mapping, times.closed_at);
  const life = lifeOf(record, mapping);
  const { updated_at: _updated, closed_at, ...stamps } = times;
  return {
    native_id: record.id,
    kind: mapping.kind,
    product: texts.product ?? mapping.product,
    title: texts.title ?? '(no title)',
    ...known({ url: webAddress(texts.url), status_raw: texts.status, severity_raw: texts.severity, verdict_raw: texts.verdict }),
    ...known({ assignee: texts.assignee, assignee_group: texts.assignee_group, closed_by: texts.closed_by }),
    ...known({ parent: texts.parent }),
    ...known({ children: lists.children?.map((id) => ({ id })) }),
    severity: meaning(mapping.values.severity, texts.severity) ?? unknownSeverity,
    status,
    verdict: meaning(mapping.values.verdict, texts.verdict) ?? null,
    escalated: escalatedOf(record, mapping),
    ...life,
    ...counts,
    ...stamps,
    created_at: record.created_at,
    // Some exports carry the final close on every row: what is open has none.
    ...(closed_at === undefined || open.has(status) ? {} : { closed_at }),
    rules: (lists.rule ?? []).map((name) => ({ name })),
    entities: entitiesOf(record, mapping),
    attacks: [],
    tags: lists.tags ?? [],
    networks: lists.network ?? [],
    log_sources: lists.log_source ?? [],
  };
}

function meaning<Value>(meanings: ReadonlyMap<string, Value> | undefined, text: string | undefined): Value | undefined {
  return text === undefined ? undefined : meanings?.get(fold(text));
}

function statusOf(text: string | undefined, { values }: Mapping, closedAt: Ms | undefined): Status {
  if (text === undefined) return closedAt === undefined ? 'unknown' : 'closed';
  return meaning(values.status, text) ?? 'unknown';
}

function escalatedOf({ texts, times }: FileRecord, { columns, values }: Mapping): boolean | null {
  if (times.escalated_at !== undefined) return true;
  if (texts.escalated !== undefined) return values.escalated?.has(fold(texts.escalated)) ?? null;
  return columns.escalated === undefined && columns.escalated_at !== undefined ? false : null;
}

/** Only what a browser opens: a `javascript:` link in an export is not one. */
function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}

function entitiesOf({ lists }: FileRecord, { entities }: Mapping): Entity[] {
  const typed = (value: string, type: Entity['type'] | undefined) =>
    ({ type: type ?? (isIP(value) === 0 ? 'other' : 'ip'), value }) as const;
  return [
    ...(lists.source ?? []).map((value) => ({ ...typed(value, entities.source), role: 'actor' as const })),
    ...(lists.target ?? []).map((value) => ({ ...typed(value, entities.target), role: 'target' as const })),
  ];
}

/** What successive versions in the file tell: changes of status and assignee, closes and reopenings. */
function lifeOf({ history }: FileRecord, mapping: Mapping): Pick<Finding, 'events' | 'reopen_count' | 'first_closed_at'> {
  const events: LifecycleEvent[] = [];
  for (const [index, now] of history.entries()) {
    const before = history[index - 1];
    if (before === undefined) continue;
    const from = meaning(mapping.values.status, before.status);
    const to = meaning(mapping.values.status, now.status);
    const step = { at: now.at, ...known({ from: before.status, to: now.status }) };
    if (now.status !== before.status) events.push({ ...step, type: typeOfStep(from, to) });
    if (now.assignee !== before.assignee)
      events.push({ at: now.at, type: 'assigned', ...known({ from: before.assignee, to: now.assignee }) });
  }
  if (history.length === 0) return {};
  const reopened = events.filter(({ type }) => type === 'reopened').length;
  const firstClose = events.find(({ type }) => type === 'closed');
  const first = reopened > 0 && firstClose !== undefined ? { first_closed_at: firstClose.at } : {};
  return { events, ...first, ...(mapping.columns.status === undefined ? {} : { reopen_count: reopened }) };
}

function typeOfStep(from: Status | undefined, to: Status | undefined): 'closed' | 'reopened' | 'status' {
  const wasDone = from !== undefined && done.has(from);
  if (to === undefined || wasDone === done.has(to)) return 'status';
  return wasDone ? 'reopened' : 'closed';
}

/** The keys that have a value: a missing key means unknown. */
function known<Key extends string, Value>(values: Record<Key, Value | undefined>): { [key in Key]?: Value } {
  const found: { [key in Key]?: Value } = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) found[key] = value;
  }
  return found;
}
