import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Cell, Series } from '../src/analyse/kpi.ts';
import { loadConfig } from '../src/config/index.ts';
import { realEffects } from '../src/effects.ts';
import { parsePeriod } from '../src/period.ts';
import { loadCharts } from '../src/render/chart.ts';
import { readSeries } from '../src/render/read.ts';
import { createFormat } from '../src/render/format.ts';
import { markupOf } from '../src/render/svg.ts';
import { openClientStore } from '../src/gather/index.ts';
import { due, rhythmText, timetableOf } from '../src/schedule/index.ts';
import { categorise } from '../src/categories.ts';
import type { FilterColumns } from '../src/filter/index.ts';
import type { Analysed } from './analyse.ts';
import { collectFrom } from './collection.ts';
import { oneSourceConfig } from './config.ts';
import { demoMonth } from './month.ts';
import { fillStore } from './store.ts';
import { tagRules, titleColumn } from './titles.ts';
import { treeMegabytes } from './tree.ts';

export interface Measure {
  work: string;
  /** In `unit`; absent where there is none. */
  budget?: number;
  unit: string;
  values: number[];
}

const root = resolve(import.meta.dirname, '..');
const zone = 'Europe/Berlin';
const period = parsePeriod('2026-10', zone);
const asOf = Date.UTC(2026, 10, 2);

export async function* measures(folder: string, runs: number): AsyncGenerator<Measure> {
  for (const [findings, days, budget] of [
    [100_000, 31, 1.0],
    [1_000_000, 31, 1.3],
    [1_000_000, 365, 1.3],
  ] as const) {
    const config = await storeOf(join(folder, `${findings}-${days}`), findings, days);
    const spread = days === 31 ? 'all of that month' : 'over a year';
    // A million rows of one month are no CSV that anyone opens; what is asked of them is that they can be analysed.
    if (findings / days < 10_000) yield* cold(config, findings, spread, budget, runs);
    yield* analysis(config, findings, spread, runs);
    yield await bytesPerObservation(config);
    await rm(config, { recursive: true, force: true });
  }
  yield* demoMonth(join(folder, 'month'), (work) => repeat(Math.max(runs, 9), work));
  yield* tagging(runs);
  yield await charts(runs);
  yield await downtime(runs);
  yield await ingest(join(folder, 'ingest'), runs);
}

/** What fell due in a year of which every hour was missed. */
async function downtime(runs: number): Promise<Measure> {
  const { report, ...rest } = {
    report: { id: 'r', title: 'R', reader: 'manager', period: 'day', incomplete: 'send-marked' } as const,
    places: [],
    recipients: [],
    collect_deadline: 0,
  };
  const catchup = { window_days: 3660, max: 10_000, order: 'oldest-first', mail: 'each' } as const;
  const hourly = { ...rest, report, catchup, rhythm: '0 * * * *', zone };
  const looked = { until: Date.UTC(2025, 10, 1), rhythm: rhythmText(timetableOf(hourly, zone)), last_due: undefined };
  const values = await repeat(runs, async () => {
    const start = performance.now();
    due(hourly, zone, looked, Date.UTC(2026, 10, 1));
    return (performance.now() - start) / 1000;
  });
  return { work: 'what fell due in a year of hourly firings that were all missed', budget: 2, unit: 's', values };
}

async function* cold(config: string, findings: number, spread: string, budget: number, runs: number): AsyncGenerator<Measure> {
  const reports = await repeat(runs, () => runReport(config, false));
  const watched = await repeat(runs, () => runReport(config, true));
  const work = `report for one month, cold process, ${findings / 1000}k findings in the store, ${spread}`;
  yield { work, budget, unit: 's', values: reports.map(({ seconds }) => seconds) };
  yield { work: '… peak memory, node and browser together', budget: 700, unit: 'MB', values: watched.map(({ megabytes }) => megabytes) };
}

/** A configuration with one client whose store holds `findings` made-up findings of the `days` before the cut. */
async function storeOf(folder: string, findings: number, days: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  await oneSourceConfig(folder);
  await writeFile(join(folder, 'soc-kpi.yaml'), 'data_dir: data\nreports_dir: reports\n');
  const config = await loadConfig(folder, realEffects);
  const store = openClientStore(config, 'demo');
  fillStore(store, { findings, days, until: period.end, seed: 7 });
  store.compact({ keep_history_from: 0 });
  store.close();
  return folder;
}

async function repeat<T>(runs: number, work: () => Promise<T>): Promise<T[]> {
  await work(); // once to warm the disk
  const results: T[] = [];
  for (let run = 0; run < runs; run++) results.push(await work());
  return results;
}

/**
 * The command as a person starts it; memory is the proportional set size of its whole process tree. Looking at that holds up
 * what is looked at, so those that are watched are not timed.
 */
