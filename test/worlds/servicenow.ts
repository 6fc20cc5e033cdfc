import type { Asked, Reply } from '../../src/demo/server.ts';
import { loopbackToken, tokenAuth } from '../../src/demo/apis/auth.ts';
import { byOffset } from '../../src/demo/apis/paging.ts';
import { byChange, byCreation, json, odd, secretOf, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/api/now/table/sn_si_incident';
const timeOf = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
const both = (value: string, display_value = value) => ({ value, display_value });

function incidentOf(item: Item): Record<string, unknown> {
  const record = {
    sys_id: both(item.id),
    sys_created_on: both(timeOf(item.created), 'in words'),
    sys_updated_on: both(timeOf(item.changed), 'in words'),
    short_description: both(item.title),
    state: item.status === 'open' ? both('10', 'Draft') : both('3', 'Closed'),
    priority: both(String(6 - item.severity), 'in words'),
    assigned_to: both(''),
    closed_at: both(item.closed === undefined ? '' : timeOf(item.closed)),
  };
  const unknown = { state: both('4711', 'Parked'), priority: both('9') };
  return odd(record, item, { id: ['sys_id'], unknown, keep: ['sys_id', 'sys_created_on', 'sys_updated_on'] });
}

const form = /^(sys_created_on|sys_updated_on)>=([^^]+)(?:\^\1<([^^]+))?\^ORDERBY\1\^ORDERBYsys_id$/;

function answer({ query }: Asked, items: Items): Reply {
  const [, field, from, to = '9999-12-31 00:00:00'] = form.exec(query.get('sysparm_query') ?? '') ?? [];
  if (field === undefined || from === undefined) return failure(400);
  // Whole seconds are all it knows: between two of them is the same of cut and uncut instants.
  const [first, end] = [from, to].map((text) => Date.parse(`${text}Z`));
  const found = (field === 'sys_created_on' ? byCreation : byChange)(items, first, end);
  const page = byOffset(found, Number(query.get('sysparm_offset')), Number(query.get('sysparm_limit')));
  return json({ result: page.map(incidentOf) }, { 'X-Total-Count': String(found.length) });
}

const failure: World['failure'] = (status, headers) =>
  json({ error: { message: 'Refused', detail: 'Refused' }, status: 'failure' }, headers, status);

export default {
  vendor: 'servicenow',
  isPage,
  failure,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: '/oauth_token.do',
        accepts: (_asked, asked) => asked.get('client_secret') === loopbackToken && asked.get('grant_type') === 'client_credentials',
        refusal: json({ error: 'access_denied' }, {}, 401),
        uses: options?.token_uses,
      }),
      isPage,
      failure,
      settings: (url) => ({
        auth: 'oauth',
        base_url: url,
        client_id: 'client',
        client_secret: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known) : undefined),
    }),
} satisfies World;
