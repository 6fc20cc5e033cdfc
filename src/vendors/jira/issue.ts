import { z } from 'zod';
import type { Finding, Severity, Status, Verdict } from '../../finding.ts';
import { instantOf, words } from '../../products/index.ts';
import { onlyKnown } from '../vendor.ts';
import { history, lifeIn } from './history.ts';

export const text = z.string().nullish();

const named = z.object({ name: text }).nullish();

/** Only the fields used. */
export const issue = z.object({
  id: z.string().min(1),
  key: text,
  fields: z.object({
    created: z.string(),
    summary: text,
    status: z.object({ name: text, statusCategory: z.object({ key: text }).nullish() }).nullish(),
    statuscategorychangedate: text,
    resolution: named,
    resolutiondate: text,
    priority: named,
    assignee: z.object({ displayName: text, accountId: text }).nullish(), // Mail addresses are hidden by default.
    labels: z.array(z.string()).nullish(),
    issuetype: named,
  }),
  history: history.optional(),
});

export const fields = [...Object.keys(issue.shape.fields.shape), 'updated'].join(','); // Without a list only the id comes [openapi].

const severities = words<Severity>({ highest: 5, high: 4, medium: 3, low: 2, lowest: 1 });

/** Names are a site's own, categories are fixed. */
const states = words<Status>({ new: 'new', indeterminate: 'in_progress', done: 'closed' });

/** Only what a resolution says by itself; the rest is the client's to map. */
const verdicts = words<Verdict>({ 'true positive': 'true_positive', 'false positive': 'false_positive', duplicate: 'duplicate' });

export function findingOf(
  { id, key, fields: raw, history: changes }: z.infer<typeof issue>,
  baseUrl: string,
  categories: ReadonlyMap<string, string>,
): Finding {
  const status = states[raw.status?.statusCategory?.key ?? ''] ?? 'unknown';
  const severity_raw = raw.priority?.name;
  const verdict_raw = raw.resolution?.name;
  const { verdict_at, ...life } = lifeIn(changes, categories, status === 'closed');
  const closed = instantOf(raw.resolutiondate) ?? instantOf(raw.statuscategorychangedate);
  return {
    native_id: id,
    kind: 'case',
    product: 'Jira',
    title: raw.summary || '(no summary)',
    severity: severity_raw ? (severities[severity_raw.toLowerCase()] ?? 99) : 0,
    status,
    verdict: verdicts[verdict_raw?.toLowerCase() ?? ''] ?? null,
    created_at: instantOf(raw.created) ?? Number.NaN,
    escalated: null,
    rules: [],
    entities: [],
    attacks: [],
    tags: [key, raw.issuetype?.name, ...(raw.labels ?? [])].filter((tag) => typeof tag === 'string'),
    networks: [],
    log_sources: [],
    ...onlyKnown({
      url: key ? `${baseUrl.replace(/\/$/, '')}/browse/${encodeURIComponent(key)}` : undefined,
      severity_raw,
      status_raw: raw.status?.name || raw.status?.statusCategory?.key,
      verdict_raw,
      assignee: raw.assignee?.displayName || raw.assignee?.accountId,
      closed_at: status === 'closed' ? closed : undefined,
      ...(verdict_raw ? { verdict_at } : {}),
      ...life,
    }),
  };
}
