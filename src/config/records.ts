import { z } from 'zod';
import { didYouMean } from '../suggest.ts';
import { problemAt } from './explain.ts';
import type { Client, Source } from './types.ts';
import type { YamlFile } from './yaml.ts';

const source = z.string();

/** Which source is believed for what, where several know of the same thing. */
export const records = z.strictObject({
  cases: z.union([source, z.array(source).min(1)]).describe('The source, or sources, whose cases count: the case tool'),
  alerts: z.array(source).min(1).describe('The sources whose alerts count'),
});

const kinds = { cases: 'case', alerts: 'alert' } as const;

/** The two lists of a client; what cannot be meant is added to `problems`. `ids` are all sources of the file, readable or not. */
export function recordsOf(
  given: z.infer<typeof records> | undefined,
  ids: readonly string[],
  sources: ReadonlyMap<string, Source>,
  file: YamlFile,
  problems: string[],
): Pick<Client, 'records'> {
  if (given === undefined) return {};
  const lists = { cases: [given.cases].flat(), alerts: given.alerts };
  for (const name of ['cases', 'alerts'] as const) {
    for (const [index, id] of lists[name].entries()) {
      const path = typeof given[name] === 'string' ? ['records', name] : ['records', name, index];
      const problem = listingProblem(id, index, lists[name], kinds[name], ids, sources);
      if (problem !== undefined) problems.push(problemAt(file, path, problem));
    }
  }
  const listed = new Set([...lists.cases, ...lists.alerts]);
  for (const id of ids.filter((one) => !listed.has(one))) {
    problems.push(
      problemAt(file, ['records'], `"${id}" stands in neither list, so nothing of it would count; add it to cases or to alerts`),
    );
  }
  for (const id of lists.cases.filter((one) => lists.alerts.includes(one))) {
    const delivers = sources.get(id)?.vendor.delivers;
    if (delivers?.length === 1)
      problems.push(
        problemAt(file, ['records'], `"${id}" stands in both lists, but gives ${delivers[0]}s only, each of which would count twice`),
      );
  }
  return { records: lists };
}

function listingProblem(
  id: string,
  index: number,
  list: readonly string[],
  kind: 'case' | 'alert',
  ids: readonly string[],
  sources: ReadonlyMap<string, Source>,
): string | undefined {
  if (!ids.includes(id)) return `there is no source "${id}"${didYouMean(id, ids) || `; there are: ${ids.join(', ')}`}`;
  if (list.indexOf(id) !== index) return `"${id}" stands here twice`;
  const vendor = sources.get(id)?.vendor;
  // An offense or an incident may well be the alert from which another tool makes its cases; an alert is no case of its own.
  if (kind === 'case' && vendor?.delivers?.includes('case') === false)
    return `${vendor.name} gives no cases; name the case tool, or leave records out`;
  return undefined;
}
