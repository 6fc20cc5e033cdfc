import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cell, Series } from '../../src/analyse/kpi.ts';
import { loadCharts } from '../../src/render/chart.ts';
import { readSeries } from '../../src/render/read.ts';
import { createFormat } from '../../src/render/format.ts';
import { finishSvg, markupOf } from '../../src/render/svg.ts';
import { everySeries, hostile, titles } from './sample-series.ts';

const format = createFormat('en', 'Europe/Berlin');
const draw = await loadCharts();
const markup = (series: Series, width = 680) => markupOf(draw(readSeries(series, format), { id: 'c', width, format }).svg);

function columns(...cells: Cell[]): Series {
  const labels = cells.map((_, index) => `2026-10-0${index + 1}`);
  return { id: 's', title: 't', caption: 'c', chart: 'columns', unit: 'count', axis: 'day', labels, groups: [{ name: 'g', cells }] };
}

for (const series of everySeries) {
  test(`a ${series.chart} chart draws its figures in words and shapes, wide and narrow (${series.id})`, () => {
    for (const width of [680, 345]) {
      const { svg, alt } = draw(readSeries(series, format), { id: 'c1', width, format });
      const text = markupOf(svg);
      assert.ok((text.match(/<path/g) ?? []).length > series.groups.length, 'shapes');
      assert.ok((text.match(/<text/g) ?? []).length > 2, 'labels');
      assert.doesNotMatch(text, /NaN|undefined|Infinity|<script|href|style=|#[0-9A-F]{6}/);
      assert.match(alt, /highest .+; lowest /);
    }
  });
}

test('no data, zero and a partial figure look different from each other and from a figure', () => {
  const neighbours: Cell[] = [{ status: 'ok', value: 5 }];
  const drawn = [
    markup(columns({ status: 'ok', value: 0 }, ...neighbours)),
    markup(columns({ status: 'no-data', reason: 'r' }, ...neighbours)),
    markup(columns({ status: 'partial', value: 3, reason: 'r' }, ...neighbours)),
    markup(columns({ status: 'ok', value: 3 }, ...neighbours)),
  ];
  assert.deepEqual(
    drawn.map((svg) => svg.includes('url(#c-h)')),
    [false, true, false, false],
  );
  assert.deepEqual(
    drawn.map((svg) => svg.includes('class="f-pale"')),
    [false, false, true, false],
  );
  assert.equal(new Set(drawn).size, 4);
  assert.ok(drawn[0]?.includes('>0</text>'));
});

test('a chart over no data at all is hatched from edge to edge and says so', () => {
  const series = columns({ status: 'no-data', reason: 'r' }, { status: 'no-data', reason: 'r' });
  const { svg, alt } = draw(readSeries(series, format), { id: 'c', width: 680, format });
  assert.equal((markupOf(svg).match(/url\(#c-h\)/g) ?? []).length, 2);
  assert.match(alt, /no data: Oct 1, Oct 2/);
});

test('titles keep every script and lose every power', () => {
  const svg = markup({
    ...columns(),
    chart: 'bars',
    axis: 'category',
    labels: titles,
    groups: [{ name: 'g', cells: titles.map(() => ({ status: 'ok', value: 1 })) }],
  });
  assert.ok(svg.includes('&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}'));
  for (const words of ['تم اكتشاف', '複数回の', 'Обнаружено', 'זוהתה', 'Invoice[U+202E]gpj.exe']) assert.ok(svg.includes(words), words);
  assert.ok(!svg.includes(hostile));
  // A text of 300 characters is cut to the width of the chart.
  for (const [, words] of svg.matchAll(/<text[^>]*>([^<]*)</g)) assert.ok((words?.length ?? 0) < 140);
});

test('the same series gives the same bytes, whatever was drawn before', () => {
  const series = everySeries[0];
  assert.ok(series);
  const before = markup(series);
  for (const other of everySeries) markup(other);
  assert.equal(markup(series), before);
});

test('nothing but plain drawing gets through', () => {
  const frame = { id: 'c', width: 1, height: 1, alt: '"><script>' };
  const sheet = (inner: string) => `<svg>${inner}</svg>`;
  assert.throws(() => finishSvg(sheet('<image href="x"/>'), [], frame), /<image>/);
  assert.throws(() => finishSvg(sheet('<path onload="x" d="M0 0"/>'), [], frame), /onload/);
  assert.throws(() => finishSvg(sheet('<path fill="red" d="M0 0"/>'), [], frame), /red/);
  assert.throws(() => markupOf('<b>'), TypeError);
  assert.doesNotMatch(finishSvg(sheet(''), [], frame), /<script/);
});

test('the figure over a peak on the last day, or the first, stays within the drawing', () => {
  for (const chart of ['line', 'columns'] as const) {
    for (const peak of [0, 30]) {
      const cells = Array.from({ length: 31 }, (_, day): Cell => ({ status: 'ok', value: day === peak ? 6_743_210 : 1000 + day }));
      const labels = cells.map((_, day) => `2026-10-${String(day + 1).padStart(2, '0')}`);
      const svg = markup({ ...columns(...cells), chart, labels }, 330);
      const drawn = /x="([\d.]+)" y="[\d.]+" font-size="12" text-anchor="middle">6,743,210</.exec(svg);
      assert.ok(drawn, 'the highest is named');
      // Nine letters of 12 px are at least 48 px wide in any font there is.
      const x = Number(drawn[1]);
      assert.ok(x >= 24 && x <= 330 - 24, `${chart}, highest on day ${peak + 1}: its middle is at ${x} of 330`);
    }
  }
});
