import { parseJson } from '../../src/http-json.ts';
import suricata from '../../src/vendors/suricata.ts';
import { exactNumber, odd } from './engine.ts';
import { neverAsked, notAsked, startFiles } from './files.ts';
import type { Item, World } from './world.ts';

const written = (at: number) => new Date(at).toISOString().replace('Z', '912+0000');

function lineOf(item: Item): string {
  const { timestamp, ...event } = {
    timestamp: written(item.created),
    flow_id: exactNumber(item.id),
    in_iface: 'eth0',
    event_type: 'alert',
    src_ip: '192.0.2.1',
    src_port: 44244,
    dest_ip: '198.51.100.4',
    dest_port: 2375,
    proto: 'TCP',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 2221014,
      rev: 1,
      signature: item.title,
      category: 'Misc',
      severity: 5 - item.severity,
    },
  };
  const keep = ['flow_id', 'event_type', 'src_ip', 'src_port', 'dest_ip', 'dest_port', 'alert/gid', 'alert/signature_id', 'alert/rev'];
  const record = odd(event, item, { id: [], unknown: { 'alert/severity': 999 }, keep });
  return JSON.stringify(item.quirk === 'missing id' ? record : { timestamp, ...record });
}

const stats = JSON.stringify({ timestamp: written(Date.UTC(2026, 9, 1)), event_type: 'stats', stats: { uptime: 8 } });

export default {
  ...neverAsked,
  vendor: 'suricata',
  inapplicable: { ...notAsked, 'changed during paging': 'a line that is written does not change' },
  native(item) {
    const { quirk: _, ...plain } = item;
    const parsed = parseJson(lineOf(plain));
    const settings = suricata.settings.parse({ path: 'eve.json' });
    return suricata.normalise(suricata.raw.parse(parsed.ok ? parsed.json : null), { settings, lookups: {}, collected_at: 0 }).native_id;
  },
  start: (items, options) =>
    startFiles(items, options, {
      name: 'eve.json',
      head: `${stats}\n`,
      line: lineOf,
      settings: (folder, { page_size = 1000 }) => ({ path: `${folder}/eve.json*`, page_size }),
    }),
} satisfies World;
