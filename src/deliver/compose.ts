import { hash } from 'node:crypto';
import type { Smtp } from '../config/index.ts';
import type { Ms } from '../finding.ts';

/** One mail to one recipient, in parts. Attachments are bytes we made; a path or an address is not to be had. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
  attachment?: { filename: string; contentType: string; content: Buffer };
  /** PNGs that the HTML shows by their content ids. */
  pictures?: readonly { cid: string; content: Buffer }[];
  date: Ms;
  /** What this mail is, e.g. client, report, period, revision, recipient, copy: the same list is the same message. */
  identity: readonly (string | number)[];
  /** "monthly.acme": which subscription it belongs to. */
  list: { id: string; title: string };
}

/**
 * The finished bytes of a mail. They are made once and stored; every attempt sends the same ones, with the same Date,
 * Message-ID and boundaries, so that a server that drops duplicates can know one.
 */
export async function composeMail(letter: Letter, smtp: Smtp): Promise<{ message_id: string; body: Buffer }> {
  const { createTransport } = await import('nodemailer');
  const name = hash('sha256', JSON.stringify(letter.identity)).slice(0, 32);
  const domain = smtp.from.slice(smtp.from.lastIndexOf('@') + 1);
  const { dkim } = smtp.secrets;
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim === undefined
      ? {}
      : {
          dkim: {
            domainName: dkim.domain,
            keySelector: dkim.selector,
            privateKey: dkim.private_key.reveal(),
            headerFieldNames: signedFields,
          },
        }),
  });
  const list = { id: { url: `${letter.list.id}.${domain}`, comment: oneLine(letter.list.title) }, unsubscribe: unsubscribe(letter, smtp) };
  const sent = await transport.sendMail({
    from: smtp.from,
    to: letter.to,
    ...(smtp.reply_to === undefined ? {} : { replyTo: smtp.reply_to }),
    subject: oneLine(letter.subject),
    text: letter.text,
    html: letter.html,
    date: new Date(letter.date),
    messageId: `<${name}@${domain}>`,
    list,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(smtp.unsubscribe_url === undefined ? {} : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
    attachments: attachments(letter),
    // Left out of the typings: without it every composition has boundaries of its own.
    ...{ baseBoundary: name },
  });
  if (!Buffer.isBuffer(sent.message)) throw new Error('the mail was not composed into bytes');
  return { message_id: sent.messageId, body: sent.message };
}

function attachments({ attachment, pictures = [] }: Letter) {
  const shown = pictures.map(({ cid, content }, index) => ({
    ...{ cid, content, contentType: 'image/png', contentDisposition: 'inline' as const },
    filename: `chart-${index + 1}.png`, // Outlook takes a part without a name for a broken attachment
  }));
  return attachment === undefined ? shown : [...shown, { ...attachment, filename: oneLine(attachment.filename) }];
}

/** RFC 8058, 4 wants List-Unsubscribe-Post among them, which is not signed of itself. */
const signedFields =
  'from:reply-to:subject:date:message-id:to:mime-version:content-type:list-id:list-unsubscribe:list-unsubscribe-post:auto-submitted';

/** A list in a list: all in one header line. */
function unsubscribe({ list, to }: Letter, smtp: Smtp): string[][] {
  const subject = encodeURIComponent(`unsubscribe ${list.id} ${to}`);
  const mail = `mailto:${smtp.reply_to ?? smtp.from}?subject=${subject}`;
  return [smtp.unsubscribe_url === undefined ? [mail] : [smtp.unsubscribe_url, mail]];
}

/** A header line must not be able to end in what others wrote. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
