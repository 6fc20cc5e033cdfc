import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** What it took to collect a product's records. */
export interface Taken {
  seconds: number;
  cpu: number;
  /** Seconds of work of the scripted product, which answers on the same machine. */
  product: number;
  megabytes: number;
  status?: string;
  reason?: string;
  fetched?: number;
  stored?: number;
  requests?: number;
}

/** Collects `records` records of a scripted product over loopback HTTP into a new durable store; each of the two is a process of its own. */
export async function collectFrom(name: string, records: number, folder: string): Promise<Taken> {
  const product = spawn(process.execPath, [join(import.meta.dirname, 'product.ts'), name, String(records)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const said = createInterface({ input: product.stdout });
    const [settings] = await once(said, 'line');
    const collector = spawn(process.execPath, [join(import.meta.dirname, 'collect.ts'), name, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    collector.stdin.end(String(settings));
    const taken: Omit<Taken, 'product'> = JSON.parse(await text(collector.stdout));
    product.stdin.end();
    const [worked] = await once(said, 'line');
    const { cpu }: { cpu: number } = JSON.parse(String(worked));
    return { ...taken, product: cpu };
  } finally {
    product.stdin.end();
    if (product.exitCode === null) await once(product, 'exit');
  }
}
