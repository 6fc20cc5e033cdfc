/** Writes docs/kpis.md: every figure as the registry defines it, and where it is checked. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Kpi } from '../src/analyse/kpi.ts';
import { chapterTitles, registry } from '../src/analyse/registry.ts';
import { english, phrase, read, type Words } from '../src/words/index.ts';

const root = resolve(import.meta.dirname, '..');
const text = (words: Words): string => read(typeof words === 'string' ? phrase(words) : words, english);

interface Checked {
  file: string;
  source: string;
  names: string[];
}

/** The tests of the figures and what they are called. */
function tests(): Checked[] {
  return globSync('test/{analyse,analyse/stats,run}/*.test.ts', { cwd: root })
    .sort()
    .map((file) => {
      const source = readFileSync(join(root, file), 'utf8');
      return { file, source, names: [...source.matchAll(/^\s*test\(\s*(['"`])(.*?)\1/gms)].map(([, , name = '']) => name) };
    });
}

export function kpisPage(): string {
  const checked = tests();
  return [
    '# The figures',
    '',
    'Written by `node scripts/write-kpis.ts` from the registry and the tests; a test keeps it fresh.',
    'The same definitions stand in the appendix of every report.',
    ...[...chapterTitles].flatMap(([chapter, title]) => chapterLines(text(title), registry.filter((kpi) => kpi.chapter === chapter), checked)),
    ...oracleLines(checked),
    '',
  ].join('\n');
}

function chapterLines(title: string, kpis: readonly Kpi[], checked: readonly Checked[]): string[] {
  if (kpis.length === 0) return [];
  const head = ['| figure | question and definition | counted over, needs | statistic | checked in |', '|---|---|---|---|---|'];
  return ['', `## ${title}`, '', ...head, ...kpis.map((kpi) => row(kpi, checked))];
}

function row(kpi: Kpi, checked: readonly Checked[]): string {
  const where = checked.filter(({ source }) => source.includes(`'${kpi.id}'`) || source.includes(`${kpi.id}:`) || source.includes(`${kpi.id}.`));
  const least = kpi.minN > 0 ? `; not printed below n = ${kpi.minN}` : '';
  const needs = kpi.needs.length === 0 ? 'nothing beyond every record' : kpi.needs.map((need) => `\`${need}\``).join(', ');
  const better = kpi.direction === 'up' ? '; more is better' : kpi.direction === 'down' ? '; less is better' : '';
  return cells([
    `**${kpi.id}** ${text(kpi.name)} (${kpi.unit}${better})`,
    `${text(kpi.question)} ${text(kpi.formula)}.`,
    `${kpi.cohort}; ${needs}`,
    `${text(kpi.statistic)}${least}`,
    where.map(({ file }) => `\`${file.replace('test/', '')}\``).join(' ') || 'the contract of all figures: `analyse/registry.test.ts`',
  ]);
}

/** What is held against published values, by the names of the tests. */
function oracleLines(checked: readonly Checked[]): string[] {
  const found = checked.flatMap(({ file, names }) => names.filter((name) => /oracle|published/i.test(name)).map((name) => cells([name, `\`${file}\``])));
  const slow = checked.filter(({ source }) => source.includes('fast-check')).map(({ file, names }) => cells([names.join('; '), `\`${file}\``]));
  return [
    ...['', '## Held against published values', '', '| what | test |', '|---|---|', ...found],
    ...['', '## Counted once more, slowly, on generated data', '', '| what the file checks | test |', '|---|---|', ...slow],
  ];
}

function cells(texts: readonly string[]): string {
  return `| ${texts.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}

if (import.meta.main) writeFileSync(join(root, 'docs/kpis.md'), kpisPage());
