import { FilterError } from './qradar-filter.ts';
import { type Asked, type Fault, type Loopback, type Reply, startLoopback } from './server.ts';
import { openTable, SortError, type Table, type TableRecord } from './qradar-table.ts';

export interface QradarOptions {
  offenses: readonly TableRecord[];
  closingReasons?: readonly TableRecord[];
  offenseTypes?: readonly TableRecord[];
  rules?: readonly TableRecord[];
  /** { id, source_ip } and { id, local_destination_ip } */
  sourceAddresses?: readonly TableRecord[];
  localAddresses?: readonly TableRecord[];
  token?: string;
  versions?: readonly { id: number; version: string; deprecated: boolean; removed: boolean }[];
  /** Offense fields that this console does not have yet: filtering or sorting by them is refused. */
  without?: readonly string[];
  faults?: readonly Fault[];
  /** Where it listens, if that is free. */
  port?: number;
  /** Called before each answer, e.g. to change what the console knows while it is being read. */
  before?: (asked: Asked, qradar: Pick<Table, 'put' | 'remove' | 'replace'>) => void;
}

export interface Qradar extends Loopback {
  /** The console's API, as `base_url` wants it. */
  url: string;
  token: string;
  /** What the console knows now; may be changed while it runs. */
  offenses: Table;
}

const offenseFields = (
  'id description assigned_to categories category_count policy_category_count security_category_count close_time closing_user ' +
  'closing_reason_id credibility relevance severity magnitude destination_networks source_network device_count event_count flow_count ' +
  'username_count source_count local_destination_count remote_destination_count inactive protected follow_up offense_source offense_type ' +
  'start_time last_updated_time first_persisted_time last_persisted_time status source_address_ids local_destination_address_ids ' +
  'domain_id rules log_sources'
).split(' ');

/** The stock offense types; a console has more. */
const stockTypes = ['Source IP', 'Destination IP', 'Event Name', 'Username', 'Source MAC', 'Destination MAC', 'Log Source', 'Hostname'];

const stockReasons: readonly TableRecord[] = ['Non-Issue', 'False-Positive, Tuned', 'Policy Violation'].map((text, index) => ({
  id: index + 1,
  text,
  is_deleted: false,
  is_reserved: false,
}));

const supported = ['18.0', '19.0', '20.0'].map((version, index) => ({ id: index + 18, version, deprecated: false, removed: false }));

/** A QRadar console for this machine only, that behaves as IBM's documentation says; it knows what it is given. */
export async function startQradar(options: QradarOptions): Promise<Qradar> {
  const { answer, ...console } = openQradar(options);
  const loopback = await startLoopback(answer, options.faults, options.port);
  return { ...loopback, url: `${loopback.url}/api`, ...console };
}

/** The same without a server: what it answers. */
export function openQradar(options: QradarOptions): Pick<Qradar, 'token' | 'offenses'> & { answer(asked: Asked): Reply } {
  const token = options.token ?? 'loopback-token';
  const versions = options.versions ?? supported;
  const offenses = openTable(options.offenses, (name) => offenseFields.includes(name) && options.without?.includes(name) !== true);
  const lists = listsOf(options, offenses);
  const answer = (asked: Asked): Reply => {
    options.before?.(asked, offenses);
    if (asked.headers.sec !== token) return failure(401, 18, 'The SEC token is missing, unknown or expired');
    if (asked.method !== 'GET') return failure(405, 1, `${asked.method} is not supported here`);
    if (asked.path === '/api/help/versions') return json(versions);
    const wanted = Number(asked.headers.version ?? versions.at(-1)?.version);
    const version = versions.find((each) => Number(each.version) === wanted && !each.removed);
    // IBM's pages do not say how an unknown version is answered; any refusal will do.
    if (version === undefined) return failure(422, 1005, `API version ${asked.headers.version} is not available`);
    const reply = route(asked, lists);
    return version.deprecated ? { ...reply, headers: { ...reply.headers, Deprecated: version.version } } : reply;
  };
  return { answer, token, offenses };
}

