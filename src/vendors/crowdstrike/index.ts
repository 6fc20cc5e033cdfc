import { answers, defineVendor, onlyKnown } from '../vendor.ts';
import { alerts, cases, openFalcon, settings } from './falcon.ts';
import { findingOf, record } from './records.ts';

// The Detects and Incidents APIs were switched off in 2025 and 2026: alerts and cases took their place
// (github.com/CrowdStrike/falconpy/issues/1378, github.com/CrowdStrike/falcon-mcp/pull/368).

export default defineVendor({
  id: 'crowdstrike',
  name: 'CrowdStrike Falcon',
  family: 'edr',
  delivers: ['alert', 'case'],
  permissions: ['API client with the scope Alerts: Read', 'Cases: Read, where objects holds cases (part of Falcon Next-Gen SIEM)'],
  settings,
  connection: ({ base_url, ca_file, requests_per_second }) => ({ base_url, requests_per_second, ...onlyKnown({ ca_file }) }),
  capability: {
    assignee: { answer: 'field' },
    ...answers('no', 'verdict_at', 'escalated_at', 'notified_at', 'closed_by', 'networks'),
    first_activity_at: { answer: 'field', note: 'alerts: the time of the event' },
    acknowledged_at: { answer: 'field', note: 'alerts: creation plus seconds_to_triaged; cases: where an SLA has a timer for it' },
    verdict: { answer: 'field', note: 'alerts: the resolution, often left empty; cases have none' },
    escalated: { answer: 'no', note: 'a linked case is its parent' },
    contained_at: { answer: 'no', note: 'prevention is recorded without a time' },
    closed_at: { answer: 'field', note: 'alerts: creation plus seconds_to_resolved; cases: where an SLA has a timer for it' },
    reopened: { answer: 'field', note: 'only while it stays reopened; not how often' },
    severity: { answer: 'field', note: 'below 20 informational, 40 low, 60 medium, 80 high; automated leads have none' },
    rules: { answer: 'field', note: 'alerts: the display name' },
    entities: { answer: 'field', note: 'alerts only' },
    attacks: { answer: 'field', note: "ATT&CK ids only; Falcon's own CSTA ids are left out" },
    log_sources: { answer: 'field', note: 'the Falcon module, and the products whose events contributed' },
  },

  async check(context) {
    const { ask } = openFalcon(context);
    const known: string[] = [];
    for (const each of context.settings.objects) {
      const request = { path: each === 'alerts' ? 'alerts/queries/alerts/v2' : 'cases/queries/cases/v1', query: { limit: 1 } };
      const { total } = await ask(each === 'alerts' ? 'Alerts: Read' : 'Cases: Read', request);
      known.push(`${total ?? 'unknown number of'} ${each}`);
    }
    return `CrowdStrike Falcon: ${known.join(', ')}`;
  },

  async *pages({ window, ...context }) {
    const { objects, page_size } = context.settings;
    const { ask, since } = openFalcon(context);
    for (const [name, read] of Object.entries({ alerts, cases })) {
      if (!objects.some((each) => each === name)) continue;
      for await (const records of read(ask, window, page_size)) if (records.length > 0) yield { records };
    }
    yield { records: [], ...onlyKnown({ watermark: since() }) };
  },

  raw: record,
  normalise: (raw) => findingOf(raw),
});
