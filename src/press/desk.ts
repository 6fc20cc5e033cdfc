import type { Failpoint, Remains } from '../effects.ts';
import type { Analysis } from '../analyse/analysis.ts';
import type { Branding, Flaw, PageHeader, PrinterOptions } from '../render/index.ts';

/** What the thread does when asked; each call is a message there and one back. */
export interface Desk {
  /** Starts the browser ahead of the first print. */
  start(options: BrowserOptions): Promise<void>;
  /** As `renderReport`; in the words of a locale, the analysis's own by default. */
  render(analysis: Analysis, branding?: Branding, locale?: string): Promise<{ html: string }>;
  /** A tagged PDF and what a reader would stumble over in it; `limit` is what mails may carry, in bytes. @throws PrinterError */
  print(html: string, header: PageHeader & { locale: string }, limit: number): Promise<{ pdf: Uint8Array; flaws: Flaw[] }>;
  stop(): Promise<void>;
}

export type BrowserOptions = Pick<PrinterOptions, 'path' | 'deadline'>;

/** A call with what it was given; by number, because answers come in any order. */
export interface Ask {
  id: number;
  name: keyof Desk;
  given: unknown[];
}

export type Told =
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'failed'; id: number; name: string; message: string; stack: string | undefined }
  | { kind: 'remains'; remains: Remains | undefined }
  /** The thread waits until it is told to go on. */
  | { kind: 'failpoint'; name: Failpoint };
