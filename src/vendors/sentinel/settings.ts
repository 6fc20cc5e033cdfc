import { z } from 'zod';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext } from '../vendor.ts';

// [list]: https://learn.microsoft.com/rest/api/securityinsights/incidents/list
// [limits]: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling

export const name = z.string().regex(/^[\w.()-]+$/);

export const settings = z.strictObject({
  tenant_id: name,
  client_id: z.string().min(1),
  client_secret: secret,
  subscription_id: name,
  resource_group: name,
  workspace: name,
  /** The workspace's own GUID: with it the history of each incident is read from the SecurityIncident table. */
  workspace_id: z.guid().optional(),
  /** One request more for each incident. */
  entities: z.boolean().default(false),
  // Other clouds have hosts of their own.
  base_url: apiUrl.default('https://management.azure.com'),
  login_url: apiUrl.default('https://login.microsoftonline.com'),
  query_url: apiUrl.default('https://api.loganalytics.io'),
  page_size: z.int().min(1).max(1000).default(1000), // The most [list].
  requests_per_second: z.number().positive().default(20), // 25 a second are refilled [limits].
});

export type Settings = z.infer<typeof settings>;

export type Context = Omit<CollectContext<Settings>, 'window'>;
