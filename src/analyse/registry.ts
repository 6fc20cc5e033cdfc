import { type Words, say } from '../words/index.ts';
import { adoptedTunings } from './chapters/adopted.ts';
import { tuning } from './chapters/tuning.ts';
import { scope } from './chapters/scope.ts';
import { restatement } from './chapters/restatement.ts';
import { ruleQuality } from './chapters/precision.ts';
import { change } from './chapters/change.ts';
import { drifts } from './chapters/drift.ts';
import { attack } from './chapters/attack.ts';
import { automation } from './chapters/automation.ts';
import { backlog } from './chapters/backlog.ts';
import { data } from './chapters/data.ts';
import { entities } from './chapters/entities.ts';
import { escalation } from './chapters/escalation.ts';
import { held } from './chapters/held.ts';
import { incidents } from './chapters/incidents.ts';
import { joined } from './chapters/joined.ts';
import { flows } from './chapters/flow.ts';
import { load } from './chapters/load.ts';
import { nights } from './chapters/nights.ts';
import { people } from './chapters/people.ts';
import { promises } from './chapters/promises.ts';
import { quality } from './chapters/quality.ts';
import { recurrence } from './chapters/recurrence.ts';
import { response } from './chapters/response.ts';
import { rules } from './chapters/rules.ts';
import { sources } from './chapters/sources.ts';
import { spent } from './chapters/spent.ts';
import { speed } from './chapters/speed.ts';
import { volume } from './chapters/volume.ts';
import type { ChapterId, Kpi } from './kpi.ts';

/** Every KPI, in the order in which a report prints them. A test compares this with the folder. */
export const registry: readonly Kpi[] = [
  ...change,
  ...drifts,
  ...incidents,
  ...volume,
  ...joined,
  ...scope,
  ...load,
  ...escalation,
  ...quality,
  ...response,
  ...speed,
  ...spent,
  ...promises,
  ...backlog,
  ...flows,
  ...held,
  ...people,
  ...automation,
  ...nights,
  ...rules,
  ...ruleQuality,
  ...tuning,
  ...adoptedTunings,
  ...attack,
  ...entities,
  ...recurrence,
  ...sources,
  ...data,
  ...restatement,
];

export const chapterTitles: ReadonlyMap<ChapterId, Words> = new Map([
  ['change', say('Changes and anomalies')],
  ['incidents', say('Incidents')],
  ['volume', say('Volume')],
  ['escalation', say('Escalation')],
  ['quality', say('Detection quality')],
  ['speed', say('Speed')],
  ['backlog', say('Backlog')],
  ['people', say('People')],
  ['rules', say('Rules')],
  ['attack', say('Attackers and targets')],
  ['sources', say('Log sources')],
  ['data', say('Data quality')],
]);
