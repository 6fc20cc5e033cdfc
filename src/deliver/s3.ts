import { hash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { Place } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import { type Posted, postOnce, type Unposted } from '../http-post.ts';
import type { Asked, Attempted, Channel } from './channel.ts';
import type { Fault } from './fault.ts';
import { judgeStatus } from './hook.ts';
import { listFiles, readIssued, readListing } from './parcel.ts';

type Answered = Exclude<Posted, Unposted>;
type Bucket = Extract<Place, { channel: 's3' }>;

/**
 * An upload to S3-compatible storage, the bucket in the path. A key is made of the edition's name, so that a repetition
 * writes the same bytes to the same place and nothing is ever unknown.
 */
export const s3: Channel<Bucket> = {
  compose: (place, contents) => listFiles(contents, place.files),
  async send(place, { body }, effects) {
    const { edition, files } = readListing(body);
    const folder = `${place.prefix}${edition.report}/${edition.period}/r${edition.revision}`;
    for (const file of files) {
      const contents = await readIssued(file, effects);
      if (!Buffer.isBuffer(contents)) return contents;
      const put = await putObject(place, `${folder}/${file.name}`, contents, effects);
      if (put.kind !== 'sent') return { ...put, reason: `${file.name}: ${put.reason}` };
    }
    return { kind: 'sent', reason: `${files.length} files under ${place.bucket}/${folder}/` };
  },
  ask: askBucket,
};

/** Asks for one name under the prefix: an answer of any kind says whether the bucket is there and the keys are known. */
async function askBucket(place: Bucket, effects: Effects): Promise<Asked> {
  const query = `list-type=2&max-keys=1&prefix=${encodeURIComponent(place.prefix)}`;
  const answer = await signedCall(place, { method: 'GET', url: `${place.endpoint}/${place.bucket}?${query}` }, effects);
  if ('kind' in answer) return answer;
  if (/<Code>AccessDenied</.test(answer.text))
    return {
      kind: 'ready',
      reason: `knows the keys, which may not list ${place.bucket}; whether they may write there is seen at a delivery`,
    };
  const fault = judgeStatus(answer.status, wordsOf(answer.text));
  return fault ?? { kind: 'ready', reason: `has ${place.bucket} and knows the keys` };
}

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
};

async function putObject(place: Bucket, key: string, contents: Buffer, effects: Effects): Promise<Attempted> {
  const url = `${place.endpoint}/${place.bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const type = types[key.slice(key.lastIndexOf('.') + 1)] ?? '';
  const answer = await signedCall(place, { method: 'PUT', url, body: contents, type }, effects);
  if ('kind' in answer) return answer;
  const fault = judgeStatus(answer.status, wordsOf(answer.text));
  if (fault?.kind === 'unknown') return { ...fault, kind: 'retry' };
  return fault ?? { kind: 'sent', reason: '' };
}

interface Call {
  method: 'GET' | 'PUT';
  url: string;
  body?: Buffer;
  type?: string;
}

/** The storage's answer; a fault where there is none, or nothing to sign with. */
async function signedCall(place: Bucket, { method, url, body = Buffer.alloc(0), type }: Call, effects: Effects): Promise<Answered | Fault> {
  const [accessKeyId, secretAccessKey] = [place.secret('access_key_id')?.reveal(), place.secret('secret_access_key')?.reveal()];
  if (accessKeyId === undefined || secretAccessKey === undefined) return { kind: 'config-error', reason: 'it has no keys to sign with' };
  const signer = new AwsV4Signer({
    ...{ method, url, accessKeyId, secretAccessKey, service: 's3', region: place.region },
    // The body's hash is signed with the rest: what is changed on the way is refused.
    headers: { 'x-amz-content-sha256': hash('sha256', body) },
    datetime: new Date(effects.now()).toISOString().replace(/[-:]|\.\d{3}/g, ''),
  });
  const signed = await signer.sign();
  const headers = { ...Object.fromEntries(signed.headers), ...(type === undefined ? {} : { 'content-type': type }) };
  const trust = place.ca_file === undefined ? {} : { ca_file: place.ca_file };
  const sent = method === 'PUT' ? { body } : {};
  const answer = await postOnce({ method, url, headers, ...sent, deadline_ms: 300_000, ...trust }, effects);
  if ('lost' in answer) return { kind: answer.lost === 'not-trusted' ? 'config-error' : 'retry', reason: answer.reason };
  return answer;
}

/** "SignatureDoesNotMatch: …" out of the storage's XML. */
function wordsOf(xml: string): string {
  const tag = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return [tag('Code'), tag('Message')].filter((part) => part !== '').join(': ');
}
