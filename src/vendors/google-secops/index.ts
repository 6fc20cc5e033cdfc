import { sign } from 'node:crypto';
import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import { type Http, SourceError } from '../../http.ts';
import { clockOf, following, isoOf, openSession, readAnswer, readOAuthToken } from '../../products/index.ts';
import { secret } from '../../secret.ts';
import { apiUrl, type CollectContext, defineVendor, onlyKnown } from '../vendor.ts';
import { findingOf, record, stampOf } from './records.ts';

// [cases]: https://docs.cloud.google.com/chronicle/docs/reference/rest/v1/projects.locations.instances.cases/list
// [login]: https://developers.google.com/identity/protocols/oauth2/service-account, "HTTP/REST"

const part = z.string().regex(/^[\w-]+$/);
const settings = z.strictObject({
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
type Settings = z.infer<typeof settings>;
type Context = Omit<CollectContext<Settings>, 'window'>;

const never = { answer: 'no' } as const;
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
    first_activity_at: { answer: 'field', note: 'of detections; cases have none' },
    acknowledged_at: derived,
    verdict: { answer: 'field', note: 'the reason of closing; NOT_MALICIOUS needs a mapping' },
    verdict_at: never,
    escalated: { answer: 'field', note: 'marked as incident' },
    escalated_at: never,
    contained_at: never,
    notified_at: never,
    closed_at: derived,
    reopened: derived,
    assignee: { answer: 'field' },
    closed_by: never,
    severity: { answer: 'field', note: 'of a case its priority; of a detection the label "severity" of its rule' },
    rules: { answer: 'field', note: 'a case goes by its title' },
    entities: never,
    attacks: { answer: 'field', note: 'of detections whose rules are labelled' },
    log_sources: { answer: 'field' },
    networks: never,
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

/** A signed assertion is changed for a token of an hour [login]. */
function doorTo({ http, effects, settings }: Context): Http {
  const { client_email, private_key, token_url } = settings;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return openSession(http, effects, {
    read: readOAuthToken,
    request() {
      const iat = Math.floor(effects.now() / 1000);
      const scope = 'https://www.googleapis.com/auth/cloud-platform';
      const claims = { iss: client_email, scope, aud: token_url, iat, exp: iat + 3600 };
      const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
      const assertion = `${signed}.${signatureOf(signed, private_key.reveal())}`;
      return {
        path: token_url,
        form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: { reveal: () => assertion } },
      };
    },
  });
}

function signatureOf(text: string, key: string): string {
  try {
    // In the JSON file line breaks are written as \n.
    return sign('sha256', Buffer.from(text), key.replaceAll('\\n', '\n')).toString('base64url');
  } catch {
    throw new SourceError(
      'unauthorised',
      'private_key is no private key in PEM form; take "private_key" of the JSON file of the service account.',
    );
  }
}

const placeOf = ({ project, location, instance }: Settings) => `projects/${project}/locations/${location}/instances/${instance}`;

const listed = z.object({ cases: z.array(z.unknown()).optional(), nextPageToken: z.string().nullish() });

async function casesAt(api: Http, settings: Settings, field: Stamp, pageToken: string | undefined, pageSize = settings.page_size) {
  const answer = await api.request({ path: `v1/${placeOf(settings)}/cases`, query: { pageSize, pageToken, orderBy: `${field} desc` } });
  const { cases = [], nextPageToken: next } = readAnswer(answer, listed, 'GET cases');
  // Google leaves an empty list out.
  return { cases, next, clock: clockOf(answer) };
}

const maxPasses = 10;

/**
 * There is no filter by time [cases], so cases are read from the newest back to `from`. One that changes meanwhile jumps to the
 * front, behind our back: the front is read again down to where the last reading began, until it shows no unknown case.
 */
async function* casesSince(
  api: Http,
  settings: Settings,
  field: Stamp,
  from: Ms,
): AsyncGenerator<{ records: unknown[]; incomplete?: string }> {
  const given = new Map<string, Ms | undefined>();
  for (let pass = 1, floor = from; pass <= maxPasses; pass++) {
    let unknown = 0;
    let top: Ms | undefined;
    let before = Number.POSITIVE_INFINITY;
    let isFalling = true;
    for await (const { records } of following(async (token) => {
      const { cases, next } = await casesAt(api, settings, field, token);
      return { records: cases, next };
    })) {
      const stamps = stampsOf(records, field);
      top ??= stamps[0];
      // Where the order is not kept, the first old case does not mean that there are only old ones behind it.
      for (const stamp of stamps) [isFalling, before] = [isFalling && stamp <= before, stamp];
      const fresh = records.filter((each) => {
        const [stamp] = stampsOf([each], field);
        return !((stamp ?? floor) < floor) && !(given.has(nameOf(each)) && given.get(nameOf(each)) === stamp);
      });
      unknown += fresh.filter((each) => !given.has(nameOf(each))).length;
      for (const each of fresh) given.set(nameOf(each), stampsOf([each], field)[0]);
      if (fresh.length > 0) yield { records: fresh };
      if (isFalling && before < floor) break;
    }
    if (unknown === 0 || field === 'createTime') return;
    floor = top ?? floor;
  }
  yield { records: [], incomplete: `cases changed so fast that ${maxPasses} readings did not meet all` };
}

const named = z.object({ name: z.string() });

function nameOf(record: unknown): string {
  return named.safeParse(record).data?.name ?? '';
}

const stamped = { createTime: z.object({ createTime: z.unknown() }), updateTime: z.object({ updateTime: z.unknown() }) };
type Stamp = keyof typeof stamped;

function stampsOf(records: readonly unknown[], field: Stamp): Ms[] {
  return records.flatMap((each) => stampOf(Object.values(stamped[field].safeParse(each).data ?? {})[0]) ?? []);
}

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
