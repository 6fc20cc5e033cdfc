declare global {
  interface JSON {
    // ES2026, in Node since 22; the compiler's library does not know them yet.
    parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown): unknown;
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

/** Deeper nesting is an attack on whoever walks the tree; the deepest real answers have about 15 levels. */
export const maxDepth = 200;

/**
 * The text of a body: by its byte order mark, else by the declared charset, else UTF-8.
 * Bytes that are no text become U+FFFD (one attacker's alert title must not stop a collection) and set `broken`.
 */
export function decodeText(body: Uint8Array, contentType: string | undefined): { text: string; broken: boolean } {
  const label = markOf(body) ?? /charset="?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return { text: decoder(label, true).decode(body), broken: false };
  } catch {
    return { text: decoder(label, false).decode(body), broken: true };
  }
}

function markOf(body: Uint8Array): string | undefined {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 'utf-8' : undefined;
}

function decoder(label: string, fatal: boolean): TextDecoder {
  try {
    return new TextDecoder(label, { fatal });
  } catch {
    return new TextDecoder('utf-8', { fatal });
  }
}

type Parsed = { ok: true; json: unknown } | { ok: false; kind: 'not-json' | 'truncated' | 'unexpected'; why: string };

/**
 * JSON with exact integers: those that a double cannot hold arrive as strings of their digits (or, for a
 * recording, as raw numbers), because 2^53 and 2^53+1 would merge two alerts. Keys named `__proto__` are dropped.
 */
export function parseJson(text: string, bigAs: 'string' | 'raw' = 'string'): Parsed {
  const shape = shapeOf(text);
  if (shape === 'deep') return { ok: false, kind: 'unexpected', why: `its JSON is nested more than ${maxDepth} deep` };
  try {
    return { ok: true, json: needsCare(text) ? JSON.parse(text, careful(bigAs)) : JSON.parse(text) };
  } catch (error) {
    if (shape === 'open' && /^\s*[[{]/.test(text)) return { ok: false, kind: 'truncated', why: 'its JSON ends in the middle' };
    return { ok: false, kind: 'not-json', why: notJson(text, error) };
  }
}

function careful(bigAs: 'string' | 'raw') {
  return (key: string, value: unknown, context: { source?: string }): unknown => {
    if (key === '__proto__') return undefined;
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const digits = context.source;
    if (digits === undefined || !/^-?\d+$/.test(digits)) return value;
    return bigAs === 'raw' ? JSON.rawJSON(digits) : digits;
  };
}

/** A reviver makes parsing several times slower, so only texts that may need it pay. */
function needsCare(text: string): boolean {
  return /(?:^|[:,[\s-])\d{16,}/.test(text) || /__proto__|\\u00[567]/i.test(text);
}

/** One pass without recursion: too deep, not closed at the end, or neither. */
function shapeOf(text: string): 'deep' | 'open' | 'closed' {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
      if (at === -1) return 'open';
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > maxDepth) return 'deep';
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return depth > 0 ? 'open' : 'closed';
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === 0x5c) first -= 1;
  return (at - first) % 2 === 1;
}

function notJson(text: string, error: unknown): string {
  const start = text.slice(0, 1000).trimStart();
  if (start === '') return 'its body is empty';
  if (/^<(!doctype html|html|head|body|script)/i.test(start))
    return 'it is a web page, not JSON: a login page or a proxy stands in front of the API';
  if (start.startsWith('<')) return 'it is XML or HTML, not JSON';
  // The engine quotes the text in its message; only the place is wanted.
  const place = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
  return `it is not JSON${place === undefined ? '' : ` (${place})`}`;
}
