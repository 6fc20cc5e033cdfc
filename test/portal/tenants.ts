// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references as people write them into YAML.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadConfig } from '../../src/config/index.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { openPortal } from '../../src/portal/index.ts';
import { day, firing, noticed, type World, withoutBrowser, world } from '../promises/world.ts';
import { scripted } from '../promises/smtp-script.ts';

export const clients = ['acme', 'bolt', 'cola'] as const;
export type ClientName = (typeof clients)[number];
export const tokenOf = (client: string): string => `the-token-of-${client}-0123456789`;
/** Stands in each of a client's findings, so that it would be seen elsewhere. */
export const canary = (client: string): string => `canary-of-${client}`;
export const basic = (client: string, token = tokenOf(client)): string => `Basic ${Buffer.from(`${client}:${token}`).toString('base64')}`;

const portal = `portal:
  port: 0
  metrics_token: '\${env:METRICS}'
  logins: { acme: '\${env:T_acme}', bolt: '\${env:T_bolt}', cola: '\${env:T_cola}' }
`;

/** Three clients with two editions each, of which acme has a third that the others do not, and their portal. */
export async function tenants(t: TestContext, more: Partial<Effects> = {}, settings = portal) {
  const server = await scripted(t, {});
  const place: World = world(t, server.port);
  appendFileSync(join(place.dir, 'soc-kpi.yaml'), settings);
  const own = readFileSync(join(place.dir, 'clients/acme.yaml'), 'utf8');
  for (const client of clients) {
    const named = own.replace('alerts/*.csv', `${client}.csv`).replace('name: Acme', `name: ${canary(client)}`);
    // One of acme's readers gets it in German.
    const spoken = client === 'acme' ? named.replace('format: html', 'format: html, locale: de-DE') : named;
    writeFileSync(join(place.dir, `clients/${client}.yaml`), spoken);
    writeFileSync(
      join(place.dir, `${client}.csv`),
      `id,title,at\n1,${canary(client)},2026-11-02T08:00:00Z\n2,${canary(client)},2026-11-03T08:00:00Z\n`,
    );
  }
  const env = { METRICS: 'the-token-of-the-collector', ...Object.fromEntries(clients.map((client) => [`T_${client}`, tokenOf(client)])) };
  const steps = withoutBrowser;
  for (const now of [noticed, firing]) await place.run(now, { steps, effects: { env } });
  // One more that only acme has.
  await place.run(firing + day, { steps, effects: { env }, busy: new Set(['bolt', 'cola']) });
  const effects: Effects = { ...realEffects, env, now: () => firing + 2 * day, ...more };
  const config = await loadConfig(place.dir, effects);
  if (config.portal === undefined) throw new Error('there is no portal in the configuration');
  const app = await openPortal({ ...config, portal: config.portal }, () => 'soc_kpi_up 1', effects);
  t.after(() => app.close());
  return { place, app, effects };
}
