import { z } from 'zod';
import type { Finding, Ms, Severity, Status } from '../../finding.ts';
import type { Http } from '../../http.ts';
import { instantOf, isoOf, passes, prefixed, readAnswer, words } from '../../products/index.ts';
import { type CollectWindow, onlyKnown } from '../vendor.ts';

// [find]: https://www.elastic.co/docs/api/doc/kibana/operation/operation-findcasesdefaultspace

const text = z.string().nullish();

/** Only the fields used. */
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

const listed = z.object({ total: z.number(), cases: z.array(z.unknown()) });
/** perPage is at most 100 [find]. */
const size = 100;

/**
 * Cases of Security that are asked for. They can be filtered by creation only and know no cursor [find]: for changes all are
 * read, and each reading is done until two agree.
 */
export async function* casesIn(http: Http, settings: Kibana & { kibana_url: string }, { mode, from, to }: CollectWindow) {
  const within = mode === 'created' ? { from: isoOf(from), to: isoOf(to) } : {};
  const fetch = async (offset: number) => {
    const answer = await http.request({
      path: `${placeOf(settings)}/api/cases/_find`,
      headers: { Authorization: prefixed('ApiKey ', settings.api_key) },
      query: {
        owner: 'securitySolution',
        page: Math.floor(offset / size) + 1,
        perPage: size,
        sortField: 'createdAt',
        sortOrder: 'asc',
        ...within,
      },
    });
    const { cases, total } = readAnswer(answer, listed, 'GET api/cases/_find');
    return { records: cases, total };
  };
  for await (const { records, incomplete } of passes({ size, fetch, idOf: (each) => kibanaCase.safeParse(each).data?.id })) {
    const asked = records.filter((each) => mode === 'created' || !(changedOf(each) < from));
    if (asked.length > 0 || incomplete !== undefined)
      yield { records: asked.map((each) => ({ case: each })), ...onlyKnown({ incomplete }) };
  }
}

function placeOf({ kibana_url, space }: Kibana & { kibana_url: string }): string {
  return `${kibana_url.replace(/\/$/, '')}${space === 'default' ? '' : `/s/${space}`}`;
}

/** NaN where it cannot be told: such a record goes on to be looked at. */
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
