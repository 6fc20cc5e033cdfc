import { odd } from './engine.ts';
import { neverAsked, notAsked, startFiles } from './files.ts';
import type { Item, World } from './world.ts';

const severities = ['', 'info', 'low', 'medium', 'high', 'critical'];

function lineOf(item: Item): string {
  const row = {
    id: item.id,
    title: item.title,
    opened: new Date(item.created).toISOString(),
    updated: new Date(item.changed).toISOString(),
    severity: severities[item.severity],
    state: item.status,
  };
  return JSON.stringify(odd(row, item, { id: ['id'], unknown: { state: 'parked' }, keep: ['id', 'title', 'opened', 'updated'] }));
}

export default {
  ...neverAsked,
  vendor: 'file',
  inapplicable: {
    ...notAsked,
    'changed during paging': 'an export is written once; what it is written over with is the next collection',
    'deleted during paging': 'an export is written once',
    drift: 'an export is written once',
  },
  start: (items, options) =>
    startFiles(items, options, {
      name: 'export.jsonl',
      line: lineOf,
      settings: (folder) => ({
        path: `${folder}/export.jsonl`,
        columns: { id: 'id', title: 'title', created_at: 'opened', updated_at: 'updated', severity: 'severity', status: 'state' },
        time: { format: 'iso' },
        values: {
          severity: { info: 1, low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
          status: { open: 'new', closed: 'closed' },
        },
      }),
    }),
} satisfies World;
