import type { Calendar } from '../calendar/index.ts';
import type { CategoryRule } from '../categories.ts';
import type { Filter } from '../filter/index.ts';
import type { Ms, Status, Verdict } from '../finding.ts';
import type { Rhythm } from '../firing.ts';
import type { Secret } from '../secret.ts';
import type { AnyVendor } from '../vendors/vendor.ts';

export interface Config {
  /** Folder the files came from; relative paths in them are resolved against it. */
  dir: string;
  /** Absolute. */
  data_dir: string;
  /** Absolute. */
  reports_dir: string;
  browser?: { path?: string };
  smtp?: Smtp;
  /** How clients' readers are served. */
  portal?: Portal;
  /** Where reports_dir is served, ending with a slash. */
  site_url?: string;
  /** Called after each report that went out as it should. */
  heartbeat?: Heartbeat;
  /** Who is told what was held, failed or is unknown. */
  operators: string[];
  categories: CategoryRule[];
  reports: Map<string, ReportDefinition>;
  clients: Map<string, Client>;
}

export interface ReportDefinition {
  id: string;
  title: string;
  reader: 'manager' | 'client' | 'engineer';
  period: 'day' | 'week' | 'month' | 'quarter';
  /** Chapter ids in order; absent: all. */
  chapters?: string[];
  /** What to do when the data is incomplete. */
  incomplete: 'send' | 'send-marked' | 'hold';
}

export interface Client {
  id: string;
  name: string;
  timezone: string;
  /** 1 Monday … 7 Sunday: the first row where weekdays stand below each other. */
  week_start: number;
  locale: string;
  sources: Map<string, Source>;
  /** What the provider calls it where it must not be named. */
  alias?: string;
  /** Which sources are the record for cases, and which for alerts; absent: every record counts by itself. */
  records?: { cases: readonly string[]; alerts: readonly string[] };
  /** Ids of the reports this client gets. */
  reports: string[];
  /** Those of them that come by themselves. */
  scheduled: ScheduledReport[];
  /** The only addresses to which its reports may go. */
  contacts: string[];
  mappings: {
    /** Which findings count as escalated; absent: what the product itself says. */
    escalated?: Filter;
    /** The product's own word, in lower case, -> our verdict. */
    verdicts: Map<string, Verdict>;
    /** Log sources that are no real ones, e.g. "Custom Rule Engine*". It asks for `log_sources` only, one name at a time. */
    ignore_log_sources: Filter | undefined;
  };
  /** When the desk is staffed and the clock of service levels runs; absent: not said. */
  calendar?: Calendar;
  shifts: readonly Shift[];
  /** Per metric a finding falls under the first policy that fits it. */
  sla: readonly SlaPolicy[];
  tunings: readonly Tuning[];
  incident_notes: readonly IncidentNote[];
  /** How many hosts, users, log sources and rules are watched, where it is said. */
  scope: ReadonlyMap<string, number>;
  /** Which close of a reopened finding ends its time to close. */
  time_to_close: 'last' | 'first';
  /** What figures are wanted to be, by KPI id, in the KPI's unit. */
  targets: ReadonlyMap<string, number>;
  /** Assumed work on one finding. */
  minutes_per_finding: number;
  /** `logo` is the data URL of a PNG of our own making. */
  branding: { colour?: string; logo?: string; footer?: string; classification?: string };
  /** Printed at the top of every page, e.g. "Sample data". */
  notice?: string;
  /** What its PDFs are laid out for; absent: A4. */
  paper?: 'A4' | 'Letter';
  /** How far back the first collection goes, in days. */
  history_days: number;
}

/** A shift that recurs on some weekdays, in the zone of the client's calendar. */
export interface Shift {
  name: string;
  /** 1 Monday … 7 Sunday: the days on which it begins. */
  days: readonly number[];
  /** Local, "HH:MM"; `to` at or before `from` lies on the next day, "24:00" is the end of the day. */
  from: string;
  to: string;
  analysts: number;
}

/** A tuning in force in the product: findings of the rule that name these are no longer made since `from`. */
export interface Tuning {
  rule: string;
  source?: string;
  destination?: string;
  user?: string;
  /** Local days, YYYY-MM-DD. */
  from: string;
  expires: string;
  owner: string;
}

/** What people know of an incident, beside what its product says. */
export interface IncidentNote {
  source: string;
  /** The product's own id. */
  finding: string;
  impact?: string;
  lesson?: string;
}

