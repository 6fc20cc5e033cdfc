import { join } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { parsePeriod, periodOf, previousPeriod } from '../period.ts';
import { openPress } from '../press/index.ts';
import { buildOverview } from '../run/index.ts';
import { UsageError } from './failure.ts';
import type { Shell } from './shell.ts';

export interface OverviewFlags {
  report: string;
  period?: string;
  zone: string;
  locale: string;
  out?: string;
}

/** The provider's own page over all clients; never sent to any of them. */
export async function overview(shell: Shell, flags: OverviewFlags): Promise<number> {
  const press = openPress(shell.effects);
  try {
    const config = await loadConfig(shell.config, shell.effects);
    const definition = config.reports.get(flags.report);
    if (definition === undefined)
      throw new UsageError(`there is no report "${flags.report}"; there are: ${[...config.reports.keys()].join(', ')}`);
    press.start(config.browser ?? {});
    const as_of = shell.effects.now();
    const last = previousPeriod(periodOf(definition.period, as_of, flags.zone));
    const period = flags.period === undefined ? last : parsePeriod(flags.period, flags.zone);
    // Beside the clients' folders, whose names are ids: no id begins with an underscore, and nobody is served this one.
    const out = flags.out ?? join(config.reports_dir, '_overview', flags.report, period.label);
    const files = await buildOverview({ config, report: flags.report, period, as_of, locale: flags.locale, out }, press, shell.effects);
    for (const file of files) shell.print(file);
    return 0;
  } finally {
    await press.close();
  }
}
