import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { addDeliveryCommands, addOverviewCommand } from './cli/delivery-commands.ts';
import { endProgress, progressLog } from './cli/progress.ts';
import type { AddFlags } from './cli/add-source/index.ts';
import type { CollectFlags } from './cli/collect.ts';
import type { ExportFlags } from './cli/export.ts';
import type { QueryFlags } from './cli/query.ts';
import type { ReportFlags } from './cli/report.ts';
import type { Action, Shell, Wrap } from './cli/shell.ts';
import type { StatusFlags } from './cli/status.ts';
import { realEffects } from './effects.ts';
import type { Press } from './press/index.ts';

// Each command is loaded when it is called: a report must not wait for what only collecting needs.

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('soc-kpi')
    .description('Turns what a SOC’s tools know into KPI reports that people trust.')
    .option('--config <dir>', 'folder of the configuration', 'config')
    .option('--debug', 'show every event, and stack traces')
    .exitOverride()
    .showSuggestionAfterError()
    .helpOption('-h, --help', 'show help');
  let code = 0;
  const action = <Arguments extends unknown[]>(run: Action<Arguments>) => {
    return async (...args: unknown[]): Promise<void> => {
      const { config, debug } = program.opts<{ config: string; debug?: true }>();
      const log = progressLog(process, debug === true, realEffects.now);
      const shell: Shell = {
        config,
        debug: debug === true,
        effects: { ...realEffects, log },
        print: (text) => void process.stdout.write(`${text}\n`),
      };
      try {
        // commander passes the declared arguments, then the options, then the command itself.
        code = await run(shell, ...(args.slice(0, -1) as Arguments));
      } finally {
        endProgress(process);
      }
    };
  };
  addCommands(program, action);
  addQuestions(program, action);
  addSourceCommand(program, action);
  addDeliveryCommands(program, action);
  addOverviewCommand(program, action);
  await program.parseAsync(argv);
  return code;
}

/** Renders and prints in a thread, from the first moment on; closed whatever happens. */
async function withPress(formats: string, shell: Shell, work: (press: Press | undefined) => Promise<number>): Promise<number> {
  const browser = /pdf/.test(formats) && (await leavesBrowserOpen(shell)) ? {} : undefined;
  const press = /html|pdf/.test(formats) ? (await import('./press/index.ts')).openPress(shell.effects, browser) : undefined;
  try {
    return await work(press);
  } finally {
    await press?.close();
  }
}

/** A configuration that says nothing of a browser leaves which one open: it can start before the configuration is loaded. */
async function leavesBrowserOpen({ config, effects }: Shell): Promise<boolean> {
  const file = await effects.readFile(join(config, 'soc-kpi.yaml')).catch(() => undefined);
  return file !== undefined && !file.includes('browser');
}

function addCommands(program: Command, action: <A extends unknown[]>(run: Action<A>) => (...args: unknown[]) => Promise<void>): void {
  program
    .command('demo')
    .description('the main job on the embedded example: loopback APIs, real HTTP, one edition')
    .action(action(async (shell) => (await import('./demo/index.ts')).demo(shell)));
  program
    .command('collect')
    .description('asks the sources for what is new, or for given days afresh')
    .option('--client <id>', 'only this client')
    .option('--source <id>', 'only this source')
    .option('--from <day>', 'first local day, YYYY-MM-DD')
    .option('--to <day>', 'last local day, included')
    .option('--record <dir>', 'write each exchange, redacted, into this folder')
    .action(action(async (shell, flags: CollectFlags) => (await import('./cli/collect.ts')).collect(shell, flags)));
  program
    .command('report <client> <report>')
    .description('builds a report from the store; without --issue it is a preview')
    .option('--period <label>', '2026-10, 2026-W42, 2026-Q4 or 2026-10-05')
    .option('--from <day>', 'first local day, YYYY-MM-DD')
    .option('--to <day>', 'last local day, included')
    .option('--as-of <instant>', 'what was known then, ISO 8601 with zone')
    .option('--format <list>', 'html,pdf,csv,json', 'html,pdf,csv,json')
    .option('--locale <locale>', 'a preview in another language, such as de, fr-CH or ar-u-nu-arab')
    .option('--out <dir>', 'write here instead of the archive')
    .option('--issue', 'enter it in the ledger as the next revision')
    .action(
      action(async (shell, client: string, id: string, flags: ReportFlags) =>
        // The press loads and starts its browser while the figures' own code is loaded.
        withPress(flags.format, shell, async (press) => (await import('./cli/report.ts')).report(shell, client, id, flags, press)),
      ),
    );
  program
    .command('status')
    .description('collections, coverage and editions')
    .option('--json', 'for machines')
    .option('--prometheus [file]', 'as metrics; into a file, whole or not at all, for a node exporter’s textfile folder')
    .action(action(async (shell, flags: StatusFlags) => (await import('./cli/status.ts')).status(shell, flags)));
  program
    .command('doctor')
    .description('checks configuration, secrets, stores, browser, fonts and sources, and says what to do')
    .option('--offline', 'do not ask the sources, the mail server and the other places')
    .action(action(async (shell, flags: { offline?: true }) => (await import('./cli/doctor.ts')).doctor(shell, flags)));
  program
    .command('backup <client> <file>')
    .description('a consistent copy of a client’s store, checked, while others work')
    .action(action(async (shell, client: string, file: string) => (await import('./cli/backup.ts')).backup(shell, client, file)));
}

/** What engineers ask a store beside its reports. */
function addQuestions(program: Command, action: Wrap): void {
  program
    .command('export <client>')
    .description('the findings, for notebooks and spreadsheets')
    .option('--from <day>', 'first local day of creation, YYYY-MM-DD')
    .option('--to <day>', 'last local day, included')
    .option('--format <format>', 'csv, jsonl or arrow', 'csv')
    .action(
      action(async (shell, client: string, flags: ExportFlags) => (await import('./cli/export.ts')).exportFindings(shell, client, flags)),
    );
  program
    .command('query <client>')
    .description('counts findings, for a question that no report answers')
    .option('--where <filter>', "which: the filter language, as '{field: title, contains: logon}'")
    .option('--by <field>', 'per value of a field, or of category')
    .option('--bucket <width>', 'over time, by creation: 30s, 15m, 1h, 1d')
    .option('--from <day>', 'first local day of creation, YYYY-MM-DD')
    .option('--to <day>', 'last local day, included')
    .option('--format <format>', 'text, json or csv', 'text')
    .action(action(async (shell, client: string, flags: QueryFlags) => (await import('./cli/query.ts')).query(shell, client, flags)));
}

function addSourceCommand(program: Command, action: Wrap): void {
  program
    .command('add-source <client> <source>')
    .description('asks for a product and its settings, tries them, and writes them into the client’s file')
    .option('--vendor <name>', 'the product')
    .option('--set <key=value>', `a setting; a secret is \${env:NAME} or \${file:PATH}`, (one: string, all: string[]) => [...all, one], [])
    .option('--as <list>', 'cases or alerts: what it is the record for')
    .option('--trust <fingerprint>', 'SHA-256 of a private certificate that is to be kept as ca_file')
    .option('--untested', 'write it without asking the source')
    .action(
      action(async (shell, client: string, source: string, flags: AddFlags) =>
        (await import('./cli/add-source/index.ts')).addSource(shell, client, source, flags),
      ),
    );
}

// `export | head` is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
// exit() runs what removes the browser and its profile; dying of the signal would not.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));

try {
  process.exitCode = await main(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const { exitCodeOf, explain } = await import('./cli/failure.ts');
    process.stderr.write(`${explain(error, process.argv.includes('--debug'))}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
