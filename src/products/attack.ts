import type { Attack } from '../finding.ts';
import { words } from './words.ts';

/** MITRE ATT&CK Enterprise tactics by name, letters only (attack.mitre.org/tactics/enterprise). */
const tactics = words<string>({
  reconnaissance: 'TA0043',
  resourcedevelopment: 'TA0042',
  initialaccess: 'TA0001',
  execution: 'TA0002',
  persistence: 'TA0003',
  privilegeescalation: 'TA0004',
  defenseevasion: 'TA0005',
  credentialaccess: 'TA0006',
  discovery: 'TA0007',
  lateralmovement: 'TA0008',
  collection: 'TA0009',
  exfiltration: 'TA0010',
  commandandcontrol: 'TA0011',
  impact: 'TA0040',
});

/**
 * ATT&CK ids out of what a product gives: "TA0001", "T1059", "T1059.001", a text that holds one, or a tactic's name
 * ("LateralMovement", "lateral-movement"). What is none of these is left out; nothing comes twice.
 */
export function attacksOf(texts: Iterable<string | null | undefined>): Attack[] {
  const found = new Map<string, Attack>();
  for (const text of texts) for (const id of idsIn(text ?? '')) found.set(id, attackOf(id));
  return [...found.values()];
}

function idsIn(text: string): string[] {
  const ids = text.toUpperCase().match(/\bTA\d{4}\b|\bT\d{4}(?:\.\d{3})?\b/g);
  if (ids !== null) return ids;
  const named = tactics[text.toLowerCase().replace(/[^a-z]/g, '')];
  return named === undefined ? [] : [named];
}

function attackOf(id: string): Attack {
  if (id.startsWith('TA')) return { tactic: id };
  return id.includes('.') ? { technique: id.slice(0, 5), sub: id } : { technique: id };
}
