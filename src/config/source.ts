import { z } from 'zod';
import type { Effects } from '../effects.ts';
import { Secret } from '../secret.ts';
import { didYouMean } from '../suggest.ts';
import { loadVendor, vendorNames } from '../vendors/index.ts';
import { explainIssues, problemAt } from './explain.ts';
import { type Reference, resolveReferences } from './references.ts';
import { ConfigError, type Source } from './types.ts';
import type { Path, YamlFile } from './yaml.ts';

/** What every source has, whatever its vendor; the vendor's own settings stand beside these keys. */
export const commonSettings = {
  vendor: z.string().describe('The product it is, by the name of its vendor file'),
  required: z.boolean().default(true).describe('false: days it does not cover leave a report complete'),
};
const common = z.looseObject(commonSettings);

/** One configured source, checked by its vendor's own schema; what is wrong is added to `problems`. */
export async function readSource(
  id: string,
  data: unknown,
  file: YamlFile,
  dir: string,
  effects: Effects,
  problems: string[],
): Promise<Source | undefined> {
  const base = ['sources', id];
  const parsed = common.safeParse(data);
  if (!parsed.success) {
    problems.push(...explainIssues(parsed.error.issues, common, file, base));
    return undefined;
  }
  const { vendor: name, required, ...own } = parsed.data;
  if (!vendorNames.includes(name)) {
    const hint = didYouMean(name, vendorNames) || `; there are: ${vendorNames.join(', ')}`;
    problems.push(problemAt(file, [...base, 'vendor'], `no vendor "${name}"${hint}`));
    return undefined;
  }
  const vendor = await loadVendor(name);
  const references = await resolveReferences(own, dir, effects);
  const schema = vendor.settings instanceof z.ZodObject ? vendor.settings.strict() : vendor.settings;
  const { settings, issues } = parseSettings(schema, own, references);
  problems.push(...explainIssues(issues, schema, file, base));
  const unresolved = references.flatMap(({ path, found }) =>
    'problem' in found ? [problemAt(file, [...base, ...path], found.problem)] : [],
  );
  return {
    id,
    vendor,
    required,
    unresolved,
    get settings() {
      if (unresolved.length > 0) throw new ConfigError(unresolved);
      return settings;
    },
  };
}

/**
 * A reference may stand for a secret or for a plain text; only the vendor's schema knows which. So each is offered as a
 * Secret first, and where the schema wants no Secret, as the text. What is unresolved is no issue here: it is told when needed.
 */
function parseSettings(
  schema: z.ZodType,
  own: unknown,
  references: readonly Reference[],
): { settings: unknown; issues: z.core.$ZodIssue[] } {
  const asSecrets = references.map(({ path, origin, found }) => ({ path, value: new Secret('value' in found ? found.value : '', origin) }));
  const first = schema.safeParse(replaceAt(own, asSecrets));
  if (first.success) return { settings: first.data, issues: [] };
  const refused = new Set(first.error.issues.map((issue) => keyOf(issue.path)));
  const plain = references.map(({ path, found }, index) => {
    const asText = refused.has(keyOf(path)) && 'value' in found ? found.value : asSecrets[index]?.value;
    return { path, value: asText };
  });
  const second = schema.safeParse(replaceAt(own, plain));
  if (second.success) return { settings: second.data, issues: [] };
  const open = new Set(references.filter(({ found }) => 'problem' in found).map(({ path }) => keyOf(path)));
  return { settings: undefined, issues: second.error.issues.filter((issue) => !open.has(keyOf(issue.path))) };
}

function keyOf(path: Path): string {
  return JSON.stringify(path.map(String));
}

function replaceAt(data: unknown, replacements: readonly { path: Path; value: unknown }[]): unknown {
  const here = replacements.find(({ path }) => path.length === 0);
  if (here !== undefined) return here.value;
  if (replacements.length === 0 || typeof data !== 'object' || data === null) return data;
  const inside = (key: string) =>
    replacements.filter(({ path }) => path[0] === key).map(({ path, value }) => ({ path: path.slice(1), value }));
  const entries = Object.entries(data).map(([key, value]): [string, unknown] => [key, replaceAt(value, inside(key))]);
  return Array.isArray(data) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
