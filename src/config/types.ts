import type { CategoryRule } from '../categories.ts';
import type { Filter } from '../filter/index.ts';
import type { Verdict } from '../finding.ts';
import type { AnyVendor } from '../vendors/vendor.ts';

export interface Config {
  /** Folder the files came from; relative paths in them are resolved against it. */
  dir: string;
  /** Absolute. */
  data_dir: string;
  /** Absolute. */
  reports_dir: string;
  browser?: { path?: string };
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
  /** 1 Monday … 7 Sunday. */
  week_start: number;
  locale: string;
  sources: Map<string, Source>;
  /** Ids of the reports this client gets. */
  reports: string[];
  mappings: {
    /** Which findings count as escalated; absent: what the product itself says. */
    escalated?: Filter;
    /** The product's own word, in lower case, -> our verdict. */
    verdicts: Map<string, Verdict>;
    /** Log sources that are no real ones, e.g. "Custom Rule Engine*". It asks for `log_sources` only, one name at a time. */
    ignore_log_sources: Filter | undefined;
  };
  branding: { colour?: string; footer?: string; classification?: string };
  /** Printed at the top of every page, e.g. "Sample data". */
  notice?: string;
  /** How far back the first collection goes, in days. */
  history_days: number;
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
