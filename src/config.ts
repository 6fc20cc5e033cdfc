// CONTRACT ONLY - the implementer replaces this file (or makes it a folder src/config/), keeping these exports.
import type { Filter } from './filter.ts';
import type { Verdict } from './finding.ts';
import type { AnyVendor } from './vendors/vendor.ts';

export interface Config {
  /** Folder the files came from; relative paths in them are resolved against it. */
  dir: string;
  data_dir: string;
  reports_dir: string;
  browser?: { path?: string };
  categories: CategoryRule[];
  reports: Map<string, ReportDefinition>;
  clients: Map<string, Client>;
}

/** Ordered; the first rule that matches names the category. */
export interface CategoryRule {
  category: string;
  when: Filter;
  /** "categories.yaml:12", for diagnostics. */
  place: string;
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
    /** The product's own word -> our verdict; compared without regard to case. */
    verdicts: Map<string, Verdict>;
    /** Log sources that are no real ones, e.g. "Custom Rule Engine*". */
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
  /** As the vendor's own schema parsed them; secrets are Secret values. */
  settings: unknown;
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

export declare function loadConfig(dir: string, effects: import('./effects.ts').Effects): Promise<Config>;
