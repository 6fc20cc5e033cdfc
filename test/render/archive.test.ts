import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderArchive } from '../../src/render/index.ts';
import { editionsOf } from './editions.ts';

const client = { name: 'Northwind Trading', locale: 'en-GB', timezone: 'Europe/Berlin' };

test('five years of months, weeks and days: the latest year open, each year and report folded by itself', async () => {
  const editions = editionsOf(2026, 5);
  assert.ok(editions.length > 2100);
  const html = await renderArchive(client, editions);
  assert.ok(html.length < 1_500_000, `${html.length} characters`);
  assert.deepEqual(
    [...html.matchAll(/<h2[^>]*>(\d+)</g)].map(([, year]) => year),
    ['2026', '2025', '2024', '2023', '2022'],
  );
  const folds = [...html.matchAll(/<details( open)?>\s*<summary><bdi>([^<]+)</g)].map(([, open, title]) => [title, open !== undefined]);
  assert.deepEqual(folds.slice(0, 4), [
    ['The monthly report', true],
    ['The weekly report', true],
    ['The daily report', false],
    ['The monthly report', false],
  ]);
  assert.equal(html.match(/<tr role="row"/g)?.length, editions.length + folds.length);
});

test('a period is named as people name it, in the language of the client', async () => {
  const some = editionsOf(2026, 1).filter(({ period }) => ['2026-10', '2026-W42', '2026-10-05'].includes(period));
  const named = async (locale: string) =>
    [...(await renderArchive({ ...client, locale }, some)).matchAll(/rowheader" scope="row"><bdi>([^<]+)</g)].map(([, name]) => name);
  assert.deepEqual(new Set(await named('en-GB')), new Set(['week 42 of 2026', '5 October 2026', 'October 2026']));
  assert.deepEqual(new Set(await named('de')), new Set(['Woche 42, 2026', '5. Oktober 2026', 'Oktober 2026']));
  assert.deepEqual(new Set(await named('ja')), new Set(['2026年第42週', '2026年10月5日', '2026年10月']));
});

test('a revision says what changed, and marks the one it replaces', async () => {
  const html = await renderArchive(client, editionsOf(2026, 1));
  assert.match(html, /December 2026<\/bdi>, revision 2<ul class="changes"><li><bdi>Findings created: 1,950, now 1,987</);
  assert.equal(html.match(/class="replaced"/g)?.length, 1);
});
