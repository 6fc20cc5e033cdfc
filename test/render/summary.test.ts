import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Analysis, KpiEntry } from '../../src/analyse/analysis.ts';
import { coverageStrips } from '../../src/render/coverage.ts';
import { figureView, headlines } from '../../src/render/figures.ts';
import { createFormat } from '../../src/render/format.ts';
import { summarise } from '../../src/render/summary.ts';
import { plain } from '../../src/render/words.ts';
import { sampleAnalysis } from './sample.ts';

const format = createFormat('en', 'Europe/Berlin');

function summary(change: (analysis: Analysis) => void = () => {}) {
  const analysis = sampleAnalysis();
  change(analysis);
  const figures = new Map(
    Object.values(analysis.kpis).map((entry) => [
      entry.id,
      figureView(entry, { definition: analysis.definitions[entry.id], marked: analysis.marked, format }),
    ]),
  );
  return summarise(analysis, figures, coverageStrips(analysis, format), format);
}

function backlog(value: number, before: number, rest: Partial<KpiEntry> = {}): KpiEntry {
  const entry = { id: 'BKL-01', name: 'Open at the end', unit: 'count', status: 'ok', value, n: value, series: [], tables: [], notes: [] };
  return { ...entry, previous: { status: 'ok', value: before, n: before }, ...rest } as KpiEntry; // a whole entry
}

const second = (change: (analysis: Analysis) => void) => summary(change).answers[1]?.answer ?? '';

test('whether it is under control follows from the backlog and the targets alone', () => {
  const only = (entry: KpiEntry) => (analysis: Analysis) => {
    analysis.kpis = { [entry.id]: entry };
  };
  assert.equal(second(only(backlog(40, 40))), 'Yes. The backlog stayed at 40; no target is set.');
  assert.equal(second(only(backlog(43, 40))), 'Yes. The backlog grew from 40 to 43; no target is set.');
  assert.equal(second(only(backlog(45, 40))), 'Only in part. The backlog grew from 40 to 45; no target is set.');
  const missed = { target: 10, assurance: 'will-miss' } as const;
  assert.equal(second(only(backlog(30, 40, missed))), 'No. The backlog fell from 40 to 30; missed: Open at the end.');
  assert.equal(
    second((analysis) => {
      analysis.kpis = {};
    }),
    'It cannot be told: no target is set and the backlog is not known.',
  );
});

test('what is missing is asked for, and nothing is asked for where nothing is missing', () => {
  const asked = summary();
  assert.equal(asked.decisions[0]?.what, 'Have 2 gaps collected again from siem-main');
  assert.match(asked.answers[2]?.answer ?? '', /^(One decision: |\d decisions, listed below; first: )have 2 gaps collected again/);
  const quiet = summary((analysis) => {
    analysis.kpis = {};
    analysis.coverage = [];
  });
  assert.deepEqual(quiet.decisions, []);
  assert.equal(quiet.answers[2]?.answer, 'Nothing this time.');
});

test('the first page leads with known figures, in the order of the chapters', () => {
  const analysis = sampleAnalysis();
  assert.deepEqual(headlines(analysis, 4), ['VOL-01', 'ESC-01', 'TIM-03', 'TIM-07']);
  assert.ok(headlines(analysis, 20).includes('QUA-04'), 'unknown ones come last, where there is room');
});

test('no id of the program is printed, and no text of others is changed', () => {
  assert.equal(plain('acknowledged_at is filled in 0%'), 'Time of acknowledgement is filled in 0%');
  assert.equal(plain('in_progress'), 'in progress');
  for (const theirs of ['host_in_progress_7', 'user@closed_at', 'my_verdict', 'closed']) assert.equal(plain(theirs), theirs);
});
