/**
 * The whole story: collect → normalise → store, and later, without the network, store → analyse → render → deliver.
 * Only this station knows all the others.
 */
export { endingCertificates } from './certificates.ts';
export { type ClientRun, type RunOptions, runDue } from './due.ts';
export { buildOverview } from './overview.ts';
export { findingColumns, findingsBetween } from './findings.ts';
export { mailsOf } from './mails.ts';
export { parcelsOf, waysOf } from './parcels.ts';
export { fillPasts } from './past.ts';
export { editionFolder } from './edition-folder.ts';
export { readIssued } from './issued-file.ts';
export { type Verdict, verifyEdition } from './verify.ts';
export { buildReport, type Format, formats, HeldError } from './report.ts';
export { type Answer, type Bucket, FieldError, tally } from './tally.ts';
