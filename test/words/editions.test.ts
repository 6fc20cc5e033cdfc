import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderReport } from '../../src/render/index.ts';
import { editionsOf } from '../../src/run/languages.ts';
import type { ReportRequest } from '../../src/run/report.ts';
import { client, monthly } from '../analyse/view.ts';
import { analysisFor } from '../render/corpus.ts';

const scheduled = (locales: string[], report = monthly) => ({
  report,
  recipients: locales.map((locale) => ({ to: 'a@example.com', locale, format: 'pdf' })),
  places: [],
});

function request(locale: string, recipients: string[], rest: Partial<ReportRequest> = {}): ReportRequest {
  const listed = [scheduled(recipients), scheduled(['fr'], { ...monthly, id: 'weekly' })];
  const one = { ...client('Europe/Berlin'), locale, scheduled: listed };
  return { client: one, report: monthly, issue: true, ...rest } as unknown as ReportRequest; // all that is asked for here
}

test('an edition has the client’s language, and each further one among those who get this report', () => {
  const editions = editionsOf(request('de-AT', ['de-DE', 'ar-u-nu-arab', 'en-GB', 'en-US']));
  assert.deepEqual(
    editions.map(({ locale, names }) => [locale, names.html, names.pdf]),
    [
      ['de-AT', 'index.html', 'report.pdf'],
      ['ar-u-nu-arab', 'index.ar.html', 'report.ar.pdf'],
      ['en-GB', 'index.en.html', 'report.en.pdf'],
    ],
  );
  assert.deepEqual(editions[1]?.others, [
    { locale: 'de-AT', file: 'index.html' },
    { locale: 'en-GB', file: 'index.en.html' },
  ]);
});

test('a preview has one language, the one that was asked for', () => {
  assert.deepEqual(editionsOf(request('de-AT', ['ar'], { issue: false })).length, 1);
  assert.equal(editionsOf(request('de-AT', ['ar'], { issue: false, locale: 'ja' }))[0]?.locale, 'ja');
});

test('a page names its language and direction, and leads to the others', async () => {
  const analysis = analysisFor({ size: 'one', reader: 'manager', locale: 'ar', paper: 'A4' });
  const { html } = await renderReport(analysis, { languages: [{ locale: 'de-AT', file: 'index.de.html' }] });
  assert.ok(html.includes('<html lang="ar" dir="rtl">'));
  assert.ok(html.includes('<a href="./index.de.html" lang="de-AT" hreflang="de-AT">Deutsch</a>'));
});
