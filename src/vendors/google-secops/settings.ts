import { z } from 'zod';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext } from '../vendor.ts';

// [cases]: https://docs.cloud.google.com/chronicle/docs/reference/rest/v1/projects.locations.instances.cases/list
// [login]: https://developers.google.com/identity/protocols/oauth2/service-account, "HTTP/REST"

const part = z.string().regex(/^[\w-]+$/);

export const settings = z.strictObject({
  project: part,
  location: part,
  instance: part,
  /** Of the service account; the key is the "private_key" of its JSON file, in a file of its own. */
  client_email: z.string().min(1),
  private_key: secret,
  read: z
    .array(z.enum(['cases', 'detections']))
    .min(1)
    .default(['cases']),
  /** Default: the location's own. */
  base_url: apiUrl.optional(),
  token_url: apiUrl.default('https://oauth2.googleapis.com/token'),
  page_size: z.int().min(1).max(1000).default(1000), // Above it is cut to 1000 [cases].
  requests_per_second: z.number().positive().optional(),
});

export type Settings = z.infer<typeof settings>;

export type Context = Omit<CollectContext<Settings>, 'window'>;
