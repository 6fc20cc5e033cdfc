import { z } from 'zod';
import { type HttpRequest, SourceError } from '../../http.ts';
import { exactId, listIn, type Lookups } from '../vendor.ts';
import { type Context, get } from './console.ts';

const addresses = [
  { table: 'source_addresses', ids: 'source_address_ids', field: 'source_ip' },
  { table: 'local_destination_addresses', ids: 'local_destination_address_ids', field: 'local_destination_ip' },
] as const;

const references = z.object({ source_address_ids: z.array(exactId).nullish(), local_destination_address_ids: z.array(exactId).nullish() });

/** Names for what offenses refer to by id: tables once a run, when the first offense comes; addresses in small batches, each id once. */
export function lookups(context: Context): (records: readonly unknown[]) => Promise<Lookups> {
  let names: Record<string, Map<string, string>> | undefined;
  const asked = new Set<string>();
  return async (records) => {
    names ??= await tables(context);
    const referred = records.map((record) => references.safeParse(record).data);
    for (const { table, ids, field } of addresses) {
      const unasked = new Set(referred.flatMap((each) => each?.[ids] ?? []).filter((id) => !asked.has(`${table} ${id}`)));
      for (const id of unasked) asked.add(`${table} ${id}`);
      for (const [id, ip] of await addressesIn(context, `siem/${table}`, field, [...unasked])) names[table]?.set(id, ip);
    }
    return names;
  };
}

/** A hundred ids a request keep the address short enough for any proxy. */
async function addressesIn(context: Context, path: string, field: string, ids: readonly string[]): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (let at = 0; at < ids.length; at += 100) {
    found.push(...(await namesIn(context, path, field, { filter: `id in (${ids.slice(at, at + 100).join(',')})` })));
  }
  return found;
}

async function tables(context: Context): Promise<Record<string, Map<string, string>>> {
  return {
    // Deleted and reserved reasons are left out by default, and old offenses would lose theirs [offenses].
    closing_reasons: await namesIn(context, 'siem/offense_closing_reasons', 'text', { include_deleted: true, include_reserved: true }),
    offense_types: await namesIn(context, 'siem/offense_types', 'name'),
    rules: await ruleNames(context),
    source_addresses: new Map(),
    local_destination_addresses: new Map(),
  };
}

/** Reading rules is a permission of its own; without it there are no names, and the offense is known by its description. */
export async function ruleNames(context: Context): Promise<Map<string, string>> {
  try {
    return await namesIn(context, 'analytics/rules', 'name');
  } catch (error) {
    if (!(error instanceof SourceError) || error.kind !== 'forbidden') throw error;
    context.effects.log({
      level: 'warn',
      event: 'no-rule-names',
      message: `${error.message} Rules go by the description of their offenses.`,
    });
    return new Map();
  }
}

async function namesIn(context: Context, path: string, field: string, query: HttpRequest['query'] = {}): Promise<Map<string, string>> {
  const answer = await get(context, path, { fields: `id,${field}`, ...query });
  const rows = listIn(answer, z.object({ id: exactId, [field]: z.string().nullish() }), `GET ${path}`);
  return new Map(rows.flatMap((row) => (typeof row[field] === 'string' ? [[String(row.id), row[field]] as const] : [])));
}
