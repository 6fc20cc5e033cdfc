export { composeMail, type Letter } from './compose.ts';
export { deliverMail } from './email.ts';
export { type FileContents, publishFile, publishFolder } from './folder.ts';
export { sendBytes } from './smtp.ts';