export interface SlaPolicy {
  /** What the client calls it; absent: it is said by what it asks for. */
  name?: string;
  metric: 'acknowledge' | 'escalate' | 'close' | 'contain';
  /** OCSF severity_id; absent: any. */
  severities?: ReadonlySet<number>;
  /** Whether the severity at the start counts, or the one it has now. */
  severity_at: 'start' | 'now';
  when?: Filter;
  target_s: number;
  /** calendar: day and night; sla: only in the client's hours. */
  clock: 'calendar' | 'sla';
  pause_on: ReadonlySet<Status>;
  /** The share that has to be met. */
  goal?: number;
}

/** A report that comes by itself. */
export interface ScheduledReport {
  report: ReportDefinition;
  rhythm: Rhythm;
  /** Zone of the rhythm's clock. */
  zone: string;
  catchup: { window_days: number; max: number; order: 'oldest-first' | 'newest-first'; mail: 'latest' | 'each' };
  /** By mail. */
  recipients: Recipient[];
  /** By other channels. */
  places: Place[];
  /** Called after it went out as it should. */
  heartbeat?: Heartbeat;
  /** With its place and key: a local time that the clocks skip. Legal, and perhaps not what was meant. */
  remark?: string;
  /** How long after its due time it waits for its sources. */
  collect_deadline: Ms;
}

export interface Recipient {
  to: string;
  locale: string;
  format: 'pdf' | 'html' | 'csv' | 'link';
}

/** @throws ConfigError while a variable or file that the address refers to is missing. */
export interface Heartbeat {
  address(): string;
}

interface AnyPlace {
  /** What status and the ledger call it; unique per report and channel. */
  name: string;
  /** How figures and dates are written in what it gets. */
  locale: string;
  /** What its secrets refer to and is missing: no matter until something is delivered. */
  unresolved: readonly string[];
  /** By its key in YAML. @throws ConfigError while a variable or file that a secret refers to is missing. */
  secret(key: string): Secret | undefined;
}

type Posted = { channel: 'slack' } | { channel: 'teams' };
type Called = { channel: 'webhook'; url: string; ambiguous: 'hold' | 'resend'; ca_file?: string };
type FileKind = 'html' | 'pdf' | 'csv' | 'json';
type Dropped = { channel: 'sftp'; host: string; port: number; user: string; host_keys: string[]; directory: string; files: FileKind[] };
/** `endpoint` without a slash at its end; `prefix` stands before every key. */
type Uploaded = { channel: 's3'; endpoint: string; region: string; bucket: string; prefix: string; files: FileKind[]; ca_file?: string };
/** `path` is absolute: a link that leads to the newest copy of the client's archive. */
type Served = { channel: 'folder'; path: string };

/** Where an edition goes besides mailboxes. */
export type Place = AnyPlace & (Posted | Called | Dropped | Uploaded | Served);

/** Where readers log in and read their client's own editions. */
export interface Portal {
  host: string;
  port: number;
  /** Absolute. */
  tls?: { cert_file: string; key_file: string };
  behind_proxy: boolean;
  /** By client, and the collector of metrics. @throws ConfigError where one is missing or too short. */
  readonly secrets: { logins: ReadonlyMap<string, Secret>; metrics?: Secret };
}

/** The mail server. */
export interface Smtp {
  host: string;
  port: number;
  tls: 'starttls' | 'implicit' | 'none';
  /** Absolute. */
  ca_file?: string;
  user?: string;
  from: string;
  reply_to?: string;
  size_limit_mb: number;
  ambiguous: 'hold' | 'resend';
  unsubscribe_url?: string;
  /** What its secrets refer to and is missing: no matter until a mail is sent. */
  unresolved: readonly string[];
  /** @throws ConfigError while a variable or file that they refer to is missing. */
  readonly secrets: { password?: Secret; dkim?: { domain: string; selector: string; private_key: Secret } };
}

export interface Source {
  id: string;
  vendor: AnyVendor;
  /**
   * As the vendor's own schema parsed them; secrets are Secret values.
   * @throws ConfigError while a variable or file that they refer to is missing, see `unresolved`.
   */
  readonly settings: unknown;
  /** What its settings refer to and is missing: no matter for a report, which only reads the store. */
  unresolved: readonly string[];
  /** Whether a report needs it: days it does not cover are incomplete. */
  required: boolean;
}

/** Wrong configuration. `problems` each say file:line, key, what is wrong and what was probably meant. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
