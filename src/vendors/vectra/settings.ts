import { z } from 'zod';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext } from '../vendor.ts';

// [vat]: modules/vectra.py and platform.py in github.com/vectranetworks/vectra_api_tools, the vendor's own client
// [soar]: github.com/splunk-soar-connectors/vectraxdr and vectrandr, with recorded answers

const version = z.string().regex(/^v\d+(\.\d+)?$/);

const shared = {
  base_url: apiUrl,
  /** Detections and closed assignments without activity since then are not asked whether they changed. */
  lookback_days: z.int().min(1).max(366).default(90),
  ca_file: z.string().optional(),
  page_size: z.int().min(2).max(1000).default(1000), // What every integration stays below.
  requests_per_second: z.number().positive().default(1.5), // 100 a minute: the vendor names none, its MCP server keeps to this.
};

/** The appliance (Quadrant UX) takes a token, the cloud (Respond UX) a client's id and secret. */
export const settings = z.discriminatedUnion('platform', [
  z.strictObject({ platform: z.literal('qux'), api_token: secret, api_version: version.default('v2.5'), ...shared }),
  z.strictObject({
    platform: z.literal('rux'),
    client_id: z.string().min(1),
    client_secret: secret,
    api_version: version.default('v3.3'),
    ...shared,
  }),
]);

export type Settings = z.infer<typeof settings>;

export type Context = Omit<CollectContext<Settings>, 'window'>;
