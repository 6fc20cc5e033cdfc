import { z } from 'zod';
import type { Asked, Reply } from '../../src/demo/server.ts';
import { basicAuthOf, loopbackToken, tokenAuth } from './engine-auth.ts';
import { byOffset } from './engine-paging.ts';
import { exactNumber, json, odd, secretOf, sorted, startEngine } from './engine.ts';
import type { Item, Items, World } from './world.ts';

const isPage: World['isPage'] = ({ path }) => path === '/api/v1/detections/search';
const risks = [0, 0, 20, 60, 85, 95];

function detectionOf(item: Item): Record<string, unknown> {
  const record = {
    id: exactNumber(item.id),
    start_time: item.created - 60_000,
    create_time: item.created,
    update_time: item.created,
    mod_time: item.changed,
    title: item.title,
    type: 'icmp_tunnel',
    risk_score: risks[item.severity],
    status: item.status === 'open' ? null : 'closed',
    categories: ['sec'],
    participants: [{ role: 'offender', object_type: 'ipaddr', object_value: '192.0.2.1' }],
  };
  return odd(record, item, { id: ['id'], unknown: { status: 'parked' }, keep: ['id', 'start_time', 'create_time', 'mod_time'] });
}

const question = z.object({
  filter: z.object({ categories: z.tuple([z.literal('sec')]) }),
  mod_time: z.number(),
  limit: z.number().max(1000),
  offset: z.number(),
  sort: z.tuple([z.object({ field: z.literal('mod_time'), direction: z.literal('asc') })]),
});

function answer({ body }: Asked, items: Items): Reply {
  const { mod_time, limit, offset } = question.parse(JSON.parse(body));
  const found = sorted(items.all(), (item) => item.changed).filter((item) => item.changed >= mod_time);
  return json(byOffset(found, offset, limit).map(detectionOf));
}

const failure: World['failure'] = (status, headers) => json({ error_message: 'Refused' }, headers, status);
const basic = basicAuthOf('client', loopbackToken);

export default {
  vendor: 'extrahop',
  isPage,
  failure,
  start: (items, options) =>
    startEngine({
      items,
      options,
      auth: tokenAuth({
        path: '/oauth2/token',
        accepts: (asked, form) => basic.admits(asked) && form.get('grant_type') === 'client_credentials',
        refusal: json({ error: 'invalid_client' }, {}, 400),
        uses: options?.token_uses,
      }),
      isPage,
      // As recorded: a token that ended is no 401.
      failure: (status) => (status === 401 ? json({ error_message: 'The specified access token is invalid' }, {}, 400) : failure(status)),
      settings: (url) => ({
        platform: 'revealx-360',
        base_url: url,
        client_id: 'client',
        client_secret: secretOf(loopbackToken),
        page_size: options?.page_size ?? 1000,
      }),
      route: (asked, known) => (isPage(asked) ? answer(asked, known) : undefined),
    }),
} satisfies World;
