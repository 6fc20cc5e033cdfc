import type { Place } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Message } from '../render/index.ts';
import type { Fault } from './fault.ts';

/** One stored delivery on its way to one receiver. */
export interface Parcel {
  /** The same for every attempt: a receiver can tell a repetition by it. */
  id: string;
  body: Uint8Array;
  /** Call it right before what may not be repeated leaves; it is durable when it returns. A channel whose repetition changes nothing never does. */
  mark(): void;
}

export type Attempted = { kind: 'sent'; reason: string } | Fault;

/** What a receiver says to somebody who only asks whether a delivery would be taken. */
export type Asked = { kind: 'ready'; reason: string } | Fault;

/** What an edition's deliveries are made of. */
export interface Contents {
  message: Message;
  /** Of the issued folder, with what the manifest says of each. */
  files: readonly IssuedFile[];
}

export interface IssuedFile {
  /** As it is called in the edition's folder: "report.pdf". */
  name: string;
  /** Absolute. */
  path: string;
  sha256: string;
}

/** A way to receivers other than mailboxes. One file each; the bytes are made once and stored, every attempt sends the same. */
export interface Channel<T extends Place = Place> {
  compose(place: T, contents: Contents): Uint8Array;
  send(place: T, parcel: Parcel, effects: Effects): Promise<Attempted>;
  /** Goes as far as a delivery would, and leaves nothing there. */
  ask(place: T, effects: Effects): Promise<Asked>;
}
