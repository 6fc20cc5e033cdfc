import { z } from 'zod';
import type { Finding, Ms, Severity, Status } from '../../finding.ts';
import type { Http, HttpRequest } from '../../http.ts';
import { fieldOf, instantOf, isoOf, prefixed, readAnswer, rising, words } from '../../products/index.ts';
import { type CollectWindow, onlyKnown } from '../vendor.ts';

// [activity]: https://www.elastic.co/docs/api/doc/kibana/operation/operation-findcaseactivitydefaultspace
// [find]: https://www.elastic.co/docs/api/doc/kibana/operation/operation-findcasesdefaultspace

const text = z.string().nullish();

/** Only the fields used. What was done to a case would be a question for each [activity]. */
export const kibanaCase = z.object({
  id: z.string().min(1),
  title: text,
  status: text,
  severity: text,
  created_at: text,
  updated_at: text,
  closed_at: text,
  closed_by: z.object({ username: text }).nullish(),
  assignees: z.array(z.object({ uid: text })).nullish(),
  tags: z.array(z.string()).nullish(),
  totalAlerts: z.number().nullish(),
});

interface Kibana {
  kibana_url?: string | undefined;
  api_key: { reveal(): string };
  space: string;
}

type Settings = Kibana & { kibana_url: string };

const listed = z.object({ total: z.number(), cases: z.array(z.unknown()) });
/** perPage is at most 100 [find]. */
const size = 100;

/**
 * Cases of Security that are asked for. They can be filtered by creation only [find]: for changes all are read. Pages beyond the
 * 10,000th case are refused, and pages by number shift; so each begins at the last one's date of creation, which no change moves.
 */
export async function* casesIn(http: Http, settings: Settings, { mode, from, to }: CollectWindow) {
  let number = 1;
  const risen = rising({
    from: mode === 'created' ? from : 0,
    size,
    async fetch(at, offset) {
      number = offset === 0 ? 1 : number + 1;
      // "After" may or may not hold the instant itself [find]: with the one before, it is there either way.
      const after = { from: isoOf(Math.max(0, at - 1)), to: mode === 'created' ? isoOf(to) : undefined };
      const { cases, total } = await findCases(http, settings, { page: number, perPage: size, ...after });
      return { records: cases.filter((each) => !(createdOf(each) < at)), more: number * size < total };
    },
    stampOf: (each) => instantOf(createdIn(each)),
    idOf: fieldOf('id', z.string()),
  });
  for await (const { records } of risen) {
    const asked = records.filter((each) => mode === 'created' || !(changedOf(each) < from));
    if (asked.length > 0) yield { records: asked.map((each) => ({ case: each })) };
  }
}

export async function findCases(http: Http, settings: Settings, query: NonNullable<HttpRequest['query']>) {
  const answer = await http.request({
    path: `${placeOf(settings)}/api/cases/_find`,
    headers: { Authorization: prefixed('ApiKey ', settings.api_key) },
    query: { owner: 'securitySolution', sortField: 'createdAt', sortOrder: 'asc', ...query },
  });
  return readAnswer(answer, listed, 'GET api/cases/_find');
}

const createdIn = fieldOf('created_at', z.string());

/** NaN where it cannot be told: such a record goes on to be looked at. */
function createdOf(record: unknown): Ms {
  return instantOf(createdIn(record)) ?? Number.NaN;
}

function placeOf({ kibana_url, space }: Settings): string {
  return `${kibana_url.replace(/\/$/, '')}${space === 'default' ? '' : `/s/${space}`}`;
}

function changedOf(record: unknown): Ms {
  const { data } = kibanaCase.safeParse(record);
  return instantOf(data?.updated_at) ?? instantOf(data?.created_at) ?? Number.NaN;
}

const severities = words<Severity>({ low: 2, medium: 3, high: 4, critical: 5 });
const states = words<Status>({ open: 'new', 'in-progress': 'in_progress', closed: 'closed' });

export function findingOfCase(raw: z.infer<typeof kibanaCase>, settings: Kibana): Finding {
  const status = states[raw.status ?? ''] ?? 'unknown';
  const title = raw.title || '(no title)';
  return {
    native_id: raw.id,
    kind: 'case',
    product: 'Elastic Security',
    title,
    severity: raw.severity ? (severities[raw.severity] ?? 99) : 0,
    status,
    verdict: null,
    created_at: instantOf(raw.created_at) ?? Number.NaN,
    escalated: null,
    rules: [{ name: title }],
    entities: [],
    attacks: [],
    tags: raw.tags ?? [],
    networks: [],
    log_sources: [],
    ...onlyKnown({
      url:
        settings.kibana_url === undefined
          ? undefined
          : `${placeOf({ ...settings, kibana_url: settings.kibana_url })}/app/security/cases/${encodeURIComponent(raw.id)}`,
      severity_raw: raw.severity,
      status_raw: raw.status,
      closed_at: status === 'closed' ? instantOf(raw.closed_at) : undefined,
      closed_by: status === 'closed' ? raw.closed_by?.username : undefined,
      assignee: raw.assignees?.[0]?.uid,
      event_count: raw.totalAlerts,
    }),
  };
}
