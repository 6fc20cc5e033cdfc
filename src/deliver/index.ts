export type { Asked, IssuedFile } from './channel.ts';
export { askPlace, composeParcel } from './channels.ts';
export { composeMail, type Letter } from './compose.ts';
export { type ComingFiles, type FileContents, publishFile, publishFolder } from './folder.ts';
export { deliverMail, deliverOutbox, recoverOutbox } from './outbox.ts';
export { askServer, sendBytes } from './smtp.ts';
