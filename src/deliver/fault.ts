/** What a failed attempt means for the mail. */
export interface Fault {
  /**
   * retry: it was not taken, and may be later. permanent: it will never be. too-large: not in this size.
   * config-error: nothing will be taken until someone changes the settings. unknown: it may have been taken.
   */
  kind: 'retry' | 'permanent' | 'too-large' | 'config-error' | 'unknown';
  reason: string;
}

/**
 * Sorts what nodemailer throws. Its codes alone do not tell a connection that never was from one that broke while the
 * server may already have accepted (RFC 1047), so `handedOver` says whether the last byte had been given away.
 */
export function faultOf(error: unknown, handedOver: boolean): Fault {
  const { code, command, responseCode, response, message } = detailsOf(error);
  const said = (response ?? message).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300);
  // The stream has been read, so DATA had been allowed: a code that comes now is the answer to the mail itself.
  if (handedOver && responseCode === undefined)
    return { kind: 'unknown', reason: `the server did not answer after the mail was handed over: ${said}` };
  if (isTooLarge(responseCode, said, command)) return { kind: 'too-large', reason: said };
  if (isConfiguration(code, responseCode, said)) return { kind: 'config-error', reason: said };
  const permanent = responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { kind: permanent ? 'permanent' : 'retry', reason: said };
}

interface Details {
  code: string | undefined;
  command: string | undefined;
  responseCode: number | undefined;
  response: string | undefined;
  message: string;
}

function detailsOf(error: unknown): Details {
  const fields: Record<string, unknown> = typeof error === 'object' && error !== null ? { ...error } : {};
  const text = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined);
  return {
    code: text('code'),
    command: text('command'),
    responseCode: typeof fields.responseCode === 'number' && fields.responseCode >= 400 ? fields.responseCode : undefined,
    response: text('response'),
    message: error instanceof Error ? error.message : String(error),
  };
}

/** RFC 1870 (552 at MAIL and after DATA), RFC 3463 5.3.4, and nodemailer's own check of the announced SIZE. */
function isTooLarge(responseCode: number | undefined, said: string, command: string | undefined): boolean {
  if (responseCode === undefined) return /larger than allowed/.test(said);
  return (responseCode === 552 && command !== 'RCPT TO') || (responseCode >= 500 && /\b5\.3\.4\b/.test(said));
}

function isConfiguration(code: string | undefined, responseCode: number | undefined, said: string): boolean {
  if (code === 'ETLS' || code === 'EAUTH' || code === 'ENOAUTH') return responseCode === undefined || responseCode >= 500;
  if (responseCode !== undefined && [530, 534, 535, 538].includes(responseCode)) return true;
  // Node's words for a certificate that does not hold come as ESOCKET.
  return code === 'ESOCKET' && /certificate|altnames|self.signed|unable to (verify|get)/i.test(said);
}
