import { hash } from 'node:crypto';
import type { Finding } from '../finding.ts';
import { type EntityColumn, isEntityColumn, listColumns, listSeparator, type TextColumn, textColumns } from './columns.ts';

/** Text columns kept in segments; `source` follows from the batch, and entities are kept as lists of their own. */
export type StoredText = Exclude<TextColumn, 'source' | EntityColumn>;
export const storedTexts: readonly StoredText[] = [...textColumns, ...listColumns].filter(
  (name) => name !== 'source' && !isEntityColumn(name),
);

/** What a finding puts into each text column; undefined and '' both mean unknown. */
export const textOf: Readonly<Record<StoredText, (finding: Finding) => string | null | undefined>> = {
  kind: (finding) => finding.kind,
  product: (finding) => finding.product,
  title: (finding) => finding.title,
  severity_raw: (finding) => finding.severity_raw,
  status: (finding) => finding.status,
  status_raw: (finding) => finding.status_raw,
  verdict: (finding) => finding.verdict,
  verdict_raw: (finding) => finding.verdict_raw,
  verdict_reason: (finding) => finding.verdict_reason,
  assignee: (finding) => finding.assignee,
  assignee_group: (finding) => finding.assignee_group,
  closed_by: (finding) => finding.closed_by,
  closed_by_kind: (finding) => finding.closed_by_kind,
  merged_into: (finding) => finding.merged_into,
  parent: (finding) => finding.parent,
  rules: (finding) => join(finding.rules.map((rule) => rule.name)),
  // As many as there are rules, so that the two lists run side by side; none where no rule has an id.
  rule_ids: (finding) => (finding.rules.some((rule) => rule.id !== undefined) ? join(finding.rules.map((rule) => rule.id ?? '')) : ''),
  networks: (finding) => distinct(finding.networks),
  log_sources: (finding) => distinct(finding.log_sources),
  attacks: (finding) => distinct(finding.attacks.map(({ tactic, technique, sub }) => `${tactic ?? ''}/${technique ?? ''}/${sub ?? ''}`)),
  tags: (finding) => distinct(finding.tags),
  children: (finding) => distinct((finding.children ?? []).map(({ product = '', id }) => `${product.replaceAll(':', ' ')}:${id}`)),
};

function distinct(texts: readonly string[]): string {
  return join(texts.length < 2 ? texts : [...new Set(texts)]);
}

/** An attacker may write the separator into a value; there it is shown as a symbol, so that it splits nothing. */
function join(texts: readonly string[]): string {
  const [only = ''] = texts;
  return texts.length < 2 ? unsplit(only) : texts.map(unsplit).join(listSeparator);
}

function unsplit(text: string): string {
  return text.includes(listSeparator) ? text.replaceAll(listSeparator, '\u241f') : text;
}

const idMark = '\u001f';

/** A url mostly differs from the next one only by the finding's id; without it all are the same and take no space. */
export function urlOf({ native_id, url = '' }: Finding): string {
  // The mark is no character of a url; whoever put it there meant its escape.
  const plain = url.includes(idMark) ? url.replaceAll(idMark, '%1F') : url;
  return native_id === '' || !plain.includes(native_id) ? plain : plain.split(native_id).join(idMark);
}

export function urlFrom(stored: string, native_id: string): string | undefined {
  return stored === '' ? undefined : stored.replaceAll(idMark, () => native_id);
}

/** JSON of what no column holds whole; '' where the columns say everything. Entities are put in again when it is read. */
export function extraOf({ attacks, events }: Finding): string {
  if (attacks.length === 0 && events === undefined) return '';
  return JSON.stringify({ attacks, ...(events === undefined ? {} : { events }) });
}

/**
 * sha256 of everything a finding says, in an order of its own: two collections of an unchanged record have the same hash, also
 * when the vendor's code has changed in between. One character per byte: a text costs less than a buffer.
 */
export function contentHash(f: Finding): string {
  // biome-ignore format: one line per kind of field.
  const fields = [
    f.native_id, f.kind, f.product, f.title, f.url, f.severity, f.severity_raw, f.status, f.status_raw, f.verdict, f.verdict_raw, f.verdict_reason,
    f.created_at, f.first_activity_at, f.last_activity_at, f.acknowledged_at, f.verdict_at, f.escalated_at, f.contained_at, f.notified_at,
    f.first_closed_at, f.closed_at, f.reopen_count, f.escalated, f.assignee, f.assignee_group, f.closed_by, f.closed_by_kind,
    f.rules, f.entities, f.attacks, f.tags, f.networks, f.log_sources, f.merged_into, f.parent, f.event_count, f.events,
    ...(f.children === undefined ? [] : [f.children]), // A record without any keeps the hash it had before there were any.
  ];
  return hash('sha256', JSON.stringify(fields), 'binary');
}
