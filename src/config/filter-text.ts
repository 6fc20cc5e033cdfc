import { checkFilter, type Filter, filter } from '../filter/index.ts';
import { explainIssues, problemAt } from './explain.ts';
import { ConfigError } from './types.ts';
import { parseYaml } from './yaml.ts';

/** A filter as somebody types it: the form of the configuration, in YAML or JSON. @throws ConfigError with every problem of it. */
export function readFilter(name: string, text: string, zone: string): Filter {
  const file = parseYaml(name, text);
  if (file.problems.length > 0) throw new ConfigError(file.problems);
  const parsed = filter.safeParse(file.data);
  if (!parsed.success) throw new ConfigError(explainIssues(parsed.error.issues, filter, file));
  const problems = checkFilter(parsed.data, { zone }).map(({ path, message }) => problemAt(file, path, message));
  if (problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}
