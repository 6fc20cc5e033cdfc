import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderArchive, renderMail, renderMessage, renderReport } from '../../src/render/index.ts';
import { createLanguage } from '../../src/words/index.ts';
import { tactics } from '../../src/analyse/attack-names.ts';
import { analysisFor } from '../render/corpus.ts';

/** Every message in brackets, and dates without a Latin letter: what stands outside in Latin letters was never said. */
const pseudo = createLanguage('ja', (message) => `⟦${message}⟧`);

/** What is data in the corpus and on its pages. */
const data =
  /Rule \d+: unusual sign-in from a new country|Rule \d+|Northwind Trading|Security operations report|Europe\/Berlin|IBM QRadar|QRadar|amina|Jürgen|firewall-\d|\bip:[\d.]+|\bsiem\b|monthly|soc-kpi|TLP:AMBER|Northwind SOC|\b[A-Z]{2,3}-\d{2}\b|[\da-f]{64}|\bn(?:&nbsp;|\s)=|: unusual[^<]*…|ATT&CK|findings\.csv|https?:\S+|\b(PDF|CSV|JSON|Other)\b|2026-(W|Q)?\d+/g;

function unsaid(html: string): string[] {
  const visible = html.replace(/<style>[\s\S]*?<\/style>|<!--[\s\S]*?-->|<code>[^<]*<\/code>/g, '');
  const attributes = [...visible.matchAll(/\s(?:alt|aria-label|title)="([^"]*)"/g)].map((found) => found[1] ?? '');
  const texts = visible.split(/<[^>]*>/);
  return [...new Set([...texts, ...attributes].map(leftOf).filter((text) => /[A-Za-z]{2}/.test(text)))];
}

/** A text without what was said and what is data. What was cut off has lost its closing bracket. */
function leftOf(text: string): string {
  let left = text.replace(/&(?:amp|lt|gt|quot|nbsp|#\d+);/g, '');
  for (let before = ''; before !== left; ) {
    before = left;
    left = left.replace(/⟦[^⟦⟧]*⟧/g, '');
  }
  return left.replace(/⟦.*$/s, '').replace(data, '').replace(names, '').trim();
}

/** MITRE's tactics go by their names in every language; in a chart only their beginnings may have room. */
const names = new RegExp(tactics.map(({ name }) => `${name.slice(0, 8)}[\\w ():]*…?`).join('|'), 'g');

for (const reader of ['manager', 'client', 'engineer'] as const) {
  test(`all that a ${reader} reads was said`, async () => {
    for (const size of ['month', 'none', 'all days missing'] as const) {
      const analysis = analysisFor({ size, reader, locale: 'en-GB', paper: 'A4' });
      const { html } = await renderReport(analysis, { classification: 'TLP:AMBER', footer: 'Northwind SOC' }, pseudo);
      assert.ok(html.includes('⟦At a glance⟧'));
      assert.deepEqual(unsaid(html), [], size);
    }
  });
}

test('all that a mail, a message and the archive say was said', async () => {
  const analysis = analysisFor({ size: 'month', reader: 'manager', locale: 'en-GB', paper: 'A4' });
  const wish = { locale: pseudo, link: 'https://reports.example.com/', resent: '' };
  const { html, text, subject } = await renderMail(analysis, wish);
  const edition = { client: 'a', report: 'monthly', period: '2026-10', revision: 1, as_of: analysis.as_of };
  const { title, remarks, answers, link_text } = renderMessage(analysis, { ...wish, edition });
  const archive = await renderArchive(
    { name: 'Northwind Trading', locale: 'en-GB', timezone: 'Europe/Berlin' },
    [{ report: 'monthly', title: 'monthly', period: '2026-10', revision: 2, built_at: 0, status: 'incomplete', files: [] }],
    pseudo,
  );
  assert.deepEqual([html, archive].flatMap(unsaid), []);
  const lines = [...text.split('\n'), subject, title, ...remarks, link_text, ...answers.flatMap(Object.values)];
  assert.deepEqual(
    lines.map(leftOf).filter((line) => /[A-Za-z]{2}/.test(line)),
    [],
  );
});

test('what was not said is found', () => {
  assert.deepEqual(unsaid('<p title="⟦x⟧">⟦said ⟦inside⟧ {n}⟧ Rule 3</p>'), []);
  assert.deepEqual(unsaid('<p title="forgotten">⟦said⟧ too</p>'), ['too', 'forgotten']);
});
