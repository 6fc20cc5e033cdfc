import { createHmac } from 'node:crypto';
import type { Place } from '../config/index.ts';
import type { Channel } from './channel.ts';
import { askHook, postParcel } from './hook.ts';

type Webhook = Extract<Place, { channel: 'webhook' }>;

/**
 * A signed POST. The receiver computes HMAC-SHA256 over the timestamp, a dot and the body as it came, compares it with
 * `X-Soc-Kpi-Signature` in constant time, and refuses timestamps that are minutes old.
 */
export const webhook: Channel<Webhook> = {
  compose: (_place, { message, files }) =>
    Buffer.from(
      JSON.stringify({
        schema: 'soc-kpi/webhook/1',
        event: 'report.issued',
        ...message,
        files: files.map(({ name, sha256 }) => ({ name, sha256 })),
      }),
    ),
  async send(place, parcel, effects) {
    const secret = place.secret('secret');
    if (secret === undefined) return { kind: 'config-error', reason: 'it has no secret to sign with' };
    const timestamp = String(Math.floor(effects.now() / 1000));
    const signature = createHmac('sha256', secret.reveal()).update(`${timestamp}.`).update(parcel.body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': parcel.id,
      'x-soc-kpi-timestamp': timestamp,
      'x-soc-kpi-signature': `v1=${signature}`,
    };
    const trust = place.ca_file === undefined ? {} : { ca_file: place.ca_file };
    return postParcel({ url: place.url, headers, ...trust }, parcel, effects);
  },
  async ask(place, effects) {
    if (place.secret('secret') === undefined) return { kind: 'config-error', reason: 'it has no secret to sign with' };
    return askHook(place.url, place.ca_file, effects);
  },
};
