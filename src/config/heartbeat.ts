import type { Effects } from '../effects.ts';
import { secretReference } from '../secret.ts';
import { problemAt } from './explain.ts';
import { resolveReferences } from './references.ts';
import { ConfigError, type Heartbeat } from './types.ts';
import type { Path, YamlFile } from './yaml.ts';

/** What is called after a success: its address may be a secret, and may be missing until then. */
export async function readHeartbeat(value: string, file: YamlFile, at: Path, dir: string, effects: Effects): Promise<Heartbeat> {
  if (!secretReference.test(value)) return { address: () => value };
  const [reference] = await resolveReferences(value, dir, effects);
  const found = reference?.found ?? { problem: 'is missing' };
  return {
    address() {
      if ('problem' in found) throw new ConfigError([problemAt(file, at, found.problem)]);
      return found.value;
    },
  };
}
