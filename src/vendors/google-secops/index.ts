import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { type Http, SourceError } from '../../http.ts';
import { following, isoOf, readAnswer } from '../../products/index.ts';
import { answers, defineVendor, onlyKnown } from '../vendor.ts';
import { findingOf, record } from './records.ts';
import { settings, type Settings } from './settings.ts';
import { placeOf, casesAt, casesSince, stampsOf } from './cases.ts';
import { doorTo } from './login.ts';

const derived = { answer: 'derived', note: 'cases carry no such time: known to lie between two collections' } as const;

export default defineVendor({
  id: 'google-secops',
  name: 'Google SecOps',
  family: 'siem',
  delivers: ['alert', 'case'],
  permissions: [
    'Service account with chronicle.cases.list and chronicle.cases.get (cases need a SOAR that runs in your own project)',
    'chronicle.legacies.legacySearchDetections, where detections are read too',
  ],
  settings,
  connection: ({ base_url, location, token_url, requests_per_second }) => ({
    base_url: base_url ?? `https://${location}-chronicle.googleapis.com`,
    refusals: {
      401: 'Check client_email and private_key: the key may have been revoked.',
      403: 'The service account needs the permissions that doctor lists on this instance; check project, location and instance.',
      404: 'Check project, location and instance: an instance answers in its own region only.',
    },
    origins: [token_url],
    ...onlyKnown({ requests_per_second }),
  }),
  capability: {
    ...answers('field', 'assignee', 'log_sources'),
    ...answers('no', 'verdict_at', 'escalated_at', 'contained_at', 'notified_at', 'closed_by', 'entities', 'networks'),
    first_activity_at: { answer: 'field', note: 'of detections; cases have none' },
    acknowledged_at: derived,
    verdict: { answer: 'field', note: 'the reason of closing; NOT_MALICIOUS needs a mapping' },
    escalated: { answer: 'field', note: 'marked as incident' },
    closed_at: derived,
    reopened: derived,
    severity: { answer: 'field', note: 'of a case its priority; of a detection the label "severity" of its rule' },
    rules: { answer: 'field', note: 'a case goes by its title' },
    attacks: { answer: 'field', note: 'of detections whose rules are labelled' },
  },

  async check(context) {
    const { cases } = await casesAt(doorTo(context), context.settings, 'updateTime', undefined, 1);
    return `Google SecOps, ${context.settings.location}: ${cases.length === 0 ? 'no cases' : 'cases can be read'}`;
  },

  async *pages(context) {
    const { settings, window } = context;
    const api = doorTo(context);
    const field = window.mode === 'created' ? 'createTime' : 'updateTime';
    const { clock, cases } = await casesAt(api, settings, field, undefined, 1);
    const newest = stampsOf(cases, field)[0];
    if (settings.read.includes('cases')) {
      for await (const { records, incomplete } of casesSince(api, settings, field, window.from)) {
        const asked = records.filter((each) => window.mode === 'changed' || !((stampsOf([each], 'createTime')[0] ?? 0) >= window.to));
        if (asked.length > 0 || incomplete !== undefined)
          yield { records: asked.map((each) => ({ case: each })), ...onlyKnown({ incomplete }) };
      }
    }
    if (settings.read.includes('detections')) {
      const end = window.mode === 'created' ? window.to : (clock ?? window.to);
      for await (const { records } of detectionsIn(api, settings, window.from, end)) {
        if (records.length > 0) yield { records: records.map((each) => ({ detection: each })) };
      }
    }
    yield { records: [], ...onlyKnown({ watermark: clock ?? newest }) };
  },

  raw: record,
  normalise: (raw) => findingOf(raw),
});

const found = z.object({
  detections: z.array(z.unknown()).optional(),
  nextPageToken: z.string().nullish(),
  respTooLargeDetectionsTruncated: z.boolean().nullish(),
});

/** By the time they were made: the time of a detection is the end of its window, which may be later. */
function detectionsIn(api: Http, settings: Settings, from: Ms, to: Ms) {
  const path = `v1alpha/${placeOf(settings)}/legacy:legacySearchDetections`;
  return following(async (pageToken) => {
    const answer = await api.request({
      path,
      query: {
        ...{ ruleId: '-', listBasis: 'CREATED_TIME', alertState: 'ALERTING', pageToken, pageSize: settings.page_size },
        ...{ startTime: isoOf(from), endTime: isoOf(to) },
      },
    });
    const page = readAnswer(answer, found, 'GET legacySearchDetections');
    if (page.respTooLargeDetectionsTruncated === true && !page.nextPageToken)
      throw new SourceError('too-large', 'GET legacySearchDetections left detections out; set a smaller page_size');
    return { records: page.detections ?? [], next: page.nextPageToken };
  });
}
