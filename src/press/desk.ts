import type { Failpoint, Remains } from '../effects.ts';
import type { Analysis } from '../analyse/analysis.ts';
import type { Branding, Flaw, PageHeader, PrinterOptions } from '../render/index.ts';

/** What the thread does when asked; each call is a message there and one back. */
export interface Desk {
  /** Starts the browser ahead of the first print. */
  start(options: BrowserOptions): Promise<void>;
  /** As `renderReport`; in the words of a locale, the analysis's own by default. */
  render(analysis: Analysis, branding?: Branding, locale?: string): Promise<{ html: string }>;
  /** The same page, and printed: it is finished while the browser prints. @throws PrinterError */
  print(analysis: Analysis, branding: Branding, header: SheetHeader, limit: number): Promise<{ html: string } & Printed>;
  stop(): Promise<void>;
}

/** What stands at the head and foot of each page, and the locale in whose words all of it is. */
export type SheetHeader = PageHeader & { locale: string };

/** A tagged PDF, and what a reader would stumble over in it; `limit` is what mails may carry, in bytes. */
export interface Printed {
  pdf: Uint8Array;
  flaws: Flaw[];
}

export type BrowserOptions = Pick<PrinterOptions, 'path' | 'deadline'>;

/** What the thread is given when it begins. */
export interface ThreadData {
  /** A browser that is to be started at once. */
  browser: BrowserOptions | undefined;
  /** Whether anybody may want to stop at a failpoint; otherwise none is waited at. */
  stops: boolean;
}

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
