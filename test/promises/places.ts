import { hash } from 'node:crypto';
import { october } from './mail-fixtures.ts';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Place } from '../../src/config/index.ts';
import { composeParcel, type IssuedFile } from '../../src/deliver/index.ts';
import type { Message } from '../../src/render/index.ts';
import { Secret } from '../../src/secret.ts';
import { openStore, type Store } from '../../src/store/index.ts';

export interface Request {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** A web server on the loopback that answers as it is told and keeps what it was asked. */
export async function listening(
  t: TestContext,
  answer: (request: Request, response: ServerResponse, socket: Socket) => void,
): Promise<{ url: string; asked: Request[] }> {
  const asked: Request[] = [];
  const server = createServer(async (incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers, body: Buffer.concat(chunks) };
    asked.push(request);
    answer(request, response, incoming.socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, asked };
}

export function said(status: number, text = 'ok') {
  return (_request: Request, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  };
}

/** A place as the configuration gives it; `secrets` by their keys. */
export function place<C extends Place['channel']>(
  given: { channel: C } & Record<string, unknown>,
  secrets: Record<string, string> = {},
): Extract<Place, { channel: C }> {
  const whole = { name: 'one', locale: 'en-GB', unresolved: [], secret: (key: string) => secretOf(secrets[key]), ...given };
  return whole as unknown as Extract<Place, { channel: C }>; // the tests give what their channel needs
}

const secretOf = (value: string | undefined) => (value === undefined ? undefined : new Secret(value, 'test'));

export const message = (more: Partial<Message> = {}): Message => ({
  title: 'Monthly report, Acme, 1–31 October 2026',
  remarks: [],
  complete: true,
  link_text: 'Read the whole report',
  answers: [
    { question: 'What happened?', answer: '2 findings were created.' },
    { question: 'Is it under control?', answer: 'Yes.' },
    { question: 'What do we need from you?', answer: 'Nothing this time.' },
  ],
  link: 'https://reports.example.com/acme/monthly/2026-10/r1/',
  edition: { client: 'acme', report: 'monthly', period: '2026-10', revision: 1, as_of: '2026-11-01T00:00:00.000Z' },
  ...more,
});

/** A store in which one delivery to the place is queued. */
export async function queuedFor(
  t: TestContext,
  to: Place,
  more: { message?: Partial<Message>; files?: IssuedFile[] } = {},
): Promise<Store> {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-place-'));
  const store = openStore(join(dir, 'acme.sqlite'), 'acme');
  t.after(() => {
    store.close();
    rmSync(dir, { recursive: true });
  });
  const body = await composeParcel(to, { message: message(more.message), files: more.files ?? [] });
  const edition = store.addEdition(october);
  const delivery = {
    channel: to.channel,
    recipient: to.name,
    copy: 0,
    degraded: false,
    message_id: 'f'.repeat(32),
    body,
    small: undefined,
  };
  store.ledger.enqueue(edition, [delivery], { who: 'test', at: Date.parse('2026-11-01T06:00:00Z') });
  return store;
}

/** An archive with one issued edition, and its files as its manifest lists them. */
export function edition(t: TestContext): { archive: string; files: IssuedFile[] } {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-drop-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const archive = join(dir, 'reports', 'acme');
  const folder = join(archive, 'monthly/2026-10/r1');
  mkdirSync(folder, { recursive: true });
  const contents = {
    'index.html': '<p>x</p>',
    'report.pdf': '%PDF-1.7\n'.repeat(9_000),
    'findings.csv': 'id\n1\n',
    'report.json': '{}',
    'manifest.json': '{"files":{}}',
  };
  writeFileSync(join(archive, 'index.html'), '<p>archive 1</p>');
  const files = Object.entries(contents).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return { name, path: join(folder, name), sha256: hash('sha256', text) };
  });
  return { archive, files };
}
