/** Writes docs/promises.md: what is promised of schedule, mail and data, and the tests that show it. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failpoints } from '../src/effects.ts';
import { machine, noFailpoint, type Promised, promised } from './promises.ts';

const root = resolve(import.meta.dirname, '..');

interface NamedTest {
  file: string;
  name: string;
}

/** All tests by their names, as they stand in the sources. */
export function namedTests(): NamedTest[] {
  return globSync('test/**/*.test.ts', { cwd: root })
    .sort()
    .flatMap((path) => {
      const source = readFileSync(join(root, path), 'utf8');
      const file = path.slice('test/'.length);
      return [...source.matchAll(/^\s*test\(\s*(['"`])(.*?)\1/gms)].map(([, , name = '']) => ({ file, name }));
    });
}

/** Those whose names begin with the promise, perhaps among others, and those that are named for it. */
export function testsOf({ id, also = [] }: Promised, tests: readonly NamedTest[]): NamedTest[] {
  const own = tests.filter(({ name }) => /^(?:[A-Z]\d+ )*/.exec(name)?.[0].split(' ').includes(id));
  return [...own, ...also.map((words) => named(words, tests))];
}

/** @throws when there is no such test any more. */
function named(words: string, tests: readonly NamedTest[]): NamedTest {
  const found = tests.find(({ file, name }) => `${file}: ${name}`.startsWith(words));
  if (found === undefined) throw new Error(`there is no test "${words}"; scripts/promises.ts names it`);
  return found;
}

export function promisesPage(): string {
  const tests = namedTests();
  return [
    '# What is promised, and the tests that show it',
    '',
    'Written by `node scripts/write-promises.ts` from `scripts/promises.ts` and the names of the tests; a test keeps it fresh. "Ordinary"',
    'is what `npm test` tries each time; it passes, or nothing lands. A long run is asked for by the environment, as in',
    '`SOC_KPI_KILLS=500 node --test test/promises/crash.test.ts`.',
    '',
    `The long runs were made on ${machine}.`,
    '',
    '| promise | tests | ordinary | long run | what it came to |',
    '|---|---|---|---|---|',
    ...promised.map((one) => row(one, tests)),
    '',
    '## Failpoints',
    '',
    `The program can be killed at ${failpoints.length} moments by name (\`src/effects.ts\`); a test asserts that each is passed:`,
    `${failpoints.map((name) => `\`${name}\``).join(', ')}.`,
    '',
    'Moments that have none, because there is no such step here:',
    '',
    '| moment | why |',
    '|---|---|',
    ...Object.entries(noFailpoint).map(([name, why]) => cells([`\`${name.replaceAll(', ', '`, `')}\``, why])),
    '',
    'Not shown: a power loss of a real disk.',
    '',
  ].join('\n');
}

function row(one: Promised, tests: readonly NamedTest[]): string {
  const shown = testsOf(one, tests).map(({ file, name }) => `${plain(name)} (\`${file}\`)`);
  return cells([`**${one.id}** ${one.promise}`, shown.join('<br>'), one.ordinary, one.long?.how ?? '', one.long?.seen ?? '']);
}

/** Without what stands for numbers that the run fills in. */
function plain(name: string): string {
  return name.replace(/^(?:[A-Z]\d+ )+/, '').replace(/ \([^()]*\$\{.*\}[^()]*\)/g, '').replaceAll(/\$\{[^}]*\}/g, '…');
}

function cells(texts: readonly string[]): string {
  return `| ${texts.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}

if (import.meta.main) writeFileSync(join(root, 'docs/promises.md'), promisesPage());
