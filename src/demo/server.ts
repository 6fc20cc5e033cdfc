import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request as a loopback API sees it. */
export interface Asked {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** As it came; '' where there is none. */
  body: string;
}

export interface Reply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  body: string;
}

/** Something that goes wrong on purpose. */
export interface Fault {
  /** Which requests it hits; absent: all. */
  when?: (asked: Asked) => boolean;
  /** How many of them; absent: every one. */
  times?: number;
  /** What they get instead of the answer. */
  reply?: Reply;
  /** Sends the true answer but ends the connection half-way through its body. */
  cut?: boolean;
}

export interface Loopback {
  url: string;
  /** Everything asked so far, oldest first. */
  requests: readonly Asked[];
  close(): Promise<void>;
}

/** An HTTP server for this machine only, on a free port: this one where it is free, because records link to where they came from. */
export async function startLoopback(answer: (asked: Asked) => Reply, faults: readonly Fault[] = [], wanted = 0): Promise<Loopback> {
  const requests: Asked[] = [];
  const left = new Map(faults.map((fault) => [fault, fault.times ?? Number.POSITIVE_INFINITY]));
  const respond = (response: ServerResponse, asked: Asked) => {
    requests.push(asked);
    const fault = faults.find((each) => (left.get(each) ?? 0) > 0 && (each.when?.(asked) ?? true));
    if (fault !== undefined) left.set(fault, (left.get(fault) ?? 0) - 1);
    send(response, fault?.reply ?? answer(asked), fault?.cut === true);
  };
  const server = createServer((message, response) => {
    text(message).then(
      (body) => respond(response, read(message, body)),
      () => response.destroy(),
    );
  });
  const port = await listen(server, wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  });
  return { url: `http://127.0.0.1:${port}`, requests, close: () => close(server) };
}

function read(message: IncomingMessage, body: string): Asked {
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const path = decodeURIComponent(url.pathname);
  return { method: message.method ?? 'GET', path, query: url.searchParams, headers: message.headers, body };
}

function send(response: ServerResponse, reply: Reply, cut: boolean): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { 'content-type': 'application/json', 'content-length': body.length, ...reply.headers });
  if (!cut) response.end(body);
  else response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
