import { ConfigError } from '../config/index.ts';
import { PeriodError } from '../period.ts';
import { StoreError } from '../store/index.ts';
import { printable } from './progress.ts';

/** A command line that cannot be followed; the message says what could be meant. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** 2 configuration or usage, 75 busy or try again, 3 not done. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError || error instanceof UsageError || error instanceof PeriodError) return 2;
  if (error instanceof StoreError && error.busy) return 75;
  return 3;
}

/** What went wrong in the words of the error itself; a stack trace only for --debug. */
export function explain(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `soc-kpi: ${String(error)}`;
  if (debug) return `soc-kpi: ${error.stack ?? error.message}${error.cause === undefined ? '' : `\n  caused by ${String(error.cause)}`}`;
  return error.message
    .split('\n')
    .map((line) => `soc-kpi: ${printable(line)}`)
    .join('\n');
}