function runReport(config: string, watched: boolean): Promise<{ seconds: number; megabytes: number }> {
  return new Promise((done, failed) => {
    const started = performance.now();
    const child = spawn(
      process.execPath,
      [
        join(root, 'bin/soc-kpi.js'),
        '--config',
        config,
        'report',
        'demo',
        'monthly',
        '--period',
        period.label,
        '--as-of',
        new Date(asOf).toISOString(),
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    let peak = 0;
    const watch = watched ? setInterval(() => (peak = Math.max(peak, treeMegabytes(child.pid ?? 0))), 40) : undefined;
    child.once('error', failed);
    child.once('exit', (code) => {
      clearInterval(watch);
      if (code === 0 || code === 1) done({ seconds: (performance.now() - started) / 1000, megabytes: peak });
      else failed(new Error(`report ended with ${code}: ${said}`));
    });
  });
}

/** Every KPI of the catalogue, each run in a process of its own: what is kept from one run to the next would hide its memory. */
async function* analysis(folder: string, findings: number, spread: string, runs: number): AsyncGenerator<Measure> {
  const done = await repeat(runs, () => analyseApart(folder));
  const million = findings === 1_000_000;
  const work = `… all KPIs over ${findings / 1000}k findings ${spread}: reading them and analysing, one core's time`;
  yield { work, ...(million ? { budget: 1.0 } : {}), unit: 's', values: done.map(({ seconds }) => seconds) };
  yield {
    work: '… peak memory of that process',
    ...(million ? { budget: 400 } : {}),
    unit: 'MB',
    values: done.map(({ megabytes }) => megabytes),
  };
}

async function analyseApart(folder: string): Promise<Analysed> {
  const child = spawn(process.execPath, [join(root, 'bench/analyse.ts'), folder], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await text(child.stdout);
  return JSON.parse(said) as Analysed; // printed by bench/analyse.ts
}

/** 200 tag rules over the titles of a million findings. */
function* tagging(runs: number): Generator<Measure> {
  const rules = tagRules(200);
  for (const distinct of [500, 100_000]) {
    const columns = titleColumn(1_000_000, distinct);
    const all = Int32Array.from({ length: columns.rows }, (_, row) => row);
    const values = Array.from({ length: runs + 1 }, () => {
      const before = process.cpuUsage();
      // A client's rules come from its configuration, so they are compiled for each report.
      categorise({ ...columns, text: (name) => renewed(columns.text(name)) }, rules).count(all);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    });
    yield { work: `200 tag rules over 1M titles, ${distinct} distinct, one core's time`, budget: 0.5, unit: 's', values: values.slice(1) };
  }
}

/** The same texts as another list: what filters remember of a list must not help the next run. */
function renewed(column: ReturnType<FilterColumns['text']>): ReturnType<FilterColumns['text']> {
  return column && { codes: column.codes, values: [...column.values] };
}

async function bytesPerObservation(folder: string): Promise<Measure> {
  const config = await loadConfig(folder, realEffects);
  const store = openClientStore(config, 'demo', { read_only: true });
  const { bytes, observations } = store.stats();
  store.close();
  return { work: `… store, ${observations} observations`, budget: 60, unit: 'bytes each', values: [bytes / observations] };
}

async function charts(runs: number): Promise<Measure> {
  const labels = period.days.map(({ date }) => date);
  const cells: Cell[] = labels.map((_, index) => ({ status: 'ok', value: (index * 37) % 90 }));
  const series: Series = {
    id: 'bench',
    title: 'Findings per day',
    caption: 'bench',
    chart: 'columns',
    unit: 'count',
    axis: 'day',
    labels,
    groups: [{ name: 'findings', cells }],
  };
  const format = createFormat('en-GB', zone);
  const read = readSeries(series, format);
  const renderChart = await loadCharts();
  const values = await repeat(runs, async () => {
    const started = performance.now();
    for (let chart = 0; chart < 12; chart++) markupOf(renderChart(read, { id: `bench-${chart}`, width: 640, format }).svg);
    return performance.now() - started;
  });
  return { work: '12 SVG charts', budget: 100, unit: 'ms', values };
}

/** 100,000 offenses of QRadar over loopback HTTP into a durable store. */
async function ingest(folder: string, runs: number): Promise<Measure> {
  const values = await repeat(runs, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const { seconds, stored, status, reason } = await collectFrom('qradar', 100_000, folder);
    if (stored !== 100_000) throw new Error(`only ${stored} of 100000 offenses arrived: ${status} ${reason}`);
    return seconds;
  });
  return { work: 'ingest, 100k records over loopback HTTP, durable', budget: 5, unit: 's', values };
}
