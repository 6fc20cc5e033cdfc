import type { Archived } from '../../src/render/index.ts';

const files = ['index.html', 'report.pdf', 'findings.csv', 'report.json'];

/** What a client has who gets a report each month, each week and each day; the last month of each year came out twice. */
export function editionsOf(last: number, years: number): Archived[] {
  return Array.from({ length: years }, (_, index) => last - index).flatMap((year) => [
    ...months(year).map((period) => edition('monthly', period)),
    { ...edition('monthly', `${year}-12`, 2), changes: ['Findings created: 1,950, now 1,987'] },
    ...Array.from({ length: 52 }, (_, week) => edition('weekly', `${year}-W${String(week + 1).padStart(2, '0')}`)),
    ...days(year).map((period) => edition('daily', period)),
  ]);
}

const months = (year: number) => Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}`);

function days(year: number): string[] {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  return Array.from({ length: first.daysInYear }, (_, day) => first.add({ days: day }).toString());
}

function edition(report: string, period: string, revision = 1): Archived {
  return {
    report,
    title: `The ${report} report`,
    period,
    revision,
    built_at: Date.UTC(2026, 11, 31) + revision,
    status: revision === 1 && period.endsWith('-12') ? 'incomplete' : 'complete',
    files: files.map((name) => ({ name, path: `${report}/${period}/r${revision}/${name}` })),
  };
}
