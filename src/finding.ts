/**
 * The normal form of an alert or a case, as every vendor delivers it (OCSF enums where they exist).
 * Instants are epoch milliseconds UTC. A missing key means "unknown", never zero.
 */
export type Ms = number;

/** OCSF severity_id: 0 unknown, 1 informational, 2 low, 3 medium, 4 high, 5 critical, 6 fatal, 99 other. */
export type Severity = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;

export const statuses = ['new', 'in_progress', 'on_hold', 'resolved', 'closed', 'suppressed', 'deleted', 'unknown'] as const;
export type Status = (typeof statuses)[number];

export const verdicts = ['true_positive', 'benign_positive', 'false_positive', 'duplicate', 'test', 'undetermined', 'other'] as const;
export type Verdict = (typeof verdicts)[number];

export const entityTypes = ['host', 'user', 'ip', 'hash', 'url', 'email', 'process', 'resource', 'other'] as const;

export interface Entity {
  type: (typeof entityTypes)[number];
  value: string;
  role?: 'actor' | 'target';
}

/** Another record, as a product names it. */
export interface Reference {
  /** Whose record it is, in the product's own word; absent where it does not say. */
  product?: string;
  id: string;
}

export interface Attack {
  tactic?: string; // TAxxxx
  technique?: string; // Txxxx
  sub?: string; // Txxxx.yyy
}

export interface LifecycleEvent {
  at: Ms;
  type:
    | 'created'
    | 'assigned'
    | 'status'
    | 'severity'
    | 'verdict'
    | 'escalated'
    | 'contained'
    | 'notified'
    | 'merged'
    | 'closed'
    | 'reopened'
    | 'comment';
  by?: string;
  by_kind?: 'human' | 'automation' | 'unknown';
  from?: string;
  to?: string;
}

/** The timestamps of a finding's life, in the order in which they usually happen. */
export const stamps = [
  'first_activity_at',
  'last_activity_at',
  'created_at',
  'acknowledged_at',
  'verdict_at',
  'escalated_at',
  'contained_at',
  'notified_at',
  'first_closed_at',
  'closed_at',
] as const;
export type Stamp = (typeof stamps)[number];

export interface Finding {
  /** The product's own id, exact to the last digit; unique within its source. */
  native_id: string;
  kind: 'alert' | 'case';
  /** The detecting product, e.g. "QRadar" or, for a SIEM that relays, what it names. */
  product: string;
  /** Attacker-influenced: escape wherever it is printed. */
  title: string;
  url?: string;
  severity: Severity;
  severity_raw?: string;
  status: Status;
  status_raw?: string;
  /** null: no verdict recorded. */
  verdict: Verdict | null;
  /** The product's own word for it, e.g. the closing reason; an unknown id stays printed ("closing reason 54"). */
  verdict_raw?: string;
  verdict_reason?: string;
  /** When the record appeared in the SOC's queue. */
  created_at: Ms;
  /** First and last activity of the events behind it: the attacker's clock, not the SOC's. */
  first_activity_at?: Ms;
  last_activity_at?: Ms;
  /** First human touch. */
  acknowledged_at?: Ms;
  verdict_at?: Ms;
  escalated_at?: Ms;
  contained_at?: Ms;
  notified_at?: Ms;
  first_closed_at?: Ms;
  /** Last close; absent while open. */
  closed_at?: Ms;
  reopen_count?: number;
  /** As far as the product itself says so; a client's own rule for "escalated" is applied later. null: it does not say. */
  escalated: boolean | null;
  assignee?: string;
  assignee_group?: string;
  closed_by?: string;
  closed_by_kind?: 'human' | 'automation' | 'unknown';
  rules: { id?: string; name: string }[];
  entities: Entity[];
  attacks: Attack[];
  tags: string[];
  networks: string[];
  log_sources: string[];
  merged_into?: string;
  /** The case it belongs to, by that case's native id. */
  parent?: string;
  /** What it was made from, or stands for: records of this product or of others, by their native ids. */
  children?: Reference[];
  event_count?: number;
  events?: LifecycleEvent[];
}

/** A record that is no finding: counted, kept and listed, never silently dropped. */
export interface Rejection {
  /** Where it came from: "page 3, record 17" or "incidents.csv line 204". */
  place: string;
  reason: string;
  raw: string;
}

/** A list holds several texts per finding; an instant is epoch ms; a flag is 1 or 0. */
export type FieldKind = 'text' | 'list' | 'number' | 'instant' | 'flag';

/** What filters may ask of a finding: the stored columns but for our own keys. */
export const fields: Readonly<Record<string, FieldKind>> = {
  source: 'text',
  kind: 'text',
  product: 'text',
  title: 'text',
  severity: 'number',
  severity_initial: 'number',
  severity_raw: 'text',
  status: 'text',
  status_raw: 'text',
  verdict: 'text',
  verdict_raw: 'text',
  verdict_reason: 'text',
  escalated: 'flag',
  reopen_count: 'number',
  event_count: 'number',
  assignee: 'text',
  assignee_group: 'text',
  closed_by: 'text',
  closed_by_kind: 'text',
  merged_into: 'text',
  parent: 'text',
  children: 'list',
  rules: 'list',
  rule_ids: 'list',
  actors: 'list',
  targets: 'list',
  entities: 'list',
  users: 'list',
  networks: 'list',
  log_sources: 'list',
  attacks: 'list',
  tags: 'list',
  created_at: 'instant',
  first_activity_at: 'instant',
  last_activity_at: 'instant',
  acknowledged_at: 'instant',
  verdict_at: 'instant',
  escalated_at: 'instant',
  contained_at: 'instant',
  notified_at: 'instant',
  first_closed_at: 'instant',
  closed_at: 'instant',
  ack_after: 'instant',
  ack_before: 'instant',
  first_seen_at: 'instant',
  seen_at: 'instant',
};
