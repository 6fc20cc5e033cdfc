import { type Shown, shownCertificates } from '../../http-certificate.ts';
import { SourceError } from '../../http.ts';
import { printable } from '../progress.ts';

/** A certificate that nobody vouches for, and what of it would be kept as ca_file. */
export interface Unvouched {
  /** The server's own first. */
  chain: readonly Shown[];
  /** The CA where the server shows one, else the server's own certificate. */
  kept: Shown;
}

/** What the server shows, where a connection failed for the certificate alone; undefined where that is not why, or not to be had. */
export async function unvouched(error: unknown, address: unknown): Promise<Unvouched | undefined> {
  if (!(error instanceof SourceError) || error.kind !== 'tls' || typeof address !== 'string') return undefined;
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const chain = await shownCertificates({ host, port: Number(port || 443) }).catch(() => []);
  const kept = chain.findLast(({ ca }) => ca) ?? chain[0];
  return kept === undefined ? undefined : { chain, kept };
}

/** Lines for whoever has to compare it with what the product's own console says. */
export function describe({ chain, kept }: Unvouched): string[] {
  return chain.flatMap((one, index) => [
    `${index === 0 ? 'it shows this certificate' : 'which was issued by'}${one === kept ? ' (this one would be kept as ca_file)' : ''}:`,
    `  subject      ${printable(one.subject)}`,
    `  issuer       ${printable(one.issuer)}`,
    `  valid        ${one.from.toISOString().slice(0, 10)} to ${one.until.toISOString().slice(0, 10)}`,
    `  SHA-256      ${one.fingerprint}`,
  ]);
}

/** Whether a fingerprint that somebody gave is this one's, however it is spelled. */
export function isFingerprint(given: string, { fingerprint }: Shown): boolean {
  const plain = (text: string) => text.replace(/[^0-9a-f]/gi, '').toLowerCase();
  return plain(given) !== '' && plain(given.replace(/^sha-?256[:= ]/i, '')) === plain(fingerprint);
}
