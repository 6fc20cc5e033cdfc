import { z } from 'zod';
import { basicAuthOf, loopbackToken, tokenAuth } from './auth.ts';
import { byOffset } from './paging.ts';
import { type Api, json, rising } from './product.ts';

const question = z.object({
  filter: z.object({ categories: z.tuple([z.literal('sec')]) }),
  mod_time: z.number(),
  limit: z.number().max(1000),
  offset: z.number(),
  sort: z.tuple([z.object({ field: z.literal('mod_time'), direction: z.literal('asc') })]),
});
const basic = basicAuthOf('client', loopbackToken);

/** ExtraHop RevealX 360: detections by their last change, in pages by offset. */
export const extrahop: Api = {
  auth: (uses) =>
    tokenAuth({
      path: '/oauth2/token',
      accepts: (asked, form) => basic.admits(asked) && form.get('grant_type') === 'client_credentials',
      refusal: json({ error: 'invalid_client' }, {}, 400),
      uses,
    }),
  isPage: ({ path }) => path === '/api/v1/detections/search',
  // As recorded: a token that ended is no 401.
  failure: (status, headers) =>
    status === 401 && headers === undefined
      ? json({ error_message: 'The specified access token is invalid' }, {}, 400)
      : json({ error_message: 'Refused' }, headers, status),
  route: (asked, entries) => {
    if (!extrahop.isPage(asked)) return undefined;
    const { mod_time, limit, offset } = question.parse(JSON.parse(asked.body));
    const found = rising(
      entries.filter(({ changed }) => changed >= mod_time),
      ({ changed }) => changed,
    );
    return json(byOffset(found, offset, limit).map((entry) => entry.json()));
  },
};
