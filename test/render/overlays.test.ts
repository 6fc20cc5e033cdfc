import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Series } from '../../src/analyse/kpi.ts';
import { loadCharts } from '../../src/render/chart.ts';
import { readSeries } from '../../src/render/read.ts';
import { createFormat } from '../../src/render/format.ts';
import { duration } from '../../src/words/index.ts';
import { markupOf } from '../../src/render/svg.ts';
import { everySeries } from './sample-series.ts';

const format = createFormat('en', 'Europe/Berlin');
const draw = await loadCharts();
const markup = (series: Series, spark = false) =>
  markupOf(draw(readSeries(series, format), { id: 'c', width: spark ? 120 : 680, format, spark }).svg);

function sample(id: string): Series {
  const found = everySeries.find((series) => series.id === id);
  assert.ok(found);
  return found;
}

test('a control chart shows its limits, its mean and each signal', () => {
  const bare = { ...sample('ack-trend') };
  const limits = { mean: 675, low: 580, high: 770, trial: true, signals: [{ index: 12, words: 'outside a limit' }] };
  const drawn = markup({ ...bare, limits });
  assert.ok(drawn.includes('mean 11 min'));
  assert.equal(count(drawn, 's-target') - count(markup(bare), 's-target'), 2);
  assert.equal(count(drawn, 'f-c2') - count(markup({ ...bare, limits: { ...limits, signals: [] } }), 'f-c2'), 1);
});

test('a curve shows where its promise ends', () => {
  const { target: _, ...curve } = sample('close-curve');
  const drawn = (within: number) => markup({ ...curve, labels: [900, 3600, 14_400, 43_200, 86_400].map(duration), within });
  assert.ok(drawn(43_200).includes('target 12 h') && drawn(21_600).includes('target 6 h'));
  // Between the steps, on the axis's own scale: 6 h lies left of 12 h and right of 4 h.
  const place = (within: number) => Number(/ x="([\d.]+)"[^>]*>target/.exec(drawn(within))?.[1]);
  assert.ok(place(14_401) < place(21_600) && place(21_600) < place(43_200));
  assert.ok(!drawn(1e9).includes('target'));
});

test('the names of lines that all end low stand apart from each other, and from the words under the axis', () => {
  const curve = sample('close-curve');
  const low = curve.labels.map(() => ({ status: 'ok' as const, value: 0.01 }));
  const drawn = markup({ ...curve, groups: ['a', 'b', 'c', 'd'].map((name) => ({ name: `end-${name}`, cells: low })) });
  const heights = [...drawn.matchAll(/<text[^>]* y="([\d.]+)"[^>]*>([^<]+)</g)].map(([, y, words]) => ({
    y: Number(y),
    words: words ?? '',
  }));
  const names = heights.filter(({ words }) => words.startsWith('end-')).map(({ y }) => y);
  const axis = Math.min(...heights.filter(({ words }) => words === '7 d').map(({ y }) => y));
  assert.equal(names.length, 4);
  assert.ok(
    names.every((y, i) => i === 0 || y - (names[i - 1] ?? 0) >= 14) && Math.max(...names) <= axis - 12,
    JSON.stringify({ names, axis }),
  );
});

test('bullets may have a target each, or none', () => {
  const { target: _, ...levels } = sample('sla');
  const drawn = markup({ ...levels, targets: [0.95, 0.9, null] });
  assert.ok(drawn.includes('100% (target 95%)') && drawn.includes('91% (target 90%)') && drawn.includes('>96%<'));
});

test('the squares of a heat map carry their figures where there is room', () => {
  const week = sample('weekday-hour');
  assert.ok(count(markup(week), '<text') > 24 * 6);
  assert.ok(count(markupOf(draw(readSeries(week, format), { id: 'c', width: 330, format }).svg), '<text') < 60);
});

test('a small chart has shapes and no words, and hatches what is missing', () => {
  const drawn = markup(sample('by-day'), true);
  assert.equal(count(drawn, '<text'), 0);
  assert.equal(count(drawn, 'url(#c-h)'), 1);
  assert.match(drawn, /role="img" aria-label="[^"]{20,}"/);
});

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
