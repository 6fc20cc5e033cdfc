import { techniqueLines } from './attack-table.ts';

/** What the names below were taken from; printed wherever they are. */
export const attackVersion = 'MITRE ATT&CK Enterprise: tactics 19, techniques 18.0 and the defense impairment techniques of 19';

/** The tactics in the order of the matrix. */
export const tactics: readonly { id: string; name: string }[] = [
  { id: 'TA0043', name: 'Reconnaissance' },
  { id: 'TA0042', name: 'Resource Development' },
  { id: 'TA0001', name: 'Initial Access' },
  { id: 'TA0002', name: 'Execution' },
  { id: 'TA0003', name: 'Persistence' },
  { id: 'TA0004', name: 'Privilege Escalation' },
  // Version 19 split Defense Evasion and left its id to the narrower half; products still send it in the old sense.
  { id: 'TA0005', name: 'Stealth (before 19: Defense Evasion)' },
  { id: 'TA0112', name: 'Defense Impairment' },
  { id: 'TA0006', name: 'Credential Access' },
  { id: 'TA0007', name: 'Discovery' },
  { id: 'TA0008', name: 'Lateral Movement' },
  { id: 'TA0009', name: 'Collection' },
  { id: 'TA0011', name: 'Command and Control' },
  { id: 'TA0010', name: 'Exfiltration' },
  { id: 'TA0040', name: 'Impact' },
];

/** New in version 19; products map to these since. */
const newer = [
  'T1685 Disable or Modify Tools',
  'T1686 Disable or Modify System Firewall',
  'T1687 Exploitation for Defense Impairment',
  'T1688 Safe Mode Boot',
  'T1689 Downgrade Attack',
  'T1690 Prevent Command History Logging',
];

const techniqueNames = new Map([...techniqueLines.trim().split('\n'), ...newer].map((line) => [line.slice(0, 5), line.slice(6)] as const));
const tacticPlaces = new Map(tactics.map(({ id }, place) => [id, place]));

/** The tactic's name, or that its id is not known: an id is never guessed and never dropped. */
export function tacticName(id: string): string {
  return tactics[tacticPlaces.get(id) ?? -1]?.name ?? `unknown tactic ${id}`;
}

/** For sorting: the place in the matrix, unknown ids after all others. */
export function tacticPlace(id: string): number {
  return tacticPlaces.get(id) ?? tactics.length;
}

/** The technique's name ("T1059"), of a sub-technique that of its technique ("T1059.001"), or that its id is not known. */
export function techniqueName(id: string): string {
  return techniqueNames.get(techniqueOf(id)) ?? `unknown technique ${id}`;
}

/** Whether the id is in the table: the unknown share is reported beside every ATT&CK figure. */
export function isKnownTechnique(id: string): boolean {
  return techniqueNames.has(techniqueOf(id));
}

function techniqueOf(id: string): string {
  return /^(T\d{4})(\.\d{3})?$/.exec(id)?.[1] ?? id;
}
