import type { Command } from 'commander';
import type { OverviewFlags } from './overview.ts';
import type { ResendFlags, SendFlags } from './send.ts';
import type { Wrap } from './shell.ts';
import type { WatchFlags } from './watch.ts';

/** The commands that make reports come by themselves, and show what became of them. */
export function addDeliveryCommands(program: Command, action: Wrap): void {
  program
    .command('run')
    .description('everything that is due now, once: collect, report, deliver')
    .action(action(async (shell) => (await import('./run.ts')).run(shell)));
  program
    .command('start')
    .description('the same every minute, until it is told to stop')
    .option('--once', 'as `run`, for a system that keeps the time itself')
    .action(action(async (shell, flags: { once?: true }) => (await import('./run.ts')).start(shell, flags)));
  program
    .command('schedule')
    .description('the next firings of every report: instant, local time, data window, clock changes')
    .option('--client <id>', 'only this client')
    .option('--count <n>', 'how many of each report', '3')
    .option('--json', 'for machines')
    .action(
      action(async (shell, flags: { client?: string; count: string; json?: true }) =>
        (await import('./schedule.ts')).schedule(shell, flags),
      ),
    );
  program
    .command('send')
    .description('sends what is queued, and tries again what was held for its settings')
    .option('--client <id>', 'only this client')
    .option('--test <address>', 'sends one test mail instead')
    .action(action(async (shell, flags: SendFlags) => (await import('./send.ts')).send(shell, flags)));
  program
    .command('resend <edition>')
    .description('an issued edition (client/report/period or client/report/period/r2) to one recipient once more')
    .requiredOption('--to <address>', 'one of the client’s contacts, or a place as status names it: "slack soc-channel"')
    .requiredOption('--reason <text>', 'printed in the mail and kept in the audit log')
    .action(action(async (shell, edition: string, flags: ResendFlags) => (await import('./send.ts')).resend(shell, edition, flags)));
  program
    .command('watch')
    .description('what was due and did not go out; for a second timer beside the scheduler')
    .option('--grace <minutes>', 'how late a report may be', '30')
    .option('--mail', 'tells the operators of soc-kpi.yaml')
    .option('--json', 'for machines')
    .option('--offline', 'ask no server when its certificate ends')
    .action(action(async (shell, flags: WatchFlags) => (await import('./watch.ts')).watch(shell, flags)));
  program
    .command('digest')
    .description('the operators’ daily page: what went out, what is to be looked at, what is due, how the sources stand')
    .option('--mail', 'sends it to the operators of soc-kpi.yaml')
    .option('--offline', 'ask no server when its certificate ends')
    .action(action(async (shell, flags: { mail?: true; offline?: true }) => (await import('./digest.ts')).digest(shell, flags)));
  program
    .command('serve')
    .description('the portal: each client’s readers log in and read its own editions')
    .action(action(async (shell) => (await import('./serve.ts')).serve(shell)));
  addProofs(program, action);
}

/** Whether what was written is still so. */
function addProofs(program: Command, action: Wrap): void {
  program
    .command('verify [edition]')
    .description('whether stores, audit logs and issued editions (all, or client/report/period/r1) are as they were written')
    .option('--client <id>', 'only this client')
    .action(
      action(async (shell, edition: string | undefined, flags: { client?: string }) =>
        (await import('./verify.ts')).verify(shell, edition, flags),
      ),
    );
  program
    .command('audit <verify|list>')
    .description('who did what; `verify` says whether a line was changed, removed or cut off')
    .option('--client <id>', 'only this client')
    .action(action(async (shell, what: string, flags: { client?: string }) => (await import('./audit.ts')).audit(shell, what, flags)));
}

/** What the provider itself reads, over all its clients. */
export function addOverviewCommand(program: Command, action: Wrap): void {
  program
    .command('overview')
    .description('all clients on one page for the provider itself: sums, no names; from their issued editions')
    .option('--report <id>', 'whose editions', 'monthly')
    .option('--period <label>', '2026-10, 2026-W42, 2026-Q4 or 2026-10-05; the last whole one where it is not given')
    .option('--zone <zone>', 'the zone its dates are printed in', 'UTC')
    .option('--locale <locale>', 'the language', 'en-GB')
    .option('--out <dir>', 'write here instead of _overview in the reports’ folder')
    .action(action(async (shell, flags: OverviewFlags) => (await import('./overview.ts')).overview(shell, flags)));
}
