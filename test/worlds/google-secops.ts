import { createPublicKey, verify } from 'node:crypto';
import type { Asked, Reply } from '../../src/demo/server.ts';
import { signingKey } from '../vendors/replay.ts';
import { tokenAuth } from '../../src/demo/apis/auth.ts';
import { byCursor } from '../../src/demo/apis/paging.ts';
import { byChange, byCreation, compareIds, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const cases = '/v1/projects/soc-1/locations/eu/instances/inst-1/cases';
const isPage: World['isPage'] = (asked) => asked.path === cases && asked.query.get('pageSize') !== '1';
const words = ['', 'INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

function caseOf(item: Item): Record<string, unknown> {
  const record = {
    name: `${cases.slice(4)}/${item.id}`,
    displayName: item.title,
    createTime: String(item.created),
    updateTime: String(item.changed),
    stage: 'Triage',
    priority: `PRIORITY_${words[item.severity]}`,
    status: item.status === 'open' ? 'OPENED' : 'CLOSED',
    assignee: '@Tier1',
  };
  const unknown = { priority: 'PRIORITY_DIRE', status: 'CASE_STATUS_PARKED' };
  return odd(record, item, { id: ['name'], unknown, keep: ['name', 'createTime', 'updateTime'] });
}

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  const message = "Permission 'chronicle.cases.list' denied on resource (or it may not exist).";
  return json({ error: { code: status, message, status: 'PERMISSION_DENIED' } }, headers, status);
}

function list(asked: Asked, items: Items): Reply {
  const [, field = ''] = /^(createTime|updateTime) desc$/.exec(asked.query.get('orderBy') ?? '') ?? [];
  const key = field === 'createTime' ? (item: Item) => item.created : (item: Item) => item.changed;
  const order = (field === 'createTime' ? byCreation : byChange)(items).toReversed();
  const place = (item: Item) => `${key(item)} ${item.id}`;
  const falling = (a: string, b: string) => {
    const [[left = '', leftId = ''], [right = '', rightId = '']] = [a.split(' '), b.split(' ')];
    return Number(right) - Number(left) || compareIds(rightId, leftId);
  };
  const { records, next } = byCursor(order, asked.query.get('pageToken'), Number(asked.query.get('pageSize')), place, falling);
  return json({ ...(records.length === 0 ? {} : { cases: records.map(caseOf) }), ...(next === undefined ? {} : { nextPageToken: next }) });
}

/** The signature, the audience and who asks, as Google checks them. */
function isSigned(form: URLSearchParams, audience: string): boolean {
  const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const key = createPublicKey(signingKey());
  const right = verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'));
  return right && said.aud === audience && said.exp - said.iat === 3600 && said.iss === 'kpi@soc-1.example';
}

export default {
  vendor: 'google-secops',
  isPage,
  failure: refusal,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: '/token',
        accepts: (asked, form) => isSigned(form, `http://${asked.headers.host}/token`),
        refusal: json({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }, {}, 400),
        uses: options?.token_uses,
      }),
      isPage,
      failure: refusal,
      settings: (url) => ({
        ...{ project: 'soc-1', location: 'eu', instance: 'inst-1', base_url: url, token_url: `${url}/token` },
        ...{ client_email: 'kpi@soc-1.example', private_key: secretOf(signingKey()), page_size: options?.page_size ?? 1000 },
      }),
      route: (asked, known) => (asked.path === cases ? list(asked, known) : undefined),
    }),
} satisfies World;
