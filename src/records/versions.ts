import type { Ms } from '../finding.ts';
import type { Change, FileRecord, Mapping } from './mapping.ts';
import type { Version } from './reader.ts';

/** What all rows of one id say together. */
interface Gathered {
  record: FileRecord;
  /** Of the row that won. */
  place: string;
  /** The latest moment of which any of its rows tells: when it changed last, as far as the export says. */
  changed_at: Ms;
}

export interface Versions {
  add(version: Version): void;
  /** How many records `due` holds for. */
  count(due: (created_at: Ms, changed_at: Ms) => boolean): number;
  /** Those records, each let go of as it is taken: the whole is in memory once. */
  take(due: (created_at: Ms, changed_at: Ms) => boolean): Generator<Gathered, void, void>;
}

interface Gathering {
  winner: Version;
  changed_at: Ms;
  acknowledged_at: Ms | undefined;
  changes: Change[];
}

/** Brings the rows of each id together: one wins, the earlier ones tell its history. */
export function gatherVersions(by: Mapping['versions']): Versions {
  const gathered = new Map<string, Gathering>();
  return {
    add(version) {
      const before = gathered.get(version.record.id);
      gathered.set(version.record.id, before === undefined ? begin(version) : join(before, version, by));
    },
    count(due) {
      let count = 0;
      for (const { winner, changed_at } of gathered.values()) if (due(winner.record.created_at, changed_at)) count++;
      return count;
    },
    *take(due) {
      for (const [id, gathering] of gathered) {
        gathered.delete(id);
        if (due(gathering.winner.record.created_at, gathering.changed_at)) yield finish(gathering, by);
      }
    },
  };
}

function begin(version: Version): Gathering {
  return {
    winner: version,
    changed_at: lastMoment(version),
    acknowledged_at: version.acknowledged ? version.change?.at : undefined,
    changes: version.change === undefined ? [] : [version.change],
  };
}

function join(before: Gathering, version: Version, by: Mapping['versions']): Gathering {
  if (version.change !== undefined) before.changes.push(version.change);
  before.changed_at = Math.max(before.changed_at, lastMoment(version));
  if (version.acknowledged && version.change !== undefined) {
    before.acknowledged_at = Math.min(before.acknowledged_at ?? Number.POSITIVE_INFINITY, version.change.at);
  }
  if (by === 'last' || isNewer(version, before.winner)) before.winner = version;
  return before;
}

/** Of two rows with the same `updated_at` the later one in the file is the newer. */
function isNewer(version: Version, than: Version): boolean {
  if (than.change === undefined) return true;
  return version.change !== undefined && version.change.at >= than.change.at;
}

/**
 * Without `updated_at` an export does not say when a row changed; the latest of its other times is the least it was.
 * Activity times are the attacker's clock and no change of the record.
 */
function lastMoment({ record }: Version): Ms {
  const { updated_at, first_activity_at: _first, last_activity_at: _last, ...times } = record.times;
  return updated_at === undefined ? Math.max(record.created_at, ...Object.values(times)) : Math.max(record.created_at, updated_at);
}

function finish({ winner, changed_at, acknowledged_at, changes }: Gathering, by: Mapping['versions']): Gathered {
  const times = acknowledged_at === undefined ? winner.record.times : { acknowledged_at, ...winner.record.times };
  // Where the last row wins, the file's order is the order of versions, also of those whose times contradict it.
  const history = by === 'last' ? changes : changes.toSorted((a, b) => a.at - b.at);
  return { record: { ...winner.record, times, history }, place: winner.place, changed_at };
}
