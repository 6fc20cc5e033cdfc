import { hash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

/**
 * Schema 4: a sum per table over what its rows say, so that a row that the disk changed is found. SQLite's own check sees the
 * shape of its tables and not what they hold. Parts have their segment's sha256, the audit log its chain.
 */
export const sealSchema = 'CREATE TABLE seal (name TEXT PRIMARY KEY, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;';

const apart = ['seal', 'part', 'audit', 'sqlite_sequence'];
/** As long as a file, and with a digest in another column. */
const ownDigest: Readonly<Record<string, string>> = { outbox: 'body' };

/** What a transaction has changed so far, by table. */
const open = new WeakMap<DatabaseSync, Map<string, number>>();

/** Far enough below 2^53 that adding a few of them is exact. */
const modulus = 2 ** 50;

/**
 * Adds up what is written through this connection. Triggers of the connection alone: a program that reads knows nothing of
 * them, and a column that comes later is in them.
 */
export function sealRows(db: DatabaseSync): void {
  const sums = new Map<string, number>();
  open.set(db, sums);
  db.function('soc_kpi_add', { varargs: true }, (name, sign, ...row) => {
    const table = String(name);
    sums.set(table, ((sums.get(table) ?? 0) + Number(sign) * digestOf(row) + modulus) % modulus);
    return null;
  });
  // Otherwise a row that is replaced does not count as deleted.
  db.exec('PRAGMA recursive_triggers = ON');
  for (const [table, columns] of sealed(db)) {
    const add = (sign: number, row: 'OLD' | 'NEW'): string =>
      `SELECT soc_kpi_add('${table}', ${sign}, ${columns.map((column) => `${row}."${column}"`).join(', ')});`;
    db.exec(`
      CREATE TEMP TRIGGER "seal_${table}_in" AFTER INSERT ON main."${table}" BEGIN ${add(1, 'NEW')} END;
      CREATE TEMP TRIGGER "seal_${table}_up" AFTER UPDATE ON main."${table}" BEGIN ${add(-1, 'OLD')} ${add(1, 'NEW')} END;
      CREATE TEMP TRIGGER "seal_${table}_out" AFTER DELETE ON main."${table}" BEGIN ${add(-1, 'OLD')} END;`);
  }
}

/** Before a commit: what was changed goes into the sums. */
export function keepSums(db: DatabaseSync): void {
  const sums = open.get(db);
  if (sums === undefined || sums.size === 0) return;
  const put = db.prepare(`INSERT INTO seal VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sum = (sum + ?2) % ${modulus}`);
  for (const [table, sum] of sums) put.run(table, sum);
  sums.clear();
}

/** After a rollback. */
export function forgetSums(db: DatabaseSync): void {
  open.get(db)?.clear();
}

/** Adds everything up anew, when the tables were brought to another version. */
export function sealAll(db: DatabaseSync): void {
  db.exec('DELETE FROM seal');
  const put = db.prepare('INSERT INTO seal VALUES (?, ?)');
  for (const [table, columns] of sealed(db)) put.run(table, sumOf(db, table, columns));
  put.run('schema', digestOf(shapes(db)));
}

/** The tables whose rows are not those that were written. */
export function checkSums(db: DatabaseSync): string[] {
  const kept = new Map(
    db
      .prepare('SELECT name, sum FROM seal')
      .all()
      .map(({ name, sum }) => [name, sum]),
  );
  const problems: string[] = [];
  const hold = (name: string, sum: number): void => {
    if ((kept.get(name) ?? 0) !== sum)
      problems.push(`table ${name}: its rows are not those that were written; restore the store from a backup`);
    kept.delete(name);
  };
  for (const [table, columns] of sealed(db)) hold(table, sumOf(db, table, columns));
  hold('schema', digestOf(shapes(db)));
  for (const name of kept.keys()) problems.push(`table ${name} is missing; restore the store from a backup`);
  for (const { id, body, sha256 } of db.prepare('SELECT id, body, sha256 FROM outbox WHERE body IS NOT NULL').iterate()) {
    if (!(body instanceof Uint8Array) || hash('sha256', body) !== sha256)
      problems.push(`delivery ${id}: its bytes are not those that were composed; restore the store from a backup`);
  }
  return problems;
}

function sealed(db: DatabaseSync): [table: string, columns: string[]][] {
  const tables = db.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return tables
    .map(({ name }) => String(name))
    .filter((name) => !apart.includes(name))
    .map((table) => [table, columnsOf(db, table).filter((column) => column !== ownDigest[table])]);
}

function columnsOf(db: DatabaseSync, table: string): string[] {
  return db
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name));
}

function sumOf(db: DatabaseSync, table: string, columns: readonly string[]): number {
  const rows = db.prepare(`SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM "${table}"`);
  rows.setReturnArrays(true);
  let sum = 0;
  for (const row of rows.iterate()) sum = (sum + digestOf(row as unknown as SQLOutputValue[])) % modulus; // an array, as asked for
  return sum;
}

/** The definitions of all tables, indexes and triggers. */
function shapes(db: DatabaseSync): SQLOutputValue[] {
  return db
    .prepare('SELECT sql FROM main.sqlite_schema ORDER BY type, name')
    .all()
    .map(({ sql }) => sql ?? null);
}

/** 50 bits over the values of a row: against what disks do, not against people; who can write here could write the sum, too. */
function digestOf(row: readonly (SQLOutputValue | undefined)[]): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const value of row) {
    const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 0x9e3779b1);
      b = Math.imul(b ^ code, 0x5f356495);
    }
    // Between two values, so that nothing can move from one into the next.
    a = Math.imul(a ^ (a >>> 15) ^ 0x10001, 0x85ebca77);
    b = Math.imul(b ^ (b >>> 13) ^ 0x10001, 0xc2b2ae3d);
  }
  a ^= b >>> 16;
  b ^= a >>> 13;
  return (b >>> 0) + (a & 0x3ffff) * 2 ** 32;
}
