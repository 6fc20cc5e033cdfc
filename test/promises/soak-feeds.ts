import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from './random.ts';
import { day } from './world.ts';

const names = ['siem', 'edr'] as const;

/** Two sources of a client, each with a file of its own, as YAML up to its reports. */
export function sources(client: string): string {
  const one = (name: string): string =>
    `  ${name}:\n    vendor: file\n    path: "in/${client}/${name}.csv"\n    time: { format: iso }\n    columns: { id: id, title: title, created_at: at }\n`;
  return `sources:\n${names.map(one).join('')}reports:`;
}

/** How long a record stays in its file: a collection that fails loses nothing that the next one finds. */
const kept = 10;
const perDay = 3;

/** What the clients' sources offer: some records a day, of which those of the last days stand in a file, unless it is broken just now. */
export class Feeds {
  /** Nothing fails any more. */
  calm = false;
  readonly #dir: string;
  readonly #clients: readonly string[];
  readonly #random = randomOf(365);
  /** When each file was whole last. */
  readonly #whole = new Map<string, number>();
  #days: number[] = [];
  #dates = 0;

  constructor(dir: string, clients: readonly string[]) {
    this.#dir = dir;
    this.#clients = clients;
    for (const client of clients) mkdirSync(join(dir, 'in', client), { recursive: true });
  }

  /** Whether a source of the client could not be read at any tick since then. */
  lacks(client: string, since: number): boolean {
    return names.some((name) => (this.#whole.get(`${client} ${name}`) ?? 0) < since);
  }

  /** Different records that each client's sources have shown so far. */
  get offered(): number {
    return this.#dates * names.length * perDay;
  }

  /** Writes the files as they are at an instant. */
  goOn(now: number): void {
    const today = Math.floor(now / day) * day;
    if (this.#days.at(-1) !== today) {
      this.#days = [...this.#days, today].slice(-kept);
      this.#dates++;
    }
    for (const client of this.#clients) for (const name of names) this.#write(client, name, now);
  }

  #write(client: string, name: string, now: number): void {
    const path = join(this.#dir, 'in', client, `${name}.csv`);
    const rows = this.#days.flatMap((at) =>
      Array.from({ length: perDay }, (_, n) => `${at}-${n},${n === 0 ? 'logon failed' : 'virus'},${new Date(at + n * 1000).toISOString()}`),
    );
    const text = ['id,title,at', ...rows, ''].join('\n');
    const chance = this.#random();
    if (this.calm || chance > 0.15) {
      writeFileSync(path, text);
      this.#whole.set(`${client} ${name}`, now);
      return;
    }
    // Not there; or cut off in the middle of a text. A record that is whole and cannot be read would be missing for good.
    if (chance > 0.07) rmSync(path, { force: true });
    else writeFileSync(path, `${text}cut,"off here`);
  }
}
