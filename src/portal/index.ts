import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config, Portal } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { visible } from '../words/index.ts';
import { openDoors } from './doors.ts';
import { archivePage, editionFile, type Found } from './issued.ts';
import { openReadings } from './readings.ts';

/** Pages bring their own style and pictures, and nothing else; each also says so itself, by the hash of its style. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const headers: Readonly<Record<string, string>> = {
  'content-security-policy': `${policy}; sandbox allow-same-origin allow-downloads`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store, private',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves each client its own editions. Which client it is comes from its token alone, so no address can name another's; what
 * is not there and what is not its own have the same answer. Call `listen` on what is returned.
 */
export async function openPortal(config: Config & { portal: Portal }, metrics: () => string, effects: Effects): Promise<FastifyInstance> {
  const { portal } = config;
  const { default: fastify } = await import('fastify');
  const notFound = (reply: FastifyReply) => answer(reply, 404, 'There is nothing here.');
  const harden = (reply: FastifyReply): void => {
    for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    if (portal.tls !== undefined || portal.behind_proxy) reply.header('strict-transport-security', 'max-age=31536000');
  };
  const options = {
    bodyLimit: 1024,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    routerOptions: { maxParamLength: 100 },
    // What is no address at all does not get as far as the hooks.
    frameworkErrors(_error: unknown, _request: FastifyRequest, reply: FastifyReply) {
      harden(reply);
      void notFound(reply);
    },
  };
  const app: FastifyInstance = portal.tls === undefined ? fastify(options) : fastify({ ...options, https: await certificate(portal.tls) });
  const doors = openDoors(portal, effects.now);
  const client = new WeakMap<FastifyRequest, string>();

  app.addHook('onRequest', async (request, reply) => {
    harden(reply);
    if (request.url === '/metrics' && doors.isCollector(request.headers.authorization)) return;
    const visitor = doors.visitor(request.headers.authorization, request.ip);
    if ('client' in visitor) client.set(request, visitor.client);
    else if (visitor.refused === 'unknown') {
      reply.header('www-authenticate', 'Basic realm="soc-kpi", charset="UTF-8"');
      return answer(reply, 401, 'Log in with the name and the token that you were given.');
    } else {
      reply.header('retry-after', String(visitor.seconds));
      return answer(reply, 429, 'Too many wrong tokens; wait a minute.');
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    const who = client.get(request) ?? 'nobody';
    const message = visible(`${who} ${request.method} ${request.url}: ${reply.statusCode}`);
    effects.log({ level: 'info', event: 'request', message, client: who, status: reply.statusCode });
  });
  app.setNotFoundHandler((_request, reply) => notFound(reply));
  app.setErrorHandler((error, _request, reply) => {
    // A request that cannot be read leads nowhere; anything else is our fault, and told to the operator alone.
    const fault = error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;
    if (fault) return notFound(reply);
    effects.log({ level: 'error', event: 'portal', message: visible(error instanceof Error ? error.message : String(error)) });
    return answer(reply, 500, 'Something went wrong here; the operator is told.');
  });

  addRoutes(app, { config, whose: (request) => client.get(request), metrics, notFound, effects });
  return app;
}

interface Routing {
  config: Config;
  /** The client that asks; undefined for the collector of metrics, whom the doors let through to nothing else. */
  whose(request: FastifyRequest): string | undefined;
  metrics(): string;
  notFound(reply: FastifyReply): FastifyReply;
  effects: Effects;
}

function addRoutes(app: FastifyInstance, { config, whose, metrics, notFound, effects }: Routing): void {
  const readings = openReadings(config, effects);
  app.addHook('onClose', async () => readings.close());
  const give = (reply: FastifyReply, found: Found) => {
    if (found === 'nothing') return notFound(reply);
    if (found === 'changed')
      return answer(reply, 503, 'integrity: this report is not what was issued, so it is not shown. The operator is told.');
    // A browser shows no PDF in a sandbox.
    if (found.type === 'application/pdf') reply.header('content-security-policy', policy);
    return reply.type(found.type).send(found.bytes);
  };
  const archive = async (request: FastifyRequest): Promise<Found> => {
    const client = whose(request) ?? '';
    const found = await archivePage(config, client);
    if (typeof found !== 'string') readings.note(client, 'archive');
    return found;
  };
  app.get('/', async (request, reply) => give(reply, await archive(request)));
  app.get('/index.html', async (request, reply) => give(reply, await archive(request)));
  app.get<{ Params: Record<string, string> }>('/:report/:period/:revision/:file', async (request, reply) => {
    const who = whose(request) ?? '';
    const found = await editionFile(config, who, request.params);
    const { report, period, revision } = request.params;
    if (typeof found !== 'string') readings.note(who, `${report} ${period} ${revision}`);
    if (found === 'changed')
      effects.log({
        level: 'error',
        event: 'integrity',
        message: visible(`${whose(request)}${request.url} is not what was issued; run soc-kpi verify`),
      });
    return give(reply, found);
  });
  app.get('/metrics', (request, reply) =>
    whose(request) !== undefined ? notFound(reply) : reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${metrics()}\n`),
  );
}

function answer(reply: FastifyReply, status: number, text: string) {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
}

async function certificate({ cert_file, key_file }: { cert_file: string; key_file: string }) {
  const [cert, key] = await Promise.all([readFile(cert_file), readFile(key_file)]);
  return { cert, key, minVersion: 'TLSv1.2' as const };
}
