import type { z } from 'zod';
import type { Entity, Ms, Severity } from '../../finding.ts';
import type { breach } from './record.ts';

interface Acknowledgement {
  is: boolean;
  at?: Ms | undefined;
  by?: string | undefined;
}

export function acknowledgementOf(given: z.infer<typeof breach>['acknowledged']): Acknowledgement {
  if (given === undefined || given === null || given === false) return { is: false };
  if (given === true) return { is: true };
  if (typeof given === 'number') return { is: true, at: given };
  return { is: true, at: given.time ?? undefined, by: given.username ?? undefined };
}

/** Models of before the categories; the bounds are those of Darktrace's own app for Splunk SOAR. */
export function byScore(score: number | null | undefined): Severity {
  if (score === null || score === undefined) return 0;
  if (score < 0 || score > 1) return 99;
  return score > 0.75 ? 4 : score > 0.45 ? 3 : 2;
}

/** "did" is -1 for what is about the appliance itself; a SaaS account is a device named "SaaS::Slack: user@example". */
export function entitiesOf(device: z.infer<typeof breach>['device']): Entity[] {
  const account = /^SaaS::[^:]+: (.+)$/.exec(device?.hostname ?? '')?.[1];
  const found: [Entity['type'], string | null | undefined][] = [
    ['user', account],
    ['host', account === undefined ? device?.hostname : undefined],
    ['ip', device?.ip],
  ];
  return found.flatMap(([type, value]) => (value ? [{ type, value, role: 'actor' }] : []));
}
