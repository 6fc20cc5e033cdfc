import type { Period } from '../../src/period.ts';

/** `count` plain offenses spread evenly over a period, most of them closed; the same every time. */
export function offenses(count: number, period: Period): ({ id: number } & Record<string, unknown>)[] {
  const step = (period.end - period.start) / count;
  return Array.from({ length: count }, (_, index) => {
    const created = Math.floor((period.start + index * step) / 1000) * 1000;
    const closed = index % 37 !== 0;
    return {
      id: index + 1,
      description: `Rule ${index % 211} fired\n`,
      status: closed ? 'CLOSED' : 'OPEN',
      severity: index % 11,
      start_time: created - 137,
      last_updated_time: created + 321,
      first_persisted_time: created,
      last_persisted_time: created + 3_600_000,
      close_time: closed ? created + 3_600_000 : null,
      closing_user: closed ? 'admin' : null,
      closing_reason_id: closed ? 1 + (index % 3) : null,
      assigned_to: index % 5 === 0 ? null : `analyst${index % 7}`,
      offense_type: 0,
      offense_source: `203.0.113.${index % 250}`,
      source_network: 'other',
      source_address_ids: [],
      local_destination_address_ids: [],
      categories: ['Misc'],
      rules: [{ id: 100_000 + (index % 211), type: 'CRE_RULE' }],
      log_sources: [{ id: index % 19, name: `Log source ${index % 19}`, type_id: 11, type_name: 'Firewall' }],
      event_count: index % 900,
    };
  });
}
