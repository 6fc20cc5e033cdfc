import type { Entity, Finding } from '../finding.ts';
import type { coldColumns } from './columns.ts';
import { extraOf, textOf, urlOf } from './content.ts';
import { itemOf } from './entities.ts';
import type { Life } from './lifecycle.ts';
import { oncePer } from '../once.ts';
import { coder, type ItemLists, type Rows, type StoredNumber } from './rows.ts';
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
  return {
    rows: sorted.length,
    text: (name) => codesOf(sorted, textOf[name]),
    entities: () => entitiesOf(sorted),
    number: oncePer((name) => numbersOf(sorted, numberIn[name])),
    cold: (name, from, to) => sorted.slice(from, to).map(({ finding }) => coldOf[name](finding)),
  };
}

// Plain loops, here and where segments are read: Array.from over as many values costs several times as much.
function codesOf(observations: readonly Observation[], textIn: (finding: Finding) => string | null | undefined): TextValues {
  const { code, values } = coder();
  const codes = new Int32Array(observations.length);
  let row = 0;
  for (const { finding } of observations) codes[row++] = code(textIn(finding) ?? '');
  return { codes, values };
}

function numbersOf(observations: readonly Observation[], numberIn: (observation: Observation) => number | null | undefined): Float64Array {
  const values = new Float64Array(observations.length);
  let row = 0;
  for (const observation of observations) values[row++] = numberIn(observation) ?? Number.NaN;
  return values;
}

function entitiesOf(observations: readonly Observation[]): ItemLists {
  const counts = new Int32Array(observations.length);
  const codes: number[] = [];
  const values: string[] = [];
  // Looked up by role, type and value, so that only a new item is spelled out.
  const known = new Map<Entity['role'], Map<Entity['type'], Map<string, number>>>();
  const codeOf = (entity: Entity): number => {
    const types = known.get(entity.role) ?? known.set(entity.role, new Map()).get(entity.role);
    const items = types?.get(entity.type) ?? types?.set(entity.type, new Map()).get(entity.type);
    const code = items?.get(entity.value);
    if (code !== undefined) return code;
    items?.set(entity.value, values.length);
    return values.push(itemOf(entity)) - 1;
  };
  for (const [row, { finding }] of observations.entries()) {
    counts[row] = finding.entities.length;
    for (const entity of finding.entities) codes.push(codeOf(entity));
  }
  return { counts, codes: Int32Array.from(codes), values };
}

const coldOf: Readonly<Record<(typeof coldColumns)[number], (finding: Finding) => string>> = {
  native_id: (finding) => finding.native_id,
  url: urlOf,
  extra: extraOf,
};

/** What an observation puts into each number column; undefined and null both mean unknown. */
const numberIn: Readonly<Record<StoredNumber, (observation: Observation) => number | null | undefined>> = {
  key: ({ key }) => key,
  batch: ({ batch }) => batch,
  until_batch: () => undefined,
  severity: ({ finding }) => finding.severity,
  severity_initial: ({ life }) => life.severity_initial,
  escalated: ({ finding }) => (finding.escalated === null ? undefined : Number(finding.escalated)),
  reopen_count: ({ finding, life }) => finding.reopen_count ?? life.reopens,
  event_count: ({ finding }) => finding.event_count,
  entity_count: ({ finding }) => (finding.entities.length === 0 ? undefined : finding.entities.length),
  first_batch: ({ life }) => life.first_batch,
  // Where the product dates the first touch, nothing is derived.
  ack_after_batch: ({ finding, life }) => (finding.acknowledged_at === undefined ? life.ack_after : undefined),
  ack_before_batch: ({ finding, life }) => (finding.acknowledged_at === undefined ? life.ack_before : undefined),
  first_activity_at: ({ finding }) => whole(finding.first_activity_at),
  last_activity_at: ({ finding }) => whole(finding.last_activity_at),
  created_at: ({ finding }) => whole(finding.created_at),
  acknowledged_at: ({ finding }) => whole(finding.acknowledged_at),
  verdict_at: ({ finding }) => whole(finding.verdict_at),
  escalated_at: ({ finding }) => whole(finding.escalated_at),
  contained_at: ({ finding }) => whole(finding.contained_at),
  notified_at: ({ finding }) => whole(finding.notified_at),
  first_closed_at: ({ finding, life }) => whole(finding.first_closed_at ?? life.first_closed),
  closed_at: ({ finding }) => whole(finding.closed_at),
};

/** Instants are whole milliseconds: differences between them are exact. */
function whole(instant: number | null | undefined): number | undefined {
  return instant === null || instant === undefined ? undefined : Math.round(instant);
}
