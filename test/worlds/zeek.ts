import zeek from '../../src/vendors/zeek/index.ts';
import { neverAsked, notAsked, startFiles } from './files.ts';
import type { Item, World } from './world.ts';

const fields = ['ts', 'uid', 'id.orig_h', 'id.resp_h', 'note', 'msg', 'sub', 'src', 'dst', 'p', 'n', 'actions'];
const types = ['time', 'string', 'addr', 'addr', 'enum', 'string', 'string', 'addr', 'addr', 'port', 'count', 'set[enum]'];
const head = (path: string, names: readonly string[], kinds: readonly string[]) =>
  [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    `#fields\t${names.join('\t')}`,
    `#types\t${kinds.join('\t')}\n`,
  ].join('\n');
const seconds = (at: number) => `${Math.floor(at / 1000)}.${String(at % 1000).padStart(3, '0')}999`;
/** As the ASCII writer does: what would end a field or a line, and the backslash itself. */
const escaped = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that have to be escaped.
  text.replaceAll('\\', '\\\\').replace(/[\u0000-\u001f]/g, (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`);

function lineOf(item: Item): string {
  const isEmpty = item.quirk === 'null fields' || item.quirk === 'absent fields';
  const ts = item.quirk === 'missing id' ? '-' : seconds(item.created);
  // What a finding is told apart by stays in any case: what no notice has is "-", also in a summary.
  const told = [ts, `C${item.id}`, isEmpty ? '-' : '192.0.2.1', isEmpty ? '-' : '198.51.100.4', 'SSL::Invalid_Server_Cert'];
  return [...told, escaped(item.title), '-', '-', '-', '-', '-', isEmpty ? '-' : 'Notice::ACTION_LOG'].join('\t');
}

function native(item: Item): string {
  const record = { ts: item.created, uid: `C${item.id}`, note: 'SSL::Invalid_Server_Cert', msg: item.title };
  const settings = zeek.settings.parse({ path: 'notice.log' });
  return zeek.normalise(zeek.raw.parse(record), { settings, lookups: {}, collected_at: 0 }).native_id;
}

export default {
  ...neverAsked,
  vendor: 'zeek',
  inapplicable: {
    ...notAsked,
    'changed during paging': 'a line that is written does not change',
    'unknown enum': 'Zeek sends no word that is given a meaning but by the settings',
  },
  native,
  start: (items, options) =>
    startFiles(items, options, {
      name: 'notice.log',
      // The log of a sensor's own health: by it a month without notices is known to be one.
      beside: { 'stats.log': `${head('stats', ['ts', 'peer'], ['time', 'string'])}${seconds(Date.UTC(2026, 9, 1))}\tzeek\n` },
      head: head('notice', fields, types),
      line: lineOf,
      settings: (folder, { page_size = 1000 }) => ({ path: `${folder}/*.log*`, page_size }),
    }),
} satisfies World;
