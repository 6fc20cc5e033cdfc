import { once } from '../once.ts';
import { techniqueLines } from './attack-table.ts';

/** What the names below were taken from; printed wherever they are. */
export const attackVersion = 'MITRE ATT&CK Enterprise 19.1';

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

/**
 * Withdrawn by version 19 in favour of others, and still sent by products whose rules are older. They keep their own name
 * and are counted under their own id: which of the new ones a product means is not ours to guess.
 */
const withdrawn = `
T1562 Impair Defenses|001 Disable or Modify Tools|002 Disable Windows Event Logging|003 Impair Command History Logging
T1562|004 Disable or Modify System Firewall|006 Indicator Blocking|007 Disable or Modify Cloud Firewall|008 Disable or Modify Cloud Logs
T1562|009 Safe Mode Boot|010 Downgrade Attack|011 Spoof Security Alerting|012 Disable or Modify Linux Audit System
T1562|013 Disable or Modify Network Device Firewall
T1070|001 Clear Windows Event Logs|002 Clear Linux or Mac System Logs
T1574|002 DLL Side-Loading
T1656 Impersonation
T1672 Email Spoofing
`;

const names = once(() => new Map([...namesIn(withdrawn, ' (withdrawn)'), ...namesIn(techniqueLines, '')]));
const tacticPlaces = new Map(tactics.map(({ id }, place) => [id, place]));

/** Every id of some lines with its name; a line may go on with the sub-techniques of one before. */
function namesIn(lines: string, mark: string): [id: string, name: string][] {
  return lines
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [technique = '', ...subs] = line.split('|');
      const id = technique.slice(0, 5);
      const own: [string, string][] = technique.length === 5 ? [] : [[id, technique.slice(6) + mark]];
      return [...own, ...subs.map((sub): [string, string] => [`${id}.${sub.slice(0, 3)}`, sub.slice(4) + mark])];
    });
}

/** The tactic's name, or that its id is not known: an id is never guessed and never dropped. */
export function tacticName(id: string): string {
  return tactics[tacticPlaces.get(id) ?? -1]?.name ?? `unknown tactic ${id}`;
}

/** For sorting: the place in the matrix, unknown ids after all others. */
export function tacticPlace(id: string): number {
  return tacticPlaces.get(id) ?? tactics.length;
}

/** The name of a technique ("T1059") or of a sub-technique ("T1059.001"), or that its id is not known. */
export function techniqueName(id: string): string {
  return names().get(id) ?? `unknown technique ${id}`;
}

/** Whether the id has a name here: those that have none are listed beside every ATT&CK figure. */
export function isKnownTechnique(id: string): boolean {
  return names().has(id);
}
