import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { instantOf, isoOf, prefixed } from '../../products/index.ts';
import { answers, defineVendor, onlyKnown } from '../vendor.ts';
import { findingOf, record } from './record.ts';
import { settings } from './settings.ts';
import { lists, type List, type Query, sized, rising, idOf, ask, open } from './lists.ts';

const day = 24 * 3600 * 1000;

export default defineVendor({
  id: 'vectra',
  name: 'Vectra AI (QUX and RUX)',
  family: 'ndr',
  delivers: ['alert', 'case'],
  permissions: ['RUX: API client with the role "Read-Only"', 'QUX: API token of a local user with the role "Read-Only"'],
  settings,
  connection: (settings) => ({
    base_url: settings.base_url,
    refusals: {
      401: 'Check the token or client: is it of this platform (qux or rux) and of base_url?',
      403: 'The token or client needs the role "Read-Only".',
      404: 'Check api_version and platform: RUX and QUX know different versions.',
    },
    ...(settings.platform === 'qux' ? { headers: { Authorization: prefixed('Token ', settings.api_token) } } : {}),
    requests_per_second: settings.requests_per_second,
    ...onlyKnown({ ca_file: settings.ca_file }),
  }),
  capability: {
    assignee: { answer: 'field' },
    ...answers('no', 'escalated', 'escalated_at', 'contained_at', 'notified_at', 'reopened', 'attacks', 'networks'),
    first_activity_at: { answer: 'field', note: 'detections only' },
    acknowledged_at: { answer: 'field', note: 'detections only: when its present assignment was made' },
    verdict: { answer: 'field', note: 'the outcome of an assignment, which is for a host or account and not for a detection' },
    verdict_at: { answer: 'field', note: 'when the assignment was resolved' },
    closed_at: { answer: 'field', note: 'assignments only: a fixed detection carries no date' },
    closed_by: { answer: 'field', note: 'assignments only' },
    severity: { answer: 'field', note: 'detections only, by the quadrant of threat and certainty: our reading' },
    rules: { answer: 'field', note: 'the type of detection' },
    entities: { answer: 'field', note: 'detections only' },
    log_sources: { answer: 'field', note: 'the sensor' },
  },

  async check(context) {
    const http = open(context);
    for (const list of lists) await ask(http, context.settings, list, sized(context.settings, list, 2));
    return `Vectra API ${context.settings.api_version}: detections and assignments can be read`;
  },

  async *pages({ window, ...context }) {
    const { mode, from, to } = window;
    const http = open(context);
    const back = seconds(from - (mode === 'created' ? day : context.settings.lookback_days * day));
    // Only activity can be asked for, which may lie before the creation and knows nothing of analysts [vat].
    const questions: [List, Query][] = [
      ['detections', { last_timestamp_gte: back }],
      ['assignments', { created_after: back }],
    ];
    if (mode === 'changed') questions.push(['assignments', { resolved: false }]);
    const given = { detections: new Set<string>(), assignments: new Set<string>() };
    let watermark: Ms | undefined;
    for (const [list, query] of questions) {
      for await (const { records, clock } of rising(http, context.settings, list, query)) {
        watermark ??= clock;
        const fresh = records.filter((each) => isNew(given[list], each));
        const asked = fresh.filter((each) => mode === 'changed' || !isOutside(each, from, to));
        if (asked.length > 0) yield { records: asked.map((each) => ({ [list === 'detections' ? 'detection' : 'assignment']: each })) };
        // Ids rise as assignments are made, and reassigning dates none anew (recorded): after those open since long come the late ones.
        if (records.length > 0 && fresh.length === 0) break;
      }
    }
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: record,
  normalise: (raw, { settings }) => findingOf(raw, settings.base_url),
});

const seconds = (at: Ms): string => isoOf(Math.floor(at / 1000) * 1000).replace('.000Z', 'Z');

const dated = z.object({ created_timestamp: z.string().optional(), date_assigned: z.string().optional() });

/** What has no date goes on to be looked at. */
function isOutside(each: unknown, from: Ms, to: Ms): boolean {
  const { data } = dated.safeParse(each);
  const at = instantOf(data?.created_timestamp ?? data?.date_assigned);
  return at !== undefined && (at < from || at >= to);
}

/** What has no id is always new: it is passed on, to be rejected by name. */
function isNew(given: Set<string>, each: unknown): boolean {
  const id = idOf(each);
  return id === undefined || given.size < given.add(id).size;
}
