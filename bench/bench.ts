/** Prints the budgets and what was reached here: medians of several runs, and what the machine is. */
import { cpus, totalmem } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measures, type Measure } from './measures.ts';

const runs = Number(process.env.BENCH_RUNS ?? 5);
const folder = await mkdtemp(join(tmpdir(), 'soc-kpi-bench-'));
try {
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, node ${process.versions.node}, medians of ${runs} runs`,
  );
  console.log('');
  console.log('| work | budget | median | min–max | within |');
  console.log('|---|---|---|---|---|');
  for await (const measure of measures(folder, runs)) console.log(line(measure));
} finally {
  await rm(folder, { recursive: true, force: true });
}

function line({ work, budget, unit, values }: Measure): string {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const show = (value: number | undefined): string => (value === undefined ? '?' : value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const within = budget === undefined ? '' : median <= budget ? 'yes' : `NO, ${(median / budget).toFixed(2)} times`;
  return `| ${work} | ${budget === undefined ? '' : `${budget} ${unit}`} | ${show(median)} ${unit} | ${show(sorted[0])}–${show(sorted.at(-1))} | ${within} |`;
}
