import type { Effects, LogEvent } from '../effects.ts';

/** Where a run's events go. Results go to stdout; everything else goes to stderr, so that pipes stay clean. */
export interface Terminal {
  stderr: { isTTY?: boolean; columns?: number; write(text: string): unknown };
}

/** On a terminal one line that rewrites itself, with warnings left standing; piped, one JSON line per event. */
export function progressLog(terminal: Terminal, debug: boolean, now: () => number): Effects['log'] {
  const write = (text: string): void => {
    terminal.stderr.write(text);
  };
  const shown = (event: LogEvent): boolean => debug || event.level !== 'debug';
  if (terminal.stderr.isTTY !== true) {
    return (event) => {
      if (shown(event)) write(`${JSON.stringify({ time: new Date(now()).toISOString(), ...event })}\n`);
    };
  }
  const width = (): number => (terminal.stderr.columns ?? 80) - 1;
  return (event) => {
    if (!shown(event)) return;
    const line = printable(event.message);
    if (event.level === 'info') write(`\r\u001b[K${line.slice(0, width())}`);
    else write(`\r\u001b[K${line}\n`);
  };
}

/** Ends the self-rewriting line, so that what follows starts on a line of its own. */
export function endProgress(terminal: Terminal): void {
  if (terminal.stderr.isTTY === true) terminal.stderr.write('\r\u001b[K');
}

/** Alert text may hold escape sequences that would repaint the terminal: control and bidi characters, by their code. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
