import { z } from 'zod';
import { type Http, type HttpRequest, SourceError } from '../../http.ts';
import { clockOf, fieldOf, instantOf, isoOf, readAnswer, rising } from '../../products/index.ts';
import type { CollectWindow } from '../vendor.ts';

export const objects = {
  alerts: { path: 'security/alerts_v2', key: 'alert', most: 1000, permission: 'SecurityAlert.Read.All' },
  incidents: { path: 'security/incidents', key: 'incident', most: 50, permission: 'SecurityIncident.Read.All' },
} as const;

type Kind = (typeof objects)[keyof typeof objects];

const idIn = fieldOf('id', z.string());

const createdIn = fieldOf('createdDateTime', z.string());

const answered = z.object({ '@odata.context': z.string().nullish(), value: z.array(z.unknown()), '@odata.count': z.number().nullish() });

export async function list(http: Http, kind: Kind, query: NonNullable<HttpRequest['query']>) {
  try {
    const answer = await http.request({ path: kind.path, query });
    const { '@odata.context': context, value, '@odata.count': total } = readAnswer(answer, answered, `GET /${kind.path}`);
    // Every answer names the list it is of; another's, as from a cache on the way, would pass for this one's.
    if (typeof context === 'string' && !context.includes(kind.path))
      throw new SourceError('unexpected', `GET /${kind.path} answered ${context}`);
    return { records: value, total: total ?? undefined, clock: clockOf(answer) };
  } catch (cause) {
    if (!(cause instanceof SourceError) || cause.kind !== 'forbidden') throw cause;
    const hint = `The app needs the application permission ${kind.permission} with admin consent, and the tenant a Defender licence.`;
    throw new SourceError('forbidden', `${cause.message} ${hint}`, { cause, status: 403 });
  }
}

/**
 * Pages of $skip stalled and shifted under load, and the skip is capped; so each page begins at the last one's date of creation, which
 * a change does not move ([elastic] pull request 20348 does the same by date of change).
 */
export async function* read(http: Http, kind: Kind, { mode, from, to }: CollectWindow, size: number) {
  const bound = mode === 'created' ? `createdDateTime lt ${isoOf(to)}` : `lastUpdateDateTime ge ${isoOf(from)}`;
  let clock: number | undefined;
  const risen = rising({
    from: mode === 'created' ? from : 0,
    size,
    async fetch(at, skip) {
      const found = await list(http, kind, {
        $filter: `createdDateTime ge ${isoOf(at)} and ${bound}`,
        $orderby: 'createdDateTime asc',
        $top: size,
        $skip: skip === 0 ? undefined : skip,
        $count: mode === 'created' ? true : undefined,
      });
      clock ??= found.clock;
      assertSorted(found.records, kind);
      return found;
    },
    stampOf,
    idOf: idIn,
  });
  for await (const page of risen) yield { ...page, clock };
}

function stampOf(record: unknown): number | undefined {
  return instantOf(createdIn(record));
}

/** $orderby works, but is not documented for these lists: should it be dropped one day, alerts must not be lost silently. */
function assertSorted(records: readonly unknown[], { path }: Kind): void {
  const stamps = records.flatMap((each) => stampOf(each) ?? []);
  if (stamps.some((stamp, index) => stamp < (stamps[index - 1] ?? stamp)))
    throw new SourceError('unexpected', `GET /${path} does not keep to $orderby=createdDateTime asc: its pages cannot be told apart.`);
}
