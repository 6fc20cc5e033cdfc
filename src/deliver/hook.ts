import { isSafeAddress } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { reach } from '../http-certificate.ts';
import { postOnce, type Posting } from '../http-post.ts';
import type { Asked, Attempted, Parcel } from './channel.ts';
import type { Fault } from './fault.ts';

/** Hands a stored body over by one POST. Marked before: what is lost then may have arrived, and is not sent blindly again. */
export async function postParcel(
  posting: Omit<Posting, 'method' | 'body' | 'handOver'>,
  parcel: Parcel,
  effects: Effects,
  /** What a receiver says of a fault behind a status of success. */
  hiddenFault: (said: string) => Fault | undefined = () => undefined,
): Promise<Attempted> {
  if (!isSafeAddress(posting.url)) return { kind: 'config-error', reason: 'its url is no https address without a user and password' };
  const answer = await postOnce({ ...posting, method: 'POST', body: parcel.body, handOver: parcel.mark }, effects);
  if ('lost' in answer) return { kind: lostKinds[answer.lost], reason: answer.reason };
  return judgeStatus(answer.status, answer.text) ?? hiddenFault(answer.text) ?? { kind: 'sent', reason: `answered ${answer.status}` };
}

/** Whether the address leads to a server that is who it says; nothing is posted, so what it would answer is not known. */
export async function askHook(address: string, ca_file: string | undefined, effects: Effects): Promise<Asked> {
  if (!isSafeAddress(address)) return { kind: 'config-error', reason: 'its url is no https address without a user and password' };
  const { hostname, port, protocol } = new URL(address);
  const [host, plain] = [hostname.replace(/^\[|\]$/g, ''), protocol === 'http:'];
  const trust = ca_file === undefined ? {} : { ca_file };
  const fault = await reach({ host, port: Number(port || (plain ? 80 : 443)), plain, ...trust }, effects);
  if (fault === undefined)
    return { kind: 'ready', reason: `${host} answers${plain ? '' : ' with a certificate that holds'}; nothing was posted` };
  return { kind: lostKinds[fault.lost], reason: fault.reason };
}

const lostKinds = { 'not-reached': 'retry', 'not-trusted': 'config-error', 'no-answer': 'unknown' } as const;

/** What a status means for what was posted; undefined: it was taken. */
export function judgeStatus(status: number, said: string): Fault | undefined {
  if (status >= 200 && status < 300) return undefined;
  const words = said
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  const reason = `answered ${status}${words === '' ? '' : `: ${words}`}`;
  return { kind: kindOf(status), reason };
}

function kindOf(status: number): Fault['kind'] {
  // A gateway that lost the answer of what stands behind it knows no more than we do.
  if (status === 502 || status === 504) return 'unknown';
  if (status >= 500 || [408, 425, 429].includes(status)) return 'retry';
  if (status === 413) return 'too-large';
  // Moved, not allowed, not there: someone has to change the address, the key or the receiver.
  if (status < 400 || [401, 403, 404, 405, 407, 410].includes(status)) return 'config-error';
  return 'permanent';
}
