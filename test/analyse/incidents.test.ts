import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, client, finding, type Sketch } from './view.ts';

const berlin = 'Europe/Berlin';
const month = parsePeriod('2026-10', berlin);
const minute = 60_000;
const hour = 60 * minute;

function told(sketches: readonly Sketch[], notes: { source: string; finding: string; impact?: string; lesson?: string }[] = []) {
  const rows = sketches.map((sketch, i) => finding({ native_id: String(i), created_at: month.start + i * hour, ...sketch }));
  return analysisOf(rows, '2026-10', berlin, { client: { ...client(berlin), incident_notes: notes } });
}

const idsOf = (analysis: ReturnType<typeof told>) => analysis.tables['INC-01.list']?.rows.map(({ id }) => id);

test('what was confirmed counts, and what was escalated unless it was dismissed', () => {
  const analysis = told([
    { verdict: 'true_positive' },
    { verdict: 'false_positive', escalated: true },
    { escalated: true },
    { verdict: 'undetermined', escalated: true },
    { verdict: 'benign_positive' },
    { escalated: false },
    { verdict: 'duplicate', escalated: true },
  ]);
  assert.equal(analysis.kpis['INC-01']?.status, 'ok');
  assert.deepEqual(idsOf(analysis), ['2', '3', '0']);
});

test('where nobody judges and nothing says whether it was escalated, no incidents is not a figure', () => {
  const analysis = told([{}, { status: 'closed', closed_at: month.start + 5 * hour }]);
  assert.equal(analysis.kpis['INC-01']?.status, 'no-denominator');
});

test('an unjudged finding among judged ones is told of: an incident may hide in it', () => {
  const analysis = told([{ verdict: 'true_positive' }, {}]);
  assert.match(String(analysis.kpis['INC-01']?.notes.join(' ')), /1 finding neither judged/);
});

test('the steps are timed from the first sign, and what is open or not recorded is no time', () => {
  const created = month.start + 10 * hour;
  const analysis = told([
    {
      verdict: 'true_positive',
      created_at: created,
      first_activity_at: created - 20 * minute,
      acknowledged_at: created + 10 * minute,
      status: 'in_progress',
    },
  ]);
  const groups = analysis.series['INC-01.timelines']?.groups.map(({ name, cells }) => [String(name), cells[0]]);
  assert.deepEqual(groups, [
    ['noticed', { status: 'ok', value: 1200 }],
    ['acknowledged', { status: 'ok', value: 1800 }],
    ['closed', { status: 'no-data', reason: 'still open at the data cut' }],
  ]);
  assert.match(String(analysis.series['INC-01.timelines']?.title), /still open/);
});

test('what people wrote of an incident stands with it, and only with it', () => {
  const sketches: Sketch[] = [
    {
      verdict: 'true_positive',
      entities: [
        { type: 'host', value: 'web-1', role: 'target' },
        { type: 'ip', value: '203.0.113.9' },
      ],
    },
    { verdict: 'true_positive', source: 'edr', native_id: '0' },
  ];
  const analysis = told(sketches, [{ source: 'edr', finding: '0', impact: 'one mailbox read', lesson: 'MFA is on now' }]);
  const rows = analysis.tables['INC-01.list']?.rows ?? [];
  const [first, second] = [
    rows.find(({ impact: _, ...row }) => String(row.affected).includes('web-1')),
    rows.find(({ lesson }) => lesson === 'MFA is on now'),
  ];
  assert.match(String(first?.affected), /^1 host: web-1$/);
  assert.equal(String(first?.lesson), 'none recorded');
  assert.equal(second?.affected, 'one mailbox read');
});

test('the five gravest are those of a whole sort: severity, escalated, how long', () => {
  const row = fc.record({
    severity: fc.constantFrom(1, 2, 3, 4, 5, 6, 99, 0),
    verdict: fc.constantFrom('true_positive', 'false_positive', null),
    escalated: fc.constantFrom(true, false, null),
    minutes: fc.option(fc.integer({ min: 0, max: 3000 })),
  });
  const order = [6, 5, 4, 3, 2, 1, 99, 0];
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const asOf = month.end + hour;
      const sketches = rows.map(({ minutes, ...rest }, i): Sketch => {
        const created = month.start + i * hour;
        return { ...rest, ...(minutes === null ? {} : { status: 'closed', closed_at: created + minutes * minute }) } as Sketch; // each is a severity and a verdict
      });
      const expected = rows
        .map((one, i) => ({ ...one, i, lasted: one.minutes === null ? asOf - month.start - i * hour : one.minutes * minute }))
        .filter(({ verdict, escalated }) => verdict === 'true_positive' || (escalated === true && verdict === null))
        .sort(
          (a, b) =>
            order.indexOf(a.severity) - order.indexOf(b.severity) ||
            Number(b.escalated === true) - Number(a.escalated === true) ||
            b.lasted - a.lasted ||
            a.i - b.i,
        );
      const analysis = told(sketches);
      assert.deepEqual(
        idsOf(analysis) ?? [],
        expected.slice(0, 5).map(({ i }) => String(i)),
      );
      const entry = analysis.kpis['INC-01'];
      if (entry !== undefined && hasValue(entry)) assert.equal(entry.value, expected.length);
      else assert.equal(expected.length, 0);
    }),
  );
});
