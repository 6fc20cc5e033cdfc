import assert from 'node:assert/strict';
import type { Analysis } from '../../src/analyse/analysis.ts';
import type { Cell } from '../../src/analyse/kpi.ts';
import type { Client } from '../../src/config/index.ts';
import { hasValue } from '../../src/outcome.ts';
import { parsePeriod } from '../../src/period.ts';
import { analysisOf, batch, client, finding, monthly, type Sketch, viewOf } from './view.ts';

export const noon = Temporal.Instant.from('2026-10-05T10:00:00Z').epochMilliseconds;
export const berlin = 'Europe/Berlin';
export const hour = 3_600_000;

/** A SIEM, an EDR and an NDR beside a case tool that keeps alerts of its own, too. */
export function soc(): Client {
  const vendors = {
    siem: { id: 'qradar', name: 'IBM QRadar', delivers: ['alert'] },
    edr: { id: 'defender', name: 'Microsoft Defender XDR', delivers: ['alert', 'case'] },
    ndr: { id: 'vectra', name: 'Vectra AI', delivers: ['alert', 'case'] },
    desk: { id: 'thehive', name: 'TheHive 5', delivers: ['alert', 'case'] },
  };
  return {
    ...client(berlin),
    sources: new Map(
      Object.entries(vendors).map(([id, vendor]) => [
        id,
        { id, required: true, vendor: { ...vendor, capability: { reopened: {} } } } as never,
      ]),
    ), // no more is read of a source
    records: { cases: ['desk'], alerts: ['siem', 'edr', 'ndr'] },
  };
}

export const alert = (source: string, native_id: string, rest: Sketch = {}) =>
  finding({ kind: 'alert', product: source.toUpperCase(), created_at: noon, ...rest, source, native_id });
export const incident = (native_id: string, rest: Sketch = {}) =>
  finding({ kind: 'case', product: 'TheHive', created_at: noon + hour, ...rest, source: 'desk', native_id });
/** How the case tool keeps what it was fed: an alert that names its product and id, and the case it went into. */
export const fed = (native_id: string, product: string, id: string, parent?: string) =>
  alert('desk', native_id, { product: 'TheHive', children: [{ product, id }], ...(parent === undefined ? {} : { parent }) });

export const october = parsePeriod('2026-10', berlin);

/** Every source collected, so that nothing is marked. */
export function joinedAnalysis(findings: ReturnType<typeof finding>[]): Analysis {
  const batches = [...soc().sources.keys()].map((source) => batch({ start: 0, end: october.end }, { source }));
  const view = viewOf(findings, batches, october.end + hour);
  return analysisOf(findings, '2026-10', berlin, { view, client: soc(), report: { ...monthly, reader: 'engineer' } });
}

export function figure(analysis: Analysis, id: string): number {
  const entry = analysis.kpis[id];
  assert.ok(entry && hasValue(entry), `${id} is ${entry?.status}`);
  return entry.value;
}

export function bars(analysis: Analysis, id: string): Record<string, number> {
  const { labels = [], groups = [] } = analysis.series[id] ?? {};
  return Object.fromEntries(labels.map((label, i) => [label, figureIn(groups[0]?.cells[i])]));
}

function figureIn(cell: Cell | undefined): number {
  assert.ok(cell !== undefined && 'value' in cell);
  return cell.value;
}
