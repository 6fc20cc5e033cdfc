import { stringify } from 'yaml';
import type { Diagnostics } from '../analyse/analysis.ts';
import { policyWords } from '../analyse/index.ts';
import type { Client } from '../config/index.ts';
import type { Batch, Store } from '../store/index.ts';
import { fieldWords, say } from '../words/index.ts';
import { touches } from './holes.ts';
import type { ReportRequest } from './report.ts';

type Query = NonNullable<Diagnostics['queries']>[number];

/**
 * What an engineer asks next, and the store and the configuration can tell: which sets of findings were meant, what could not be
 * read, how long collecting took. The same store gives the same answers: the time of this run is in its log, not in the edition.
 */
export function diagnosticsOf({ config, client, period }: ReportRequest, store: Store, batches: readonly Batch[]): Diagnostics {
  const own = batches.filter((batch) => touches(batch, period));
  const rules = config.categories.map(({ category, place, when }) => ({ name: category, place, text: yaml(when) }));
  return { queries: [...rules, ...meant(client)], timings: timingsOf(own), rejected: rejectedIn(own, store) };
}

/** Everything but tag rules that stands in the client's own file. */
function meant({ id, mappings, sla }: Client): Query[] {
  const place = `clients/${id}.yaml`;
  const { escalated, ignore_log_sources: ignored, verdicts } = mappings;
  return [
    ...(escalated === undefined ? [] : [{ name: fieldWords('escalated'), place, text: yaml(escalated) }]),
    ...(ignored === undefined ? [] : [{ name: say('log sources left out'), place, text: yaml(ignored) }]),
    ...[...verdicts].map(([word, verdict]) => ({ name: fieldWords(verdict), place, text: yaml({ field: 'verdict_raw', equals: word }) })),
    ...sla.map((policy) => {
      const { metric, clock, severities, when, pause_on: paused } = policy;
      const severity = severities === undefined ? {} : { severity: [...severities] };
      const text = yaml({ metric, clock, ...severity, ...(when && { when }), ...(paused.size > 0 && { pause_on: [...paused] }) });
      return { name: policyWords(policy), place, text };
    }),
  ];
}

const yaml = (value: unknown): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();

function timingsOf(batches: readonly Batch[]): NonNullable<Diagnostics['timings']> {
  const sum = (all: readonly Batch[], of: (batch: Batch) => number) => all.reduce((total, batch) => total + of(batch), 0);
  return [...Map.groupBy(batches, ({ source }) => source)].map(([source, all]) => ({
    source,
    collections: all.length,
    requests: sum(all, ({ requests }) => requests),
    records: sum(all, ({ fetched }) => fetched),
    seconds: sum(all, ({ started_at, finished_at }) => finished_at - started_at) / 1000,
  }));
}

/** By source and reason, the most frequent first; what two collections rejected counts in both. */
function rejectedIn(batches: readonly Batch[], store: Store): NonNullable<Diagnostics['rejected']> {
  const rows = new Map<string, NonNullable<Diagnostics['rejected']>[number]>();
  for (const { id, source, rejected } of batches) {
    if (rejected === 0) continue;
    for (const { place, reason, raw } of store.rejections(id)) {
      const row = rows.get(`${source}\n${reason}`) ?? { source, reason, n: 0, example: `${place}: ${raw.slice(0, 120)}` };
      rows.set(`${source}\n${reason}`, { ...row, n: row.n + 1 });
    }
  }
  return [...rows.values()].sort((a, b) => b.n - a.n || (a.source + a.reason < b.source + b.reason ? -1 : 1));
}
