import type * as Archive from './archive.ts';
import type * as Mail from './mail.ts';
import type * as Page from './page.ts';
import type * as Pdf from './pdf.ts';
import type * as Spell from './spell.ts';

export type { Branding } from './model.ts';
export { type CsvColumn, tableColumns, writeCsv } from './csv.ts';
export { PrinterError } from './browser.ts';
export { checkPdf, type Flaw, sayFlaw } from './gate/index.ts';
export type { Archived } from './archive.ts';
export type { MailWish } from './mail.ts';
export { type Message, renderMessage } from './message.ts';
export type { PageHeader } from './page-lines.ts';
export type { Printer, PrinterOptions } from './pdf.ts';
export { stableJson } from './json.ts';
export { candidates as headlineIds } from './figures.ts';

// Loaded when it is called: a report's figures must not wait for what draws, prints and writes mails.
export const renderReport: typeof Page.renderReport = async (...given) => (await import('./page.ts')).renderReport(...given);
export const beginReport: typeof Page.beginReport = async (...given) => (await import('./page.ts')).beginReport(...given);
export const warmUp: typeof Page.warmUp = async (...given) => (await import('./page.ts')).warmUp(...given);
export const openPrinter: typeof Pdf.openPrinter = async (...given) => (await import('./pdf.ts')).openPrinter(...given);
export const printChecked: typeof Spell.printChecked = async (...given) => (await import('./spell.ts')).printChecked(...given);
export const renderMail: typeof Mail.renderMail = async (...given) => (await import('./mail.ts')).renderMail(...given);
export const renderArchive: typeof Archive.renderArchive = async (...given) => (await import('./archive.ts')).renderArchive(...given);
