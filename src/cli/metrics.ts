import type { ClientStatus } from './status.ts';

const runStates = ['due', 'collected', 'issued', 'queued', 'done', 'held', 'failed', 'skipped'] as const;
const deliveryStates = ['queued', 'sending', 'dot', 'sent', 'unknown', 'failed', 'held'] as const;

/** The ledger as Prometheus text. Instants are Unix seconds; a source that was never complete has none. */
export function metrics(clients: readonly ClientStatus[]): string {
  const lines = [
    '# HELP soc_kpi_runs Reports that fell due, by state.',
    '# TYPE soc_kpi_runs gauge',
    ...clients.flatMap(({ client, runs }) =>
      runStates.map((state) => `soc_kpi_runs{client="${client}",state="${state}"} ${runs.filter((run) => run.state === state).length}`),
    ),
    '# HELP soc_kpi_deliveries Deliveries to recipients, by state.',
    '# TYPE soc_kpi_deliveries gauge',
    ...clients.flatMap(({ client, deliveries }) =>
      deliveryStates.map(
        (state) => `soc_kpi_deliveries{client="${client}",state="${state}"} ${deliveries.filter((mail) => mail.state === state).length}`,
      ),
    ),
    '# HELP soc_kpi_source_last_complete_seconds When a source was last collected completely.',
    '# TYPE soc_kpi_source_last_complete_seconds gauge',
    ...clients.flatMap(({ client, sources }) =>
      sources.flatMap(({ source, last_complete }) =>
        last_complete === undefined
          ? []
          : [`soc_kpi_source_last_complete_seconds{client="${client}",source="${source}"} ${last_complete.finished_at / 1000}`],
      ),
    ),
    '# HELP soc_kpi_report_last_done_seconds When the latest run of a report was done with, deliveries included.',
    '# TYPE soc_kpi_report_last_done_seconds gauge',
    ...clients.flatMap(({ client, runs }) => {
      const done = runs.filter(({ state }) => state === 'done');
      const reports = [...Map.groupBy(done, ({ report }) => report)];
      return reports.map(
        ([report, own]) =>
          `soc_kpi_report_last_done_seconds{client="${client}",report="${report}"} ${Math.max(...own.map(({ changed_at }) => changed_at)) / 1000}`,
      );
    }),
  ];
  return lines.join('\n');
}
