import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Entity, Finding, Severity } from '../../finding.ts';
import { attacksOf } from '../../products/index.ts';
import { checkLogs, logPages, logSettings, severityNamed, unhandled } from '../../records/index.ts';
import { defineVendor, onlyKnown } from '../vendor.ts';
import { zeekReader } from './lines.ts';

// [zeek]: scripts/base/frameworks/notice/main.zeek in github.com/zeek/zeek, the vendor's own

const settings = logSettings.extend({
  /** What a type of notice means to this client, e.g. "SSL::Invalid_Server_Cert": low. Zeek itself weighs nothing. */
  severities: z.record(z.string(), severityNamed).default({}),
});
type Settings = z.infer<typeof settings>;

const text = z.string().nullish();
const count = z.number().nullish();

/** Only the fields used; `ts` is in milliseconds by then. */
const notice = z.object({
  ts: z.number(),
  note: z.string().min(1),
  msg: text,
  sub: text,
  uid: text,
  'id.orig_h': text,
  'id.resp_h': text,
  id_orig_h: text,
  id_resp_h: text,
  src: text,
  dst: text,
  p: count,
  n: count,
  peer_descr: text,
  _system_name: text,
  '@system': text,
  actions: z.array(z.string()).nullish(),
});
type Notice = z.infer<typeof notice>;

const handling = 'Zeek writes what it noticed and knows nothing of its handling';

export default defineVendor<Settings, Notice>({
  id: 'zeek',
  name: 'Zeek and Corelight (notice.log)',
  family: 'ndr',
  delivers: ['alert'],
  permissions: ['read access to the notice logs, TSV or JSON, their rotated files and their folders'],
  settings,
  capability: {
    networks: { answer: 'no' },
    first_activity_at: { answer: 'field', note: 'when it was noticed' },
    ...unhandled(handling),
    severity: { answer: 'field', note: 'only of the types of notice that the setting severities weighs' },
    rules: {
      answer: 'field',
      note: 'the type of notice; repeats within suppress_for (an hour) are not written, so counts are lower bounds',
    },
    entities: { answer: 'field', note: 'summary notices name no host or only the source' },
    attacks: { answer: 'field', note: 'of packages that write ATT&CK ids into the notice' },
    log_sources: { answer: 'field', note: 'the sensor, where it is named' },
  },
  check: ({ settings, effects, base_dir }) => checkLogs(settings, base_dir, zeekReader(), effects),
  pages: ({ settings, window, effects, base_dir }) => logPages(settings, base_dir, window, zeekReader(), effects),
  raw: notice,
  normalise: (raw, { settings }) => findingOf(raw, settings.severities),
});

/** Nothing in a notice is an id: summaries share theirs with none, and one connection may have many. */
function idOf({ ts, uid, note, src, dst, p, n, msg, sub }: Notice): string {
  return hash('sha1', JSON.stringify([ts, uid, note, src, dst, p, n, msg, sub].map((each) => each ?? null)));
}

function findingOf(raw: Notice, severities: Readonly<Record<string, Severity>>): Finding {
  const sensor = raw._system_name || raw['@system'] || raw.peer_descr;
  return {
    native_id: idOf(raw),
    kind: 'alert',
    product: 'Zeek',
    title: raw.msg || raw.note,
    severity: Object.hasOwn(severities, raw.note) ? (severities[raw.note] ?? 0) : 0,
    status: 'unknown',
    verdict: null,
    created_at: raw.ts,
    first_activity_at: raw.ts,
    escalated: null,
    rules: [{ name: raw.note }],
    entities: entitiesOf(raw),
    attacks: attacksOf([raw.note, raw.msg, raw.sub].filter((each) => /\bTA?\d{4}\b/.test(each ?? ''))),
    tags: (raw.actions ?? []).map((action) => action.replace('Notice::ACTION_', '').toLowerCase()),
    networks: [],
    log_sources: sensor ? [sensor] : [],
    ...onlyKnown({ event_count: raw.n }),
  };
}

function entitiesOf(raw: Notice): Entity[] {
  const [actor, target] = [raw.src || raw['id.orig_h'] || raw.id_orig_h, raw.dst || raw['id.resp_h'] || raw.id_resp_h];
  return [
    ...(actor ? [{ type: 'ip', value: actor, role: 'actor' } as const] : []),
    ...(target ? [{ type: 'ip', value: target, role: 'target' } as const] : []),
  ];
}
