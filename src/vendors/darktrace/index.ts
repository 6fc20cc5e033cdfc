import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { slices } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, defineVendor, onlyKnown } from '../vendor.ts';
import { ask, createdOf, type List, signature, withComments } from './appliance.ts';
import { findingOf, record } from './record.ts';

const settings = z.strictObject({
  base_url: apiUrl,
  public_token: secret,
  private_token: secret,
  /** AI Analyst's incident events beside model breaches. */
  ai_analyst: z.boolean().default(true),
  /** Reads the comments of breaches that have any: the first one is often the only trace of who took it when. */
  comments: z.boolean().default(true),
  /** What was raised earlier is not asked whether somebody acknowledged it. */
  lookback_days: z.int().min(1).max(366).default(30),
  ca_file: z.string().optional(),
  /** How long the first slice of time is, and how many records one should hold. */
  slice_minutes: z.int().min(1).max(1440).default(360),
  page_size: z.int().min(1).max(10_000).default(1000),
  requests_per_second: z.number().positive().default(2), // Undocumented.
});
type Settings = z.infer<typeof settings>;

const day = 24 * 3600 * 1000;

export default defineVendor({
  id: 'darktrace',
  name: 'Darktrace',
  family: 'ndr',
  delivers: ['alert', 'case'],
  permissions: [
    'an API token pair (public and private) from the configuration page, /config; only GET requests are made with it',
    'where tokens belong to a user: one that may see model breaches and AI Analyst incidents, and nothing else',
  ],
  settings,
  connection: ({ base_url, ca_file, requests_per_second, public_token, private_token }) => ({
    base_url,
    requests_per_second,
    refusals: { 403: 'The token pair, or the user it belongs to, may not see this list; without incident events set ai_analyst: false.' },
    ...onlyKnown({ ca_file }),
    sign: (target, now) => signature(target, now, public_token, private_token),
  }),
  capability: {
    ...answers('field', 'first_activity_at', 'entities'),
    ...answers(
      'no',
      'verdict',
      'verdict_at',
      'escalated',
      'escalated_at',
      'contained_at',
      'notified_at',
      'reopened',
      'closed_by',
      'log_sources',
      'networks',
    ),
    acknowledged_at: { answer: 'event', note: 'the first comment, or the acknowledgement where the appliance dates it' },
    closed_at: { answer: 'no', note: 'to acknowledge is the last that can be done with a breach' },
    assignee: { answer: 'field', note: 'who acknowledged it, where the appliance says' },
    severity: { answer: 'field', note: 'the category of the model, or else the score; our reading' },
    rules: { answer: 'field', note: 'the model; AI Analyst names none' },
    attacks: { answer: 'field', note: 'newer models; AI Analyst knows tactics only' },
  },

  async check({ http, settings, effects }) {
    const to = effects.now();
    for (const list of listsOf(settings)) await ask(http, list, to - 60_000, to);
    return `Darktrace: ${settings.ai_analyst ? 'model breaches and AI Analyst incident events' : 'model breaches'} can be read`;
  },

  async *pages({ window, http, settings, effects }) {
    const { mode, from, to } = window;
    let clock: Ms | undefined;
    let watermark: Ms | undefined;
    for (const list of listsOf(settings)) {
      // Changes cannot be asked for: what was raised lately is read again. For events nobody says which of their times is
      // meant, so a day before is read too and what was not created within is left out.
      const back = mode === 'changed' ? settings.lookback_days * day : list === 'events' ? day : 0;
      const read = slices({
        from: from - back,
        end: () => (mode === 'created' ? to : Math.max(effects.now(), clock ?? 0)),
        length: settings.slice_minutes * 60_000,
        aim: settings.page_size,
        async fetch(start, end) {
          const answer = await ask(http, list, start, end);
          clock = answer.clock ?? clock;
          watermark ??= clock;
          return answer.records;
        },
      });
      for await (const records of read) {
        const asked = list === 'breaches' ? records : records.filter((each) => mode === 'changed' || !isOutside(each, from, to));
        if (list === 'events' && asked.length > 0) yield { records: asked.map((event) => ({ event })) };
        if (list === 'breaches')
          yield { records: settings.comments ? await withComments(http, records) : records.map((breach) => ({ breach })) };
      }
    }
    yield { records: [], ...onlyKnown({ watermark }) };
  },

  raw: record,
  normalise: (raw, { settings }) => findingOf(raw, settings.base_url),
});

const listsOf = ({ ai_analyst }: Settings): List[] => (ai_analyst ? ['breaches', 'events'] : ['breaches']);

/** What has no date goes on to be looked at. */
function isOutside(event: unknown, from: Ms, to: Ms): boolean {
  const at = createdOf('events', event);
  return at !== undefined && (at < from || at >= to);
}
