import { type Readable, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createUnzip, createZstdDecompress } from 'node:zlib';
import { codeOf, SourceError } from './http-error.ts';

export interface Call {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer | undefined;
  /** "GET /path", with secrets replaced: how messages name it. */
  where: string;
}

export interface Reply {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** The library behind the door: sends one request, hands back the raw body as it came. */
export type Wire = (call: Call, signal: AbortSignal) => Promise<{ status: number; headers: Record<string, string>; stream: Readable }>;

const maxRedirects = 5;

/** What to take, and whom to tell. `sent` is called for each request on the wire, `arriving` for each piece of a body. */
interface Reading {
  maxBytes: number;
  /** Statuses that are answers, redirects among them. */
  accept: readonly number[];
  sent(): void;
  arriving(): void;
}

/** One request with its body read, redirects followed inside its own origin, but for those that are accepted as answers. */
export async function exchange(wire: Wire, first: Call, reading: Reading, signal: AbortSignal): Promise<Reply> {
  let call = first;
  for (let hops = 0; ; hops += 1) {
    reading.sent();
    const { status, headers, stream } = await wire(call, signal);
    const target = reading.accept.includes(status) ? undefined : redirectTarget(call, status, headers);
    if (target === undefined) return { status, headers, body: await readBody(call, headers, stream, reading, signal) };
    stream.destroy();
    if (hops === maxRedirects) {
      throw new SourceError('redirected', `${first.where} was redirected more than ${maxRedirects} times (${status}). Check base_url.`, {
        status,
      });
    }
    call = target;
  }
}

/** Where to go on; undefined when this is the answer. Credentials never follow to another origin, because nothing does. */
function redirectTarget(call: Call, status: number, headers: Record<string, string>): Call | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const refuse = (what: string, next: string) =>
    new SourceError('redirected', `${call.where} answered ${status}: ${what}. ${next}`, { status });
  const url = URL.parse(headers.location ?? '', call.url);
  if (headers.location === undefined || url === null) throw refuse('a redirect to nowhere', 'Check base_url.');
  if (url.origin !== call.url.origin) {
    throw refuse(
      `a redirect to another place (${url.protocol}//${url.host}), which is not followed`,
      'If that is the right one, set base_url to it.',
    );
  }
  url.username = '';
  url.password = '';
  if (call.method === 'GET' || status === 307 || status === 308) return { ...call, url };
  if (status !== 303)
    throw refuse('a redirect that would lose the request body, often to a login page', 'Check base_url and the credentials.');
  const { 'content-type': _dropped, ...kept } = call.headers;
  return { ...call, url, method: 'GET', headers: kept, body: undefined };
}

async function readBody(
  call: Call,
  headers: Record<string, string>,
  stream: Readable,
  { maxBytes, arriving }: Pick<Reading, 'maxBytes' | 'arriving'>,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      chunks.push(chunk);
      arriving();
      done(size > maxBytes ? tooLarge(call, maxBytes) : null);
    },
  });
  try {
    const decoders = decodersFor(call, headers);
    await pipeline([stream, ...decoders, sink], { signal });
  } catch (error) {
    stream.destroy();
    throw signal.aborted ? error : bodyError(call, error);
  }
  return Buffer.concat(chunks);
}

function tooLarge(call: Call, maxBytes: number): SourceError {
  return new SourceError(
    'too-large',
    `${call.where} sent more than ${maxBytes} bytes (after decompression). Ask for smaller pages, or raise max_bytes of this source.`,
  );
}

function bodyError(call: Call, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const code = codeOf(error);
  const cause = new Error(code);
  if (code === 'Z_BUF_ERROR' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new SourceError(
      'truncated',
      `${call.where} was cut off in the middle of the body (${code}). Try again; if it stays, check proxies in between.`,
      { cause },
    );
  }
  return new SourceError('unexpected', `${call.where} sent a body that cannot be unpacked (${code}). Check proxies in between.`, { cause });
}

/** One layer of compression is normal; a chain of them is only used to build bombs. */
function decodersFor(call: Call, headers: Record<string, string>): Transform[] {
  const encodings = (headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((text) => text.trim());
  const [encoding, ...more] = encodings.filter((text) => text !== '' && text !== 'identity');
  if (encoding === undefined) return [];
  if (more.length > 0)
    throw new SourceError(
      'unexpected',
      `${call.where} sent a chain of ${more.length + 1} compressions, which is refused. Check proxies in between.`,
    );
  if (encoding === 'gzip' || encoding === 'x-gzip' || encoding === 'deflate') return [createUnzip()];
  if (encoding === 'br') return [createBrotliDecompress()];
  if (encoding === 'zstd') return [createZstdDecompress()];
  throw new SourceError('unexpected', `${call.where} sent an unknown compression "${encoding.slice(0, 20)}". Check proxies in between.`);
}
