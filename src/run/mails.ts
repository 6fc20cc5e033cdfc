import { namesFor } from './languages.ts';
import type { Analysis } from '../analyse/analysis.ts';
import type { Client, Config, Recipient, Smtp } from '../config/index.ts';
import { composeMail, type Letter } from '../deliver/index.ts';
import type { Ms } from '../finding.ts';
import { renderMail } from '../render/index.ts';
import type { Edition, NewDelivery } from '../store/index.ts';
import { editionAnalysis, type EditionFiles, editionFiles, linkTo } from './edition-files.ts';

/** Which mail it is: 0, or the how manieth copy by hand, and why. */
export interface Copy {
  copy: number;
  resent?: string;
  date: Ms;
}

const kinds = { pdf: ['report.pdf', 'application/pdf'], html: ['index.html', 'text/html'], csv: ['findings.csv', 'text/csv'] } as const;

/**
 * The finished mails of an edition, each with a smaller form that has a link instead of the file. Only files that are
 * still what the manifest says are sent.
 * @throws when the edition's files are missing or changed.
 */
export async function mailsOf(
  config: Config & { smtp: Smtp },
  client: Client,
  edition: Edition,
  recipients: readonly Recipient[],
  copy: Copy,
): Promise<NewDelivery[]> {
  if (recipients.length === 0) return [];
  const files = await editionFiles(config, client.id, edition);
  const analysis = await editionAnalysis(files);
  const mails: NewDelivery[] = [];
  for (const recipient of recipients) {
    const attachment = recipient.format === 'link' ? undefined : await attachmentOf(recipient, analysis.locale, edition, files);
    const compose = (file: Letter['attachment']) => composed({ config, client, edition, recipient, analysis, copy }, file);
    const [whole, small] = [await compose(attachment), attachment === undefined ? undefined : await compose(undefined)];
    const degraded = small !== undefined && whole.body.length > config.smtp.size_limit_mb * 1_000_000;
    const form = degraded ? small : whole;
    mails.push({
      channel: 'email',
      recipient: recipient.to,
      copy: copy.copy,
      degraded,
      ...form,
      small: degraded ? undefined : small?.body,
    });
  }
  return mails;
}

/** In the recipient's language where the edition has it, as it has for all who were to get it when it was issued. */
async function attachmentOf({ format, locale }: Recipient, own: string, { report, period }: Edition, files: EditionFiles) {
  const kind = format === 'link' ? 'pdf' : format; // a link has no attachment
  const [plain, contentType] = kinds[kind];
  const wanted = kind === 'csv' ? plain : namesFor(locale, own)[kind];
  const name = files.listed.some((file) => file.name === wanted) ? wanted : plain;
  return { filename: `${report}-${period}${name.slice(name.lastIndexOf('.'))}`, contentType, content: await files.read(name) };
}

interface Making {
  config: Config & { smtp: Smtp };
  client: Client;
  edition: Edition;
  recipient: Recipient;
  analysis: Analysis;
  copy: Copy;
}

async function composed({ config, client, edition, recipient, analysis, copy }: Making, attachment: Letter['attachment']) {
  const { report, period, revision } = edition;
  const link = linkTo(config, client, edition);
  const mail = await renderMail(analysis, {
    locale: recipient.locale,
    branding: client.branding,
    ...(attachment === undefined ? {} : { attached: attachment.filename }),
    ...(link === undefined ? {} : { link }),
    ...(copy.resent === undefined ? {} : { resent: copy.resent }),
  });
  const form = attachment === undefined ? 'link' : 'file';
  return composeMail(
    {
      ...mail,
      to: recipient.to,
      ...(attachment === undefined ? {} : { attachment }),
      date: copy.date,
      identity: [client.id, report, period, revision, recipient.to, copy.copy, form],
      list: { id: `${report}.${client.id}`, title: `${analysis.report.title}, ${client.name}` },
    },
    config.smtp,
  );
}
