import { z } from 'zod';
import type { Entity, LifecycleEvent } from '../../finding.ts';
import { instantOf } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

/** The documented example names these fields otherwise than the metadata: both are read. */
export const comment = z.object({ createdDateTime: text, createdTime: text, createdByDisplayName: text, createdBy: text });

/** One of some fifty kinds; those without a name we know are passed over. */
export const evidence = z.object({
  '@odata.type': text,
  roles: texts,
  deviceDnsName: text,
  hostName: text,
  ipAddress: text,
  url: text,
  primaryAddress: text,
  userAccount: z.object({ userPrincipalName: text, accountName: text }).nullish(),
  fileDetails: z.object({ sha256: text }).nullish(),
});

export function eventOf(raw: z.infer<typeof comment>): LifecycleEvent[] {
  const at = instantOf(raw.createdDateTime ?? raw.createdTime);
  return at === undefined ? [] : [{ at, type: 'comment', ...onlyKnown({ by: raw.createdByDisplayName || raw.createdBy }) }];
}

const attackers = new Set(['attacker', 'source', 'commandAndControl']);

const victims = new Set(['compromised', 'attacked', 'destination']);

export function entitiesOf(all: readonly z.infer<typeof evidence>[]): Entity[] {
  const found = new Map<string, Entity>();
  for (const raw of all) {
    const roles = raw.roles ?? [];
    const role = roles.some((each) => attackers.has(each)) ? 'actor' : roles.some((each) => victims.has(each)) ? 'target' : undefined;
    const named: [Entity['type'], string | null | undefined][] = [
      ['host', raw.deviceDnsName || raw.hostName],
      ['user', raw.userAccount?.userPrincipalName || raw.userAccount?.accountName],
      ['ip', raw.ipAddress],
      ['url', raw.url],
      ['email', raw.primaryAddress],
      ['hash', raw.fileDetails?.sha256],
    ];
    for (const [type, value] of named) if (value) found.set(`${type} ${value}`, { type, value, ...onlyKnown({ role }) });
  }
  return [...found.values()];
}
