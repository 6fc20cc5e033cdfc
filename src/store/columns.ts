import type { Finding } from '../finding.ts';

/**
 * The columns of a stored observation, one row per version of a finding.
 * `text` columns are dictionary-encoded (repetitive), `list` columns are texts joined with U+001F,
 * `instant` columns are epoch ms with NaN for unknown, `cold` columns are read only for the rows that are printed.
 */
export const listSeparator = '\u001f';

export const textColumns = [
  'source',
  'kind',
  'product',
  'title',
  'severity_raw',
  'status',
  'status_raw',
  'verdict',
  'verdict_raw',
  'verdict_reason',
  'assignee',
  'assignee_group',
  'closed_by',
  'closed_by_kind',
  'merged_into',
  'parent',
] as const;

/**
 * Lists: `actors`/`targets` are entity values by role, `entities` all of them as "type:value", `attacks` are
 * "tactic/technique/sub" with what is unknown left empty, `children` are "product:id" with no colon in the product. `rules` and `rule_ids` run side by side; the others hold no value twice.
 * A separator inside a value is shown as U+241F.
 */
export const listColumns = [
  'rules',
  'rule_ids',
  'actors',
  'targets',
  'entities',
  'users',
  'networks',
  'log_sources',
  'attacks',
  'tags',
  'children',
] as const;

/** The lists above that follow from a finding's entities. */
export const entityColumns = ['actors', 'targets', 'entities', 'users'] as const;
export type EntityColumn = (typeof entityColumns)[number];

export function isEntityColumn(name: string): name is EntityColumn {
  return (entityColumns as readonly string[]).includes(name); // widened only to ask
}

export const instantColumns = [
  'created_at',
  'first_activity_at',
  'last_activity_at',
  'acknowledged_at',
  'verdict_at',
  'escalated_at',
  'contained_at',
  'notified_at',
  'first_closed_at',
  'closed_at',
  // Derived from successive observations: the finding was first touched after `ack_after` (the start of the last batch that saw it,
  // or would have seen it, untouched; else its creation) and by `ack_before` (the end of the first batch that saw it touched).
  'ack_after',
  'ack_before',
  // When our tool first saw this finding, and when it saw this version.
  'first_seen_at',
  'seen_at',
] as const;

/** `escalated` is 1, 0 or NaN (unknown); `severity` is OCSF severity_id. */
export const numberColumns = ['key', 'batch', 'severity', 'severity_initial', 'escalated', 'reopen_count', 'event_count'] as const;

/** `extra` is JSON: entities, attacks, events, as the vendor gave them. */
export const coldColumns = ['native_id', 'url', 'extra'] as const;

export type TextColumn = (typeof textColumns)[number] | (typeof listColumns)[number];
export type NumberColumn = (typeof instantColumns)[number] | (typeof numberColumns)[number];

export type { Finding };
