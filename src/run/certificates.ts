import { resolve } from 'node:path';
import type { Client, Config, Place, Source } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { certificateEnd, type Endpoint } from '../http-certificate.ts';

/** A certificate that ends soon, or has. `client` is "all" for what all use. */
export interface Ending {
  client: string;
  message: string;
}

const soon = 21;

/** Asks every server that is verified by its certificate: sources, the mail server, places. Those that do not answer are left out. */
export async function endingCertificates(config: Config, effects: Effects): Promise<Ending[]> {
  const asked = [...mailServer(config), ...[...config.clients.values()].flatMap((client) => endpointsOf(client, config.dir))];
  const found = await Promise.all(
    asked.map(async ({ client, what, endpoint }) => {
      const end = await certificateEnd(endpoint, effects);
      const message = end === undefined ? undefined : messageOf(`${what} (${endpoint.host})`, end, effects.now());
      return message === undefined ? [] : [{ client, message }];
    }),
  );
  return found.flat();
}

function messageOf(what: string, end: number | 'over', now: number): string | undefined {
  if (end === 'over') return `the certificate of ${what} has ended; renew it`;
  const days = Temporal.Duration.from({ milliseconds: Math.floor(end - now) }).total('days');
  return days > soon
    ? undefined
    : `the certificate of ${what} ends on ${new Date(end).toISOString().slice(0, 10)}, in ${Math.floor(days)} days; renew it`;
}

interface Asked extends Pick<Ending, 'client'> {
  what: string;
  endpoint: Endpoint;
}

function mailServer({ smtp }: Config): Asked[] {
  if (smtp === undefined || smtp.tls === 'none') return [];
  const trust = smtp.ca_file === undefined ? {} : { ca_file: smtp.ca_file };
  return [
    { client: 'all', what: 'the mail server', endpoint: { host: smtp.host, port: smtp.port, starttls: smtp.tls === 'starttls', ...trust } },
  ];
}

function endpointsOf({ id, sources, scheduled }: Client, dir: string): Asked[] {
  const places = scheduled.flatMap((report) => report.places.flatMap((place) => placeOf(place)));
  const found = [...[...sources.values()].flatMap((source) => sourceOf(source, dir)), ...places];
  const once = new Map(found.map((one) => [`${one.endpoint.host}:${one.endpoint.port}`, one]));
  return [...once.values()].map((one) => ({ client: id, ...one }));
}

/** Of a source only what all that speak HTTP have in common is known here. */
function sourceOf(source: Source, dir: string): Omit<Asked, 'client'>[] {
  if (source.unresolved.length > 0) return []; // its settings cannot be read then
  const { id, settings } = source;
  if (typeof settings !== 'object' || settings === null) return [];
  const { base_url, ca_file } = settings as { base_url?: unknown; ca_file?: unknown }; // looked at before use
  return web(`source ${id}`, base_url, typeof ca_file === 'string' ? resolve(dir, ca_file) : undefined);
}

function placeOf(place: Place): Omit<Asked, 'client'>[] {
  if (place.channel === 'webhook') return web(`webhook ${place.name}`, place.url, place.ca_file);
  return place.channel === 's3' ? web(`s3 ${place.name}`, place.endpoint, place.ca_file) : [];
}

function web(what: string, address: unknown, ca_file: string | undefined): Omit<Asked, 'client'>[] {
  const url = typeof address === 'string' ? URL.parse(address) : null;
  if (url?.protocol !== 'https:') return [];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return [{ what, endpoint: { host, port: Number(url.port || 443), ...(ca_file === undefined ? {} : { ca_file }) } }];
}
