import { z } from 'zod';
import type { Ms } from '../../finding.ts';
import type { Http } from '../../http.ts';
import { clockOf, following, readAnswer } from '../../products/index.ts';
import { stampOf } from './records.ts';
import type { Settings } from './settings.ts';

export const placeOf = ({ project, location, instance }: Settings) => `projects/${project}/locations/${location}/instances/${instance}`;

const listed = z.object({ cases: z.array(z.unknown()).optional(), nextPageToken: z.string().nullish() });

export async function casesAt(api: Http, settings: Settings, field: Stamp, pageToken: string | undefined, pageSize = settings.page_size) {
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
export async function* casesSince(
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

export function stampsOf(records: readonly unknown[], field: Stamp): Ms[] {
  return records.flatMap((each) => stampOf(Object.values(stamped[field].safeParse(each).data ?? {})[0]) ?? []);
}
