import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const there = (path: string) => (existsSync(path) ? {} : { skip: `${path} is not installed here` });
/** "geheim" by the cheapest bcrypt. */
const bcrypted = '$2b$04$abcdefghijklmnopqrstuuPWRtT5yx7FBi4dcf6ROhboeNunUrLQ.';
const nginx = '/usr/sbin/nginx';
const caddy = '/usr/bin/caddy';

/** What two clients' `folder` recipients leave: links to hidden copies. */
function site(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-site-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  for (const client of ['acme', 'globex']) {
    mkdirSync(join(dir, `www/.${client}.1`), { recursive: true });
    writeFileSync(join(dir, `www/.${client}.1/index.html`), `archive of ${client}`);
    writeFileSync(join(dir, `www/.${client}.1/.hidden`), 'hidden');
    symlinkSync(`.${client}.1`, join(dir, 'www', client));
    writeFileSync(join(dir, `${client}.htpasswd`), `${client}:{SHA}${Buffer.from(hash('sha1', 'geheim'), 'hex').toString('base64')}\n`);
  }
  return dir;
}

/** What each client may see, asked of a server that runs. */
async function judgeAccess(base: string): Promise<void> {
  const ask = async (path: string, user?: string, method = 'GET') => {
    const headers: Record<string, string> =
      user === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:geheim`).toString('base64')}` };
    const answer = await fetch(`${base}${path}`, { headers, method });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  assert.equal((await ask('/acme/')).status, 401);
  const own = await ask('/acme/', 'acme');
  assert.deepEqual([own.status, own.text], [200, 'archive of acme']);
  assert.equal(own.headers.get('cache-control'), 'private, no-store');
  assert.equal(own.headers.get('x-content-type-options'), 'nosniff');
  assert.equal((await ask('/acme/', 'globex')).status, 401);
  assert.equal((await ask('/globex/', 'acme')).status, 404, 'a client without a location is not served at all');
  for (const path of ['/.acme.1/index.html', '/.globex.1/index.html', '/acme/.hidden', '/']) {
    assert.equal((await ask(path, 'acme')).status, 404, path);
  }
  assert.ok([403, 405].includes((await ask('/acme/', 'acme', 'POST')).status));
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await delay(50);
    }
  }
  throw new Error('the server does not start');
}

test('nginx takes the snippet, and serves each client its own archive', there(nginx), async (t) => {
  const [dir, port] = [site(t), await freePort()];
  const snippet = readFileSync(join(deploy, 'nginx-site.conf'), 'utf8')
    .replaceAll('/srv/www', join(dir, 'www'))
    .replaceAll('/etc/soc-kpi', dir);
  writeFileSync(join(dir, 'site.conf'), snippet);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`).join(' ');
  const server = `server { listen 127.0.0.1:${port}; include ${dir}/site.conf; }`;
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; master_process off; pid ${dir}/pid; error_log stderr; events {} http { access_log off; ${temporary} ${server} }`,
  );
  const words = ['-c', join(dir, 'nginx.conf'), '-e', 'stderr', '-p', dir];
  execFileSync(nginx, ['-t', ...words], { stdio: 'pipe' });
  const running = spawn(nginx, words, { stdio: 'ignore' });
  t.after(() => running.kill());
  await answering(port);
  await judgeAccess(`http://127.0.0.1:${port}`);
});

test('Caddy takes the snippet, and serves each client its own archive', there(caddy), async (t) => {
  const [dir, port] = [site(t), await freePort()];
  const [major = 0, minor = 0] = (/v?(\d+)\.(\d+)/.exec(execFileSync(caddy, ['version']).toString()) ?? []).slice(1).map(Number);
  const old = major === 2 && minor < 8;
  t.diagnostic(`Caddy ${major}.${minor}, where it is called ${old ? 'basicauth' : 'basic_auth'}`);
  const snippet = readFileSync(join(deploy, 'Caddyfile'), 'utf8')
    .replaceAll('/srv/www', join(dir, 'www'))
    .replace('\tbasic_auth {', old ? '\tbasicauth {' : '\tbasic_auth {');
  writeFileSync(join(dir, 'Caddyfile'), `{\n\tadmin off\n}\n${snippet.replace('reports.example.com', `http://127.0.0.1:${port}`)}`);
  const env = { ...process.env, ACME_PASSWORD_HASH: bcrypted, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir, HOME: dir };
  const words = ['--config', join(dir, 'Caddyfile'), '--adapter', 'caddyfile'];
  execFileSync(caddy, ['validate', ...words], { stdio: 'pipe', env });
  const running = spawn(caddy, ['run', ...words], { stdio: 'ignore', env });
  t.after(() => running.kill());
  await answering(port);
  await judgeAccess(`http://127.0.0.1:${port}`);
});
