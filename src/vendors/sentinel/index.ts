import { instantOf, isoOf, rising } from '../../products/index.ts';
import { answers, defineVendor, onlyKnown } from '../vendor.ts';
import { historiesOf } from './history.ts';
import { findingOf, known } from './incident.ts';
import { settings, type Settings } from './settings.ts';
import { version, named, doorTo, list, startOf, propertiesOf, ruleNames, entitiesOf } from './arm.ts';

const inTable = {
  answer: 'event',
  note: 'with workspace_id, from the SecurityIncident table; the incident itself has no such time',
} as const;

export default defineVendor({
  id: 'sentinel',
  name: 'Microsoft Sentinel',
  family: 'siem',
  delivers: ['case'],
  permissions: [
    'App registration with the role Microsoft Sentinel Reader on the workspace',
    'Log Analytics Reader on the workspace, for the history of incidents (with workspace_id)',
  ],
  settings,
  connection: ({ base_url, login_url, query_url, requests_per_second }) => ({
    base_url,
    origins: [login_url, query_url],
    refusals: {
      400: 'Is the API version known in this cloud? Check base_url.',
      401: 'Check tenant_id: it must be the tenant of the subscription.',
      403: 'The app needs the role Microsoft Sentinel Reader on the workspace, for its history Log Analytics Reader too.',
      404: 'Check subscription_id, resource_group and workspace, and that Sentinel is enabled on it.',
    },
    requests_per_second,
  }),
  capability: {
    ...answers('field', 'first_activity_at', 'assignee', 'severity', 'rules'),
    ...answers('no', 'escalated_at', 'contained_at', 'notified_at', 'networks'),
    acknowledged_at: inTable,
    verdict: { answer: 'field', note: 'classification' },
    verdict_at: inTable,
    escalated: { answer: 'no', note: 'a client may map a label to it' },
    closed_at: inTable,
    reopened: inTable,
    closed_by: inTable,
    entities: { answer: 'field', note: 'with entities: true' },
    attacks: { answer: 'field', note: 'tactics; techniques where the API version gives them' },
    log_sources: { answer: 'field', note: 'products of the alerts' },
  },

  async check(context) {
    const api = doorTo(context, 'base_url');
    const { newest } = await startOf(api, context.settings);
    if (context.settings.workspace_id !== undefined)
      await historiesOf(doorTo(context, 'query_url'), queryAddress(context.settings), ['00000000-0000-0000-0000-000000000000']);
    return `Microsoft Sentinel, API ${version}; ${newest === undefined ? 'no incidents' : `last change ${isoOf(newest)}`}`;
  },

  async *pages(context) {
    const { settings, window } = context;
    const api = doorTo(context, 'base_url');
    const tables = doorTo(context, 'query_url');
    const { clock, newest } = await startOf(api, settings);
    const rules = await ruleNames(api, context);
    const stamp = window.mode === 'created' ? 'createdTimeUtc' : 'lastModifiedTimeUtc';
    const upTo = window.mode === 'created' ? ` and properties/${stamp} lt ${isoOf(window.to)}` : '';
    let link: string | undefined;
    // Not by nextLink from one instant to the next: what a $skipToken does when an incident changes is documented nowhere.
    const pages = rising({
      from: window.from,
      size: settings.page_size,
      async fetch(from, offset) {
        const page = await list(
          api,
          settings,
          offset > 0 && link !== undefined ? link : `properties/${stamp} ge ${isoOf(from)}${upTo}`,
          stamp,
        );
        link = page.next;
        return { records: page.records, more: page.next !== undefined };
      },
      stampOf: (record) => instantOf(propertiesOf(record)?.[stamp]),
      idOf: (record) => named.safeParse(record).data?.name,
    });
    for await (const { records } of pages) {
      const names = records.flatMap((record) => named.safeParse(record).data?.name ?? []);
      const histories = settings.workspace_id === undefined ? undefined : await historiesOf(tables, queryAddress(settings), names);
      const whole = [];
      for (const incident of records) {
        const id = named.safeParse(incident).data?.name ?? '';
        const entities = settings.entities && id !== '' ? await entitiesOf(api, settings, id) : undefined;
        whole.push({ incident, ...onlyKnown({ history: histories && (histories.get(id) ?? []), entities }) });
      }
      if (whole.length > 0) yield { records: whole, lookups: { rules } };
    }
    yield { records: [], ...onlyKnown({ watermark: clock ?? newest }) };
  },

  raw: known,
  normalise: (raw, { lookups }) => findingOf(raw, lookups),
});

function queryAddress({ query_url, workspace_id }: Settings): string {
  return `${new URL(query_url).origin}/v1/workspaces/${workspace_id}/query`;
}
