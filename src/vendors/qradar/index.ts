import { z } from 'zod';
import { SourceError } from '../../http.ts';
import { secret } from '../../secret.ts';
import { answers, apiUrl, defineVendor, listIn, onlyKnown } from '../vendor.ts';
import { filtersFor, keyset, startOf, wholeOf } from './console.ts';
import { lookups, ruleNames } from './names.ts';
import { findingOf, offense } from './offense.ts';

const settings = z.strictObject({
  base_url: apiUrl.refine((url) => /\/api\/?$/.test(url), 'must end in /api, like https://console.example/api'),
  token: secret,
  ca_file: z.string().optional(),
  version: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .default('20.0'),
  page_size: z.int().min(1).max(500).default(100),
  requests_per_second: z.number().positive().optional(),
});
const offered = z.object({ version: z.string(), deprecated: z.boolean().nullish(), removed: z.boolean().nullish() });

export default defineVendor({
  id: 'qradar',
  name: 'IBM QRadar',
  family: 'siem',
  delivers: ['alert'],
  permissions: [
    'Offenses (read)',
    'Offenses > View Custom Rules, for the names of rules; without it the offense description stands for them',
  ],
  settings,
  connection: ({ base_url, token, ca_file, requests_per_second }) => ({
    base_url,
    headers: { SEC: token, Accept: 'application/json' },
    refusals: {
      401: 'Its authorized service token may have expired: make a new one under Admin > Authorized Services and deploy.',
      403: 'The role of the authorized service needs Offenses.',
    },
    concurrency: 1, // A console is one host and documents no rate limit: ask one thing at a time.
    ...onlyKnown({ ca_file, requests_per_second }),
  }),
  capability: {
    // Notes are a question for each offense, and who changed it when is not to be had: neither is read [offenses].
    ...answers('field', 'first_activity_at', 'closed_at', 'assignee', 'closed_by', 'entities', 'log_sources', 'networks'),
    ...answers('no', 'escalated_at', 'contained_at', 'notified_at'),
    acknowledged_at: { answer: 'derived', note: 'assigned_to carries no time: known to lie between two collections' },
    verdict: { answer: 'field', note: 'from the closing reason; reasons of your own need a mapping' },
    verdict_at: { answer: 'field', note: 'the reason is given on closing' },
    escalated: { answer: 'no', note: 'a client may map a closing reason to it' },
    reopened: { answer: 'derived', note: 'a close that is gone at the next collection' },
    severity: { answer: 'field', note: '0–1 informational, 2–3 low, 4–6 medium, 7–8 high, 9–10 critical: our reading, IBM gives none' },
    rules: { answer: 'field', note: 'names need a permission of their own' },
    attacks: { answer: 'no', note: 'only in the Use Case Manager app' },
  },

  async check(context) {
    // Without the Version header, which an unsupported one would fail.
    const answer = await context.http.request({ path: 'help/versions', query: { fields: 'version,deprecated,removed' } });
    const versions = listIn(answer, offered, 'GET help/versions').filter(({ removed }) => removed !== true);
    const wanted = versions.find(({ version }) => Number(version) === Number(context.settings.version));
    if (wanted === undefined) {
      const names = versions.map(({ version }) => version);
      throw new SourceError(
        'rejected',
        `GET help/versions: the console does not offer API version ${context.settings.version}, but ${names.join(', ')}; set version: '${names.at(-1)}'`,
      );
    }
    await startOf(context);
    const named = (await ruleNames(context)).size > 0 ? '' : '; no rule names (permission missing, or no rules)';
    return `QRadar API ${wanted.version}${wanted.deprecated === true ? ' (deprecated: set a newer version soon)' : ''}${named}`;
  },

  async *pages(context) {
    const { dated, watermark } = await startOf(context);
    const lookUp = lookups(context);
    const closeTimes = new Map<string, unknown>();
    let expected = 0;
    for (const asked of filtersFor(context.window, dated)) {
      const given = new Map<string, unknown>();
      for await (const { entries, added } of keyset(context, asked)) {
        // What an earlier filter gave need not come again, unless it was closed meanwhile.
        const fresh = entries.filter(({ id, closed }) => id === undefined || !closeTimes.has(id) || closeTimes.get(id) !== closed);
        for (const { id, closed } of fresh) if (id !== undefined) given.set(id, closed);
        const records = asked.glance === true ? await wholeOf(context, fresh) : fresh.map(({ record }) => record);
        // What was gone between glance and look is no more missing than what was gone before.
        expected += added - (entries.length - records.length);
        if (records.length > 0) yield { records, lookups: await lookUp(records), ...onlyKnown({ expected: said(expected) }) };
      }
      for (const [id, closed] of given) closeTimes.set(id, closed);
    }
    yield { records: [], ...onlyKnown({ expected: said(expected), watermark }) };
  },

  raw: offense,
  normalise: (raw, context) => findingOf(raw, context.lookups, context.settings.base_url),
});

/** NaN: the console gave no count of one filter, so there is none of the whole. */
function said(expected: number): number | undefined {
  return Number.isNaN(expected) ? undefined : expected;
}
