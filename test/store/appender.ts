// A process that appends batches until it is killed, and says which were acknowledged: its only use is the crash test.
import { openStore } from '../../src/store/index.ts';
import { batch, finding } from './fixtures.ts';

const [, , path = '', first = '1'] = process.argv;
const store = openStore(path, 'acme');
for (let n = Number(first); ; n++) {
  const findings = Array.from({ length: 50 }, (_, i) => finding(`${n}-${i}`, { title: `batch ${n}` }));
  // Also what the batch before delivered, changed: as an incremental collection does.
  const changed = Array.from({ length: 10 }, (_, i) => finding(`${n - 1}-${i}`, { title: `batch ${n}`, status: 'closed' }));
  store.append(batch(n * 1_000), [...findings, ...changed], [], String(n));
  process.stdout.write(`${n}\n`);
  if (n % 7 === 0) store.compact({ keep_history_from: 0 });
}
