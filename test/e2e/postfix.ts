import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const postfix = '/usr/sbin/postfix';

/** Why it cannot be run here, or undefined. */
export const noPostfix = !existsSync(postfix)
  ? 'postfix is not installed here'
  : process.getuid?.() === 0
    ? undefined
    : 'postfix is started by root only';

const masterOf = (port: number): string => `127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

/** Debian's postfix with a configuration of its own, on the loopback: TLS or nothing, all mail for acme.example into a Maildir. */
export async function mailServer(
  t: Pick<TestContext, 'after'>,
  tls: { key: string; cert: string },
): Promise<{ port: number; inbox(): Buffer[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'soc-kpi-postfix-'));
  chmodSync(dir, 0o755);
  const port = await freePort();
  for (const folder of ['etc', 'queue', 'data', 'mail']) mkdirSync(join(dir, folder));
  writeFileSync(join(dir, 'tls.pem'), `${tls.key}${tls.cert}`, { mode: 0o600 });
  writeFileSync(join(dir, 'etc/master.cf'), masterOf(port));
  const uid = execFileSync('id', ['-u', 'nobody']).toString().trim();
  const settings = {
    compatibility_level: '3.6',
    queue_directory: join(dir, 'queue'),
    data_directory: join(dir, 'data'),
    maillog_file: join(dir, 'log'),
    maillog_file_prefixes: dir,
    myhostname: 'mail.acme.example',
    mydestination: '',
    inet_interfaces: '127.0.0.1',
    smtpd_tls_chain_files: join(dir, 'tls.pem'),
    smtpd_tls_security_level: 'encrypt',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    mynetworks: '127.0.0.0/8',
    message_size_limit: '20000000',
    virtual_mailbox_domains: 'acme.example',
    virtual_mailbox_base: join(dir, 'mail'),
    virtual_mailbox_maps: 'static:inbox/',
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${uid}`,
    virtual_mailbox_limit: '0',
  };
  writeFileSync(
    join(dir, 'etc/main.cf'),
    Object.entries(settings)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  );
  execFileSync('chown', ['-R', uid, join(dir, 'mail')]);
  execFileSync('chown', ['postfix', join(dir, 'data')]);
  const order = (word: string) => execFileSync(postfix, ['-c', join(dir, 'etc'), word], { stdio: 'pipe' });
  order('start');
  t.after(() => {
    order('stop');
    rmSync(dir, { recursive: true, force: true });
  });
  await answering(port);
  return { port, inbox: () => globSync('mail/inbox/new/*', { cwd: dir }).map((name) => readFileSync(join(dir, name))) };
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1');
    const ready = await Promise.race([
      once(socket, 'data').then(() => true),
      once(socket, 'error').then(
        () => false,
        () => false,
      ),
      delay(5_000).then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (ready) return;
    await delay(50);
  }
  throw new Error('postfix does not answer');
}
