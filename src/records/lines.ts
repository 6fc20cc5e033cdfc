import { maxRecord } from './row.ts';

interface Line {
  line: Buffer;
  number: number;
  /** Whether its end was there: a file that is still being written may lack its last one's. */
  ended: boolean;
}

/** The lines of a file, without their ends. */
export async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Line, void, void> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      yield { line: Buffer.concat(parts), number: ++number, ended: true };
      parts = [];
      length = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    // Of a line too long to be read only so much is kept as shows that it is.
    if (length - rest.length <= maxRecord) parts.push(rest);
  }
  yield { line: Buffer.concat(parts), number: number + 1, ended: false };
}
