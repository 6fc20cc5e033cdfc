import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../finding.ts';
import { type AuditLine, listAudit, note, verifyAudit } from './audit.ts';
import { inTransaction } from './database.ts';
import { allowContacts, bodyOf, claim, enqueue, listDeliveries, markDot, recover, settle } from './outbox.ts';
import { distrust, isCopy, trust } from './copy.ts';
import { looked, enterRuns, listRuns, moveRun } from './runs.ts';

/** A report of one period that is, or was, due. Its zone stays what it was when it fell due. */
export interface Run {
  report: string;
  period: string;
  zone: string;
  due_at: Ms;
  /** due → collected → issued → queued → done; or held, failed, skipped, each with a reason. */
  state: 'due' | 'collected' | 'issued' | 'queued' | 'done' | 'held' | 'failed' | 'skipped';
  reason: string | undefined;
  /** Whether its edition is mailed, or only published. */
  mail: boolean;
  /** The data cut, fixed when collecting was over: building again gives the same report. */
  as_of: Ms | undefined;
  revision: number | undefined;
  attempts: number;
  /** Not looked at again before then. */
  next_at: Ms | undefined;
  changed_at: Ms;
}

export type NewRun = Pick<Run, 'report' | 'period' | 'zone' | 'due_at' | 'mail'> & { skipped?: string };

/** One edition to one recipient by one channel. */
export interface Delivery {
  id: number;
  report: string;
  period: string;
  revision: number;
  channel: string;
  recipient: string;
  /** 0, or the how manieth resending by hand it is. */
  copy: number;
  /** `dot`: all was handed over and the answer is awaited. `unknown`: there was none; it may have arrived. */
  state: 'queued' | 'sending' | 'dot' | 'sent' | 'unknown' | 'failed' | 'held';
  reason: string | undefined;
  /** Carries a link instead of the file. */
  degraded: boolean;
  attempts: number;
  next_at: Ms | undefined;
  created_at: Ms;
  changed_at: Ms;
  message_id: string;
  /** Of the bytes that are sent. */
  sha256: string;
}

/** To whom, in words: the address of a mail, or the channel and the name it has in the configuration. */
export function addressee({ channel, recipient }: Pick<Delivery, 'channel' | 'recipient'>): string {
  return channel === 'email' ? recipient : `${channel} ${recipient}`;
}

/** Which rows are asked for; all that is said must hold. */
export interface Among {
  /** Of which something may still come: no run that is done or skipped, no delivery that is sent. */
  open?: true;
  /** Changed then or later. */
  since?: Ms;
}

export interface NewDelivery {
  channel: string;
  recipient: string;
  copy: number;
  degraded: boolean;
  message_id: string;
  body: Uint8Array;
  /** The same with a link instead of the file, for a server that finds the body too large. */
  small: Uint8Array | undefined;
}

/** Which edition a delivery belongs to. */
export type EditionKey = Pick<Delivery, 'report' | 'period' | 'revision'>;

/** Whose hand it was, and when. */
export interface Actor {
  who: string;
  at: Ms;
}

/** How far it has been worked out what of a report fell due. */
export interface Looked {
  until: Ms;
  /** The rhythm it was worked out with, as text. */
  rhythm: string;
  /** When the latest of its runs fell due. */
  last_due: Ms | undefined;
}

/** What became of everything that was due. Every change is one transaction, with its line in the audit log. */
export interface Ledger {
  /** undefined: never. */
  looked(report: string): Looked | undefined;
  /** Enters what fell due and how far was looked. A period that has a row keeps it. Returns the new rows. */
  enter(report: string, looked: Pick<Looked, 'until' | 'rhythm'>, runs: readonly NewRun[], actor: Actor): Run[];
  runs(among?: Among & Partial<Pick<Run, 'report' | 'period'>>): Run[];
  /** Moves a run on from the state it was read in; false when it is no longer there. */
  move(run: Run, to: Partial<Pick<Run, 'state' | 'reason' | 'as_of' | 'next_at' | 'attempts'>>, actor: Actor): boolean;
  /** Makes these the only addresses to which mail may go. */
  allow(addresses: readonly string[]): void;
  /** Puts an edition's deliveries into the outbox, once, and moves its run on. */
  enqueue(edition: EditionKey, deliveries: readonly NewDelivery[], actor: Actor): void;
  deliveries(among?: Among): Delivery[];
  /** The bytes to send; undefined once they are sent. */
  body(id: number): { body: Uint8Array; small: Uint8Array | undefined } | undefined;
  /** queued → sending; false when another has it, it is not due yet, or the recipient is no contact any more. */
  claim(id: number, at: Ms): boolean;
  /** sending → dot, durably, just before the last byte leaves. */
  mark(id: number, at: Ms): void;
  /** What came of an attempt. `small` sends the link instead from now on. */
  settle(
    id: number,
    to: { state: 'sent' | 'queued' | 'unknown' | 'failed' | 'held'; reason?: string; next_at?: Ms; small?: boolean },
    actor: Actor,
  ): void;
  /** After a crash: what had not been handed over is queued again, what may have been is unknown. */
  recover(actor: Actor): Delivery[];
  /** Whether this was restored from a backup, and nobody has made up for what it does not know. */
  isCopy(): boolean;
  /** Whatever was under way when the backup was made may have gone out since: held and told, never sent by itself. */
  distrust(actor: Actor): void;
  /** Ends that: from now on it knows all. */
  trust(actor: Actor): void;
  note(what: string, subject: string, detail: string, actor: Actor): void;
  audit(): AuditLine[];
  /** What is wrong with the chain of the audit log; undefined when it is whole. */
  verifyAudit(): string | undefined;
}

export function ledgerOf(db: DatabaseSync, reading: <T>(work: () => T) => T, writing: <T>(work: () => T) => T): Ledger {
  return {
    looked: (report) => reading(() => looked(db, report)),
    enter: (report, upTo, runs, actor) => writing(() => enterRuns(db, report, upTo, runs, actor)),
    runs: (among) => reading(() => listRuns(db, among)),
    move: (run, to, actor) => writing(() => moveRun(db, run, to, actor)),
    allow: (addresses) => writing(() => allowContacts(db, addresses)),
    enqueue: (edition, deliveries, actor) => writing(() => enqueue(db, edition, deliveries, actor)),
    deliveries: (among) => reading(() => listDeliveries(db, among)),
    body: (id) => reading(() => bodyOf(db, id)),
    claim: (id, at) => writing(() => claim(db, id, at)),
    mark: (id, at) => writing(() => markDot(db, id, at)),
    settle: (id, to, actor) => writing(() => settle(db, id, to, actor)),
    isCopy: () => reading(() => isCopy(db)),
    distrust: (actor) => writing(() => distrust(db, actor)),
    trust: (actor) => writing(() => trust(db, actor)),
    recover: (actor) => writing(() => recover(db, actor)),
    note: (what, subject, detail, actor) => writing(() => inTransaction(db, () => note(db, { what, subject, detail, ...actor }))),
    audit: () => reading(() => listAudit(db)),
    verifyAudit: () => reading(() => verifyAudit(db)),
  };
}
