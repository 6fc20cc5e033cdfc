/**
 * Messages are ICU MessageFormat, the part of it that reports need: `{name}`, `plural` with `=n` and `#`, `select`, and
 * apostrophes before what would else be syntax. Read here because a page has some thousand of them: the library for
 * the whole language costs 50 ms of a cold start, and is asked by a test whether it agrees.
 */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'argument'; name: string }
  | { kind: 'number' } // the # of the plural around it
  | { kind: 'choice'; by: 'plural' | 'select'; name: string; cases: ReadonlyMap<string, readonly Part[]> };

/** @throws SyntaxError for a message that is not well formed, with the place. */
export function parseMessage(message: string): readonly Part[] {
  const reader = { message, at: 0 };
  const parts = sequence(reader, false);
  if (reader.at < message.length) fail(reader, 'a brace too many');
  return parts;
}

/** The names a message has places for, each once, with those inside its cases. */
export function namesIn(parts: readonly Part[]): Set<string> {
  const names = new Set<string>();
  for (const part of parts) {
    if (part.kind === 'argument' || part.kind === 'choice') names.add(part.name);
    if (part.kind === 'choice') for (const inside of part.cases.values()) for (const name of namesIn(inside)) names.add(name);
  }
  return names;
}

interface Reader {
  message: string;
  at: number;
}

function sequence(reader: Reader, counted: boolean): Part[] {
  const parts: Part[] = [];
  let text = '';
  const close = () => {
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
  };
  for (let sign = reader.message[reader.at]; sign !== undefined && sign !== '}'; sign = reader.message[reader.at]) {
    if (sign === "'") text += apostrophe(reader, counted);
    else if (sign === '{') {
      close();
      parts.push(argument(reader));
    } else if (sign === '#' && counted) {
      close();
      parts.push({ kind: 'number' });
      reader.at++;
    } else {
      text += sign;
      reader.at++;
    }
  }
  close();
  return parts;
}

/** One before syntax quotes up to the next; two are one; every other is itself. */
function apostrophe(reader: Reader, counted: boolean): string {
  const { message } = reader;
  const next = message[reader.at + 1];
  if (next === "'") {
    reader.at += 2;
    return "'";
  }
  if (next !== '{' && next !== '}' && !(next === '#' && counted)) {
    reader.at++;
    return "'";
  }
  const end = message.indexOf("'", reader.at + 1);
  const quoted = message.slice(reader.at + 1, end < 0 ? undefined : end);
  reader.at = end < 0 ? message.length : end + 1;
  return quoted;
}

const head = /\{\s*(\w+)\s*(?:,\s*(plural|select)\s*,\s*)?/y;
const key = /\s*(=\d+|\w+)\s*\{/y;

function argument(reader: Reader): Part {
  const [, name = '', by] = take(reader, head) ?? fail(reader, 'a brace without a name');
  if (by !== 'plural' && by !== 'select') {
    expectClose(reader);
    return { kind: 'argument', name };
  }
  const cases = new Map<string, readonly Part[]>();
  for (let found = take(reader, key); found !== undefined; found = take(reader, key)) {
    cases.set(found[1] ?? '', sequence(reader, by === 'plural'));
    expectClose(reader);
  }
  take(reader, /\s*/y);
  expectClose(reader);
  if (!cases.has('other')) fail(reader, `no case "other" for {${name}}`);
  return { kind: 'choice', by, name, cases };
}

function take(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.message);
  if (found === null) return undefined;
  reader.at += found[0].length;
  return found;
}

function expectClose(reader: Reader): void {
  if (reader.message[reader.at] !== '}') fail(reader, 'a brace is not closed');
  reader.at++;
}

function fail({ message, at }: Reader, what: string): never {
  throw new SyntaxError(`${what} at ${at} of "${message}"`);
}
