import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Portal } from '../config/index.ts';
import type { Ms } from '../finding.ts';

/** Who asks, as far as the credentials say. */
export type Visitor = { client: string } | { refused: 'unknown' } | { refused: 'too-often'; seconds: number };

/** Wrong tokens that a client's name, and an address, may be tried with in a minute. */
const limits = { name: 5, address: 20 } as const;
const minute: Ms = 60_000;

/** The client is known by its token and by nothing that stands in an address. Unknown names and wrong tokens look alike. */
export function openDoors({ secrets, behind_proxy }: Portal, now: () => Ms) {
  const key = randomBytes(32);
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const tokens = new Map([...secrets.logins].map(([id, token]) => [id, digest(token.reveal())]));
  const metrics = secrets.metrics === undefined ? undefined : digest(secrets.metrics.reveal());
  const nobody = randomBytes(32);
  const failures = new Map<string, Ms[]>();

  const recent = (name: string): Ms[] => (failures.get(name) ?? []).filter((at) => at > now() - minute);
  const fail = (name: string): void => {
    // Names are whatever somebody sends: the oldest are let go.
    if (failures.size > 10_000) failures.delete(failures.keys().next().value ?? '');
    failures.set(name, [...recent(name), now()]);
  };

  return {
    visitor(authorization: string | undefined, address: string): Visitor {
      const { name, token } = basicOf(authorization);
      // Behind a proxy all come from one address.
      const tried = [
        { key: `name ${name}`, limit: limits.name },
        ...(behind_proxy ? [] : [{ key: `address ${address}`, limit: limits.address }]),
      ];
      const over = tried.find((one) => recent(one.key).length >= one.limit);
      if (over !== undefined) return { refused: 'too-often', seconds: Math.ceil(((recent(over.key)[0] ?? now()) + minute - now()) / 1000) };
      const same = timingSafeEqual(digest(token), tokens.get(name) ?? nobody);
      if (same && tokens.has(name)) return { client: name };
      if (authorization !== undefined) for (const one of tried) fail(one.key);
      return { refused: 'unknown' };
    },
    isCollector(authorization: string | undefined): boolean {
      return metrics !== undefined && timingSafeEqual(digest(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''), metrics);
    },
  };
}

/** RFC 7617; what is no such header is a login without a name. */
function basicOf(authorization: string | undefined): { name: string; token: string } {
  const [name = '', ...rest] = Buffer.from(/^Basic (\S+)$/i.exec(authorization ?? '')?.[1] ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return { name: name.slice(0, 64), token: rest.join(':') };
}
