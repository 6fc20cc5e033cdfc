import { destinationAddress, type OffenseLife } from './soc.ts';
import { logSources, reasons } from './rules.ts';

/** An offense as QRadar's API gives it, with explicit nulls as a real console does. */
export type OffenseJson = Record<string, unknown> & { id: number };

/** What the console knows at `now`: offenses created by then, in the state they had then. */
export function consoleAt(lives: readonly OffenseLife[], now: number): OffenseJson[] {
  return lives.filter((life) => life.created <= now).map((life) => offenseAt(life, now));
}

export const closingReasons = Object.entries(reasons).map(([text, id]) => ({ id, text, is_deleted: false, is_reserved: id < 50 }));

/** Addresses by id, as the console's own look-up tables have them. */
export function localAddresses(lives: readonly OffenseLife[]): { id: number; local_destination_ip: string }[] {
  const ids = new Set(lives.flatMap((life) => life.destinations));
  return [...ids].sort((a, b) => a - b).map((id) => ({ id, local_destination_ip: destinationAddress(id) }));
}

function offenseAt(life: OffenseLife, now: number): OffenseJson {
  const { rule } = life;
  const assigned = life.assigned !== undefined && life.assigned.at <= now ? life.assigned : undefined;
  const close = closeAt(life, now);
  const changes = [life.created, assigned?.at, close?.at, reopenedBy(life, now)].filter((at) => at !== undefined);
  return {
    id: life.id,
    description: rule.suffix === undefined ? `${rule.name}\n` : `${rule.name}\n ${rule.suffix}\n`,
    status: close === undefined ? 'OPEN' : 'CLOSED',
    severity: life.severity,
    magnitude: Math.min(10, life.severity + 1),
    credibility: 3,
    relevance: 4,
    start_time: life.started,
    last_updated_time: life.created + 4321,
    first_persisted_time: life.created,
    last_persisted_time: Math.max(...changes),
    close_time: close?.at ?? null,
    closing_user: close?.by ?? null,
    closing_reason_id: close?.reason ?? null,
    assigned_to: assigned?.to ?? null,
    offense_type: rule.kind === 'user' ? 3 : 0,
    offense_source: life.source,
    source_network: life.network,
    destination_networks: ['Servers.Core'],
    source_address_ids: [],
    local_destination_address_ids: life.destinations,
    categories: rule.categories,
    rules: [{ id: rule.id, type: 'CRE_RULE' }],
    log_sources: logSources.filter((source) => source.id === 60 || source.id === life.logSource),
    event_count: life.events,
    flow_count: 0,
    domain_id: 0,
    inactive: close !== undefined,
    protected: false,
    follow_up: false,
  };
}

function closeAt(life: OffenseLife, now: number): OffenseLife['closed'] {
  if (life.closedAgain !== undefined && life.closedAgain.at <= now) return life.closedAgain;
  if (life.closed === undefined || life.closed.at > now || reopenedBy(life, now) !== undefined) return undefined;
  return life.closed;
}

function reopenedBy(life: OffenseLife, now: number): number | undefined {
  return life.reopened !== undefined && life.reopened <= now ? life.reopened : undefined;
}
