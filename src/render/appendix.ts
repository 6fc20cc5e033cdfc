import type { Analysis, Definition } from '../analyse/analysis.ts';
import type { Counted, Kpi } from '../analyse/kpi.ts';
import { hasValue } from '../outcome.ts';
import { fieldWords, message, phrase } from '../words/index.ts';
import type { Format } from './format.ts';

/** The end of a report, finished as the model's other parts are. */
export interface Appendix {
  excluded: { reason: string; n: string }[];
  definitions: DefinitionView[];
  /** What most figures count. */
  counts: string;
  capabilities: { source: string; product: string; question: string; answer: string; note: string }[];
  /** What no source can answer, in one line per source. */
  unanswerable: { source: string; questions: string }[];
  provenance: { batches: number; digest: string; made: string };
}

interface DefinitionView {
  id: string;
  name: string;
  question: string;
  formula: string;
  cohort: string;
  /** Alerts, cases or both. */
  counts: string;
  /** Whether it counts what most figures count. */
  usual: boolean;
  statistic: string;
  least: string;
  sources: string;
}

const cohorts: Record<Kpi['cohort'], string> = {
  'created-in-period': message('findings created in the period'),
  'closed-in-period': message('findings closed in the period'),
  'due-in-period': message('findings due in the period'),
  'open-at-end': message('findings open at the end of the period'),
  'event-in-period': message('findings in which this happened in the period'),
  'as-of': message('findings as they stood at the data cut'),
  history: message('all findings stored so far'),
};

/** What is counted: first where the client says which source is the record for what, then where every record counts by itself. */
const counted: ReadonlyMap<string, readonly [joined: string, plain: string]> = new Map(
  Object.entries({
    work: [message('cases, and alerts that are part of none'), message('every record, alerts and cases alike')],
    alerts: [message('alerts, in a case or not'), message('every record, alerts and cases alike')],
    'alerts and cases': [message('alerts and cases, each by itself'), message('every record, alerts and cases alike')],
    cases: [message('cases'), message('cases')],
    nothing: [message('no findings but the collection of them'), message('no findings but the collection of them')],
  } satisfies Record<Counted, [string, string]>),
);

const usual: Counted = 'work';

const answers: ReadonlyMap<string, string> = new Map(
  Object.entries({
    field: message('recorded by the product'),
    event: message("in the product's history"),
    derived: message('derived from successive collections'),
    no: message('not available'),
  }),
);

/** What an auditor asks for: what was left out, how each figure is made, what the sources cannot answer, what was read. */
export function appendix(analysis: Analysis, format: Format): Appendix {
  return {
    excluded: analysis.excluded.map(({ reason, n }) => ({ reason: format.words(reason), n: format.quantity(n, 'count') })),
    definitions: defined(analysis).map((entry) => ({
      id: entry.id,
      name: format.words(entry.name),
      question: format.words(entry.question),
      formula: format.words(entry.formula),
      cohort: format.words(phrase(cohorts[entry.cohort])),
      counts: countedWords(entry.counts, analysis.records !== undefined, format),
      usual: entry.counts === usual,
      statistic: format.words(entry.statistic),
      least: format.quantity(entry.minN, 'count'),
      sources: entry.sources.map(format.words).join(format.language.semicolon),
    })),
    counts: countedWords(usual, analysis.records !== undefined, format),
    capabilities: analysis.capabilities.map(({ source, product, question, answer, note }) => ({
      source: format.words(source),
      product: format.words(product),
      question: format.words(fieldWords(question)),
      answer: answerWords(answer, format),
      note: format.words(note ?? ''),
    })),
    unanswerable: unanswerable(analysis.capabilities, format),
    provenance: {
      batches: analysis.provenance.batches,
      digest: format.words(analysis.provenance.digest),
      made: Object.entries(analysis.provenance.versions)
        .map(([name, version]) => format.words(`${name} ${version}`))
        .join(format.language.comma),
    },
  };
}

/** A manager checks what is printed; the others may ask for what is not. */
function defined({ definitions, kpis, report }: Analysis): Definition[] {
  const all = Object.values(definitions);
  return report.reader === 'manager' ? all.filter(({ id }) => kpis[id] !== undefined && hasValue(kpis[id])) : all;
}

function countedWords(counts: string, joined: boolean, format: Format): string {
  const known = counted.get(counts);
  return format.words(known === undefined ? counts : phrase(known[joined ? 0 : 1]));
}

function answerWords(answer: string, format: Format): string {
  const known = answers.get(answer);
  return format.words(known === undefined ? answer : phrase(known));
}

function unanswerable(capabilities: Analysis['capabilities'], format: Format): Appendix['unanswerable'] {
  const open = capabilities.filter(({ answer }) => answer === 'no');
  return [...Map.groupBy(open, ({ source, product }) => `${format.words(source)} (${format.words(product)})`)].map(([source, rows]) => ({
    source,
    questions: rows.map(({ question }) => format.words(fieldWords(question))).join(format.language.comma),
  }));
}
