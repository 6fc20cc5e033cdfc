import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');

/** The line of stations: a file imports from its own station and from stations to its left. */
const line =
  'words outcome once colour finding suggest period firing calendar filter categories effects secret http records products vendors config collect stage normalise store gather analyse render press deliver schedule run portal demo cli'.split(
    ' ',
  );

/** Packages that only one place may know. */
const doors: Record<string, RegExp> = {
  axios: /^src\/http/,
  arquero: /^src\/analyse\/table\.ts$/,
  'arquero/dist/arquero.min.js': /^src\/analyse\/table\.ts$/,
  puppeteer: /^src\/(render\/(browser|pdf)|press\/thread)\.ts$/,
  'chartjs-node-canvas': /^src\/render\/chart/,
  'node:sqlite': /^src\/store\//,
  croner: /^src\/firing\.ts$/,
  nodemailer: /^src\/deliver\//,
  fastify: /^src\/portal\//,
  ssh2: /^src\/deliver\/sftp\.ts$/,
  aws4fetch: /^src\/deliver\/s3\.ts$/,
};

const sources = globSync('src/**/*.ts', { cwd: root }).sort();

function stationOf(file: string): string {
  const [, first = ''] = file.split('/');
  return first.replace(/\.ts$/, '').replace(/^http-.*/, 'http');
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)];
  return found.map((match) => match[1] ?? '');
}

test('every file stands at a station of the line', () => {
  const strangers = sources.filter((file) => !line.includes(stationOf(file)));
  assert.deepEqual(strangers, []);
});

test('imports go left only', () => {
  const wrong: string[] = [];
  for (const file of sources) {
    for (const name of importsOf(file).filter((name) => name.startsWith('.'))) {
      const target = relative(root, resolve(root, dirname(file), name));
      if (line.indexOf(stationOf(target)) > line.indexOf(stationOf(file))) wrong.push(`${file} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('a folder is entered through its door', () => {
  const wrong: string[] = [];
  // vendor.ts and columns.ts, kpi.ts, analysis.ts are contracts: plain types that stations to the right speak.
  // run/report.ts is a door of its own: one report must not wait for all that a schedule needs.
  const open = /\/(index|vendor|columns|kpi|analysis)\.ts$|^src\/run\/report\.ts$/;
  for (const file of sources) {
    for (const name of importsOf(file).filter((name) => name.startsWith('.'))) {
      const target = relative(root, resolve(root, dirname(file), name));
      const foreign = stationOf(target) !== stationOf(file) && target.split('/').length > 2;
      if (foreign && !open.test(target)) wrong.push(`${file} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('each outside package has one door', () => {
  const wrong: string[] = [];
  for (const file of sources) {
    for (const name of importsOf(file)) {
      const door = doors[name];
      if (door !== undefined && !door.test(file)) wrong.push(`${file} imports ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('the clock is read in effects.ts only', () => {
  const readers = sources.filter((file) => file !== 'src/effects.ts' && /\bDate\.now\(|\bnew Date\(\)|Temporal\.Now\b/.test(read(file)));
  assert.deepEqual(readers, []);
});

test('no file over 250 lines', () => {
  const files = [...sources, ...globSync(['test/**/*.ts', 'bench/**/*.ts'], { cwd: root })];
  const long = files.map((file) => ({ file, lines: read(file).split('\n').length - 1 })).filter(({ lines }) => lines > 250);
  assert.deepEqual(long, []);
});

test('nothing that opens a closed door', () => {
  // Spelled in two halves so that this file does not find itself.
  const forbidden = [`--no-${'sandbox'}`, `rejectUnauthorized: ${'false'}`, `86_400_${'000'}`];
  const pattern = new RegExp(forbidden.join('|'));
  const found = sources.filter((file) => pattern.test(read(file).replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')));
  assert.deepEqual(found, []);
});

test('every path the README names exists', () => {
  const readme = read('README.md');
  const paths = [...readme.matchAll(/`((?:src|config|templates|scripts|test|bench|reports|docs)\/[^`\s<>*{}]*)`/g)].map(
    (match) => match[1] ?? '',
  );
  const missing = [...new Set(paths)].filter((path) => !existsSync(join(root, path)));
  assert.ok(paths.length > 0, 'the README names no path at all');
  assert.deepEqual(missing, []);
});

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
