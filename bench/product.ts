/**
 * A scripted product in a process of its own, so that neither its memory nor its work counts as ours: `product.ts VENDOR COUNT`.
 * Prints its settings as one line of JSON, secrets included, and runs until its input ends; then what work it took.
 */
import { Secret } from '../src/secret.ts';
import type { Item, World } from '../test/worlds/world.ts';

const [, , vendor = '', count = '0'] = process.argv;
const { default: world }: { default: World } = await import(`../test/worlds/${vendor}.ts`);
const start = Date.UTC(2026, 9, 1);
const step = Math.floor((30 * 24 * 3_600_000) / Number(count));
const items = Array.from({ length: Number(count) }, (_, index): Item => {
  const created = start + index * step;
  const closed = index % 3 === 0 ? { status: 'closed' as const, closed: created + 3_600_000 } : { status: 'open' as const };
  const severity = ([1, 2, 3, 4, 5] as const)[index % 5] ?? 3;
  return {
    id: String(index + 1),
    created,
    changed: created + 5000,
    title: `Detection ${index % 97} on host ${index % 1009}`,
    severity,
    ...closed,
  };
});
/** Where the product sets the size of a page itself and does not say which, a middling one is taken. */
const pageSizes: Readonly<Record<string, number>> = { 'trend-vision-one': 100 };
const running = await world.start(items, pageSizes[vendor] === undefined ? {} : { page_size: pageSizes[vendor] });
const settings = Object.entries(running.settings).map(([key, value]) => [
  key,
  value instanceof Secret ? { secret: value.reveal() } : value,
]);
console.log(JSON.stringify(Object.fromEntries(settings)));
process.stdin.on('end', () => {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ cpu: (user + system) / 1e6 }));
  void running.close().then(() => process.exit(0));
});
process.stdin.resume();
