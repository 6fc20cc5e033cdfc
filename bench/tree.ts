import { readdirSync, readFileSync } from 'node:fs';

/** The proportional set size of a process and all below it: what they share is counted once. */
export function treeMegabytes(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = /^PPid:\s+(\d+)/m.exec(readOrEmpty(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const inside = (pid: number): boolean => pid === root || (parents.has(pid) && inside(parents.get(pid) ?? 0));
  const kilobytes = [...parents.keys()]
    .filter(inside)
    .map((pid) => Number(/^Pss:\s+(\d+)/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

/**
 * The most memory this process ever had resident. Not what getrusage calls its maximum: Linux lets that begin with the peak of
 * the process that started this one.
 */
export function peakMegabytes(): number {
  const peak = /^VmHWM:\s+(\d+)/m.exec(readOrEmpty('/proc/self/status'))?.[1];
  return peak === undefined ? process.resourceUsage().maxRSS / 1024 : Number(peak) / 1024;
}

/** A process may be gone between listing and reading. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
