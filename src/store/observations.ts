import type { Finding } from '../finding.ts';
import type { coldColumns } from './columns.ts';
import { extraOf, textOf } from './content.ts';
import { itemOf } from './entities.ts';
import type { Life } from './lifecycle.ts';
import { coder, type ItemLists, isStamp, type Rows, type StoredNumber } from './rows.ts';
import type { TextValues } from './types.ts';

/** One version of a finding, as one batch saw it. */
export interface Observation {
  key: number;
  batch: number;
  finding: Finding;
  life: Life;
}

/** Observations of one batch as columns, in the order of their keys. */
export function rowsOf(observations: readonly Observation[]): Rows {
  const sorted = observations.toSorted((a, b) => a.key - b.key);
  const numbers = new Map<StoredNumber, Float64Array>();
  return {
    rows: sorted.length,
    text: (name) => codesOf(sorted, textOf[name]),
    entities: () => entitiesOf(sorted),
    number(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const values = Float64Array.from(sorted, (observation) => numberOf(observation, name) ?? Number.NaN);
      numbers.set(name, values);
      return values;
    },
    cold: (name, from, to) => sorted.slice(from, to).map(({ finding }) => coldOf[name](finding)),
  };
}

function codesOf(observations: readonly Observation[], textIn: (finding: Finding) => string | null | undefined): TextValues {
  const { code, values } = coder();
  return { codes: Int32Array.from(observations, ({ finding }) => code(textIn(finding) ?? '')), values };
}

function entitiesOf(observations: readonly Observation[]): ItemLists {
  const { code, values } = coder();
  const codes = observations.flatMap(({ finding }) => finding.entities.map((entity) => code(itemOf(entity))));
  return { counts: Int32Array.from(observations, ({ finding }) => finding.entities.length), codes: Int32Array.from(codes), values };
}

const coldOf: Readonly<Record<(typeof coldColumns)[number], (finding: Finding) => string>> = {
  native_id: (finding) => finding.native_id,
  url: (finding) => finding.url ?? '',
  extra: extraOf,
};

function numberOf({ key, batch, finding, life }: Observation, name: StoredNumber): number | null | undefined {
  switch (name) {
    case 'key':
      return key;
    case 'batch':
      return batch;
    case 'until_batch':
      return undefined;
    case 'escalated':
      return finding.escalated === null ? undefined : Number(finding.escalated);
    case 'entity_count':
      return finding.entities.length === 0 ? undefined : finding.entities.length;
    case 'severity':
    case 'event_count':
      return finding[name];
    case 'severity_initial':
    case 'first_batch':
      return life[name];
    case 'reopen_count':
      return finding.reopen_count ?? life.reopens;
    // Where the product dates the first touch, nothing is derived.
    case 'ack_after_batch':
      return finding.acknowledged_at === undefined ? life.ack_after : undefined;
    case 'ack_before_batch':
      return finding.acknowledged_at === undefined ? life.ack_before : undefined;
    case 'first_closed_at':
      return whole(finding.first_closed_at ?? life.first_closed);
    default:
      return isStamp(name) ? whole(finding[name]) : undefined;
  }
}

/** Instants are whole milliseconds: differences between them are exact. */
function whole(instant: number | null | undefined): number | undefined {
  return instant === null || instant === undefined ? undefined : Math.round(instant);
}
