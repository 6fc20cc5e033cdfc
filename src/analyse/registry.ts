import { backlog } from './chapters/backlog.ts';
import { data } from './chapters/data.ts';
import { entities } from './chapters/entities.ts';
import { escalation } from './chapters/escalation.ts';
import { flows } from './chapters/flow.ts';
import { load } from './chapters/load.ts';
import { nights } from './chapters/nights.ts';
import { people } from './chapters/people.ts';
import { promises } from './chapters/promises.ts';
import { quality } from './chapters/quality.ts';
import { response } from './chapters/response.ts';
import { rules } from './chapters/rules.ts';
import { sources } from './chapters/sources.ts';
import { speed } from './chapters/speed.ts';
import { volume } from './chapters/volume.ts';
import type { ChapterId, Kpi } from './kpi.ts';

/** Every KPI, in the order in which a report prints them. A test compares this with the folder. */
export const registry: readonly Kpi[] = [
  ...volume,
  ...load,
  ...escalation,
  ...quality,
  ...response,
  ...speed,
  ...promises,
  ...backlog,
  ...flows,
  ...people,
  ...nights,
  ...rules,
  ...entities,
  ...sources,
  ...data,
];

export const chapterTitles: ReadonlyMap<ChapterId, string> = new Map([
  ['volume', 'Volume'],
  ['escalation', 'Escalation'],
  ['quality', 'Detection quality'],
  ['speed', 'Speed'],
  ['backlog', 'Backlog'],
  ['people', 'People'],
  ['rules', 'Rules'],
  ['attack', 'Attackers and targets'],
  ['sources', 'Log sources'],
  ['data', 'Data quality'],
]);
