import { codeOf } from '../words/index.ts';
import type { ReportRequest } from './report.ts';

/** One language of an edition: whose words, in which files, and where the others stand. */
export interface Named {
  locale: string;
  names: { html: string; pdf: string };
  others: { locale: string; file: string }[];
}

/** The client's own language first, and when it is issued every further one among those who get the report. */
export function editionsOf({ client, report, issue, locale = client.locale }: ReportRequest): Named[] {
  const scheduled = issue ? client.scheduled.filter((one) => one.report.id === report.id) : [];
  const asked = [locale, ...scheduled.flatMap(({ recipients, places }) => [...recipients, ...places].map((one) => one.locale))];
  const first = [...Map.groupBy(asked, codeOf).values()].flatMap(([one]) => one ?? []);
  const named = first.map((one) => ({ locale: one, names: namesFor(one, locale) }));
  return named.map((one) => ({
    ...one,
    others: named.filter((other) => other !== one).map((other) => ({ locale: other.locale, file: other.names.html })),
  }));
}

/** The edition's own language needs no mark in the names of its files; `locale` is what it was issued in. */
export function namesFor(wanted: string, locale: string): Named['names'] {
  const code = codeOf(wanted);
  const mark = code === codeOf(locale) ? '' : `.${code}`;
  return { html: `index${mark}.html`, pdf: `report${mark}.pdf` };
}