function listsOf(options: QradarOptions, offenses: Table): Map<string, Table> {
  const table = (records: readonly TableRecord[]) => openTable(records, () => true);
  return new Map([
    ['/api/siem/offenses', offenses],
    ['/api/siem/offense_closing_reasons', table(options.closingReasons ?? stockReasons)],
    ['/api/siem/offense_types', table(options.offenseTypes ?? stockTypes.map((name, id) => ({ id, name })))],
    ['/api/siem/source_addresses', table(options.sourceAddresses ?? [])],
    ['/api/siem/local_destination_addresses', table(options.localAddresses ?? [])],
    ['/api/analytics/rules', table(options.rules ?? [])],
  ]);
}

function route(asked: Asked, lists: ReadonlyMap<string, Table>): Reply {
  const list = lists.get(asked.path);
  if (list !== undefined) return listReply(asked, list);
  const [, path = '', id = ''] = /^(.*)\/(\d+)$/.exec(asked.path) ?? [];
  const record = lists.get(path)?.get(id);
  if (record === undefined) return failure(404, 1002, `${asked.path} does not exist`);
  return json(narrow([record], asked.query.get('fields'))[0]);
}

function listReply(asked: Asked, list: Table): Reply {
  const range = asked.headers.range === undefined ? undefined : /^items=\s*(\d+)-(\d+)$/.exec(asked.headers.range);
  if (range === null) return failure(416, 1, `${asked.headers.range} is no range`);
  const [from, to] = range === undefined ? [0, Number.POSITIVE_INFINITY] : [Number(range[1]), Number(range[2])];
  try {
    const { total, records } = list.select({ filter: asked.query.get('filter'), sort: asked.query.get('sort'), from, to });
    const shown = asked.path.endsWith('closing_reasons') ? records.filter((each) => isShown(each, asked.query)) : records;
    const span = shown.length === 0 ? '*' : `${from}-${from + shown.length - 1}`;
    return json(narrow(shown, asked.query.get('fields')), range === undefined ? {} : { 'Content-Range': `items ${span}/${total}` });
  } catch (error) {
    if (error instanceof FilterError) return failure(422, 1010, `The filter is not valid: ${error.message}`);
    if (error instanceof SortError) return failure(422, 1030, `The sort is not valid: ${error.message}`);
    throw error;
  }
}

/** Deleted and reserved closing reasons are left out unless asked for. */
function isShown(reason: TableRecord, query: URLSearchParams): boolean {
  const deleted = reason.is_deleted === true && query.get('include_deleted') !== 'true';
  const reserved = reason.is_reserved === true && query.get('include_reserved') !== 'true';
  return !deleted && !reserved;
}

/** "id,rules(id,type)" keeps these fields only; a field that a record does not have stays absent. */
function narrow(records: readonly TableRecord[], fields: string | null): readonly unknown[] {
  if (fields === null) return records;
  const wanted = [...fields.matchAll(/(\w+)(?:\(([^)]*)\))?/g)].map(([, name = '', inner]) => ({ name, inner: inner?.split(',') }));
  return records.map((record) => {
    const kept: Record<string, unknown> = {};
    for (const { name, inner } of wanted) {
      const value = record[name];
      if (value === undefined) continue;
      kept[name] = inner !== undefined && Array.isArray(value) ? value.map((item) => pick(item, inner)) : value;
    }
    return kept;
  });
}

function pick(item: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in item).map((name) => [name, item[name]]));
}

function json(value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, headers, body: exactJson(value) };
}

/** JSON.stringify knows no bigint; on the wire it is a number like any other. */
function exactJson(value: unknown): string {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const big = items.some((item) => typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'bigint');
  if (!big) return JSON.stringify(value);
  return JSON.stringify(value, (_name, item) => (typeof item === 'bigint' ? JSON.rawJSON(String(item)) : item));
}

const meanings: Readonly<Record<number, string>> = {
  401: 'You are unauthorized to access the requested resource. Please log in.',
  403: 'Your account is not authorized to access the requested resource.',
  404: 'We could not find the resource you requested.',
  409: 'The request could not be completed due to a conflict with the current state of the resource.',
  422: 'The request was well-formed but was unable to be followed due to semantic errors.',
};

/** An error as QRadar words it; also for scripted faults. */
export function failure(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  const body = { message, details: {}, description: message, code, http_response: { message: meanings[status] ?? message, code: status } };
  return { status, headers, body: JSON.stringify(body) };
}
