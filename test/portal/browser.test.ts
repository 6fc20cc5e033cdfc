import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'puppeteer';
import { startBrowser } from '../../src/render/browser.ts';
import { canary, tenants, tokenOf } from './tenants.ts';

const running = await startBrowser(undefined, process.env).catch((error: unknown) => {
  return `no browser here: ${String(error)}`;
});

test('a reader logs in with a real browser, sees the own archive, reads an edition, and nothing of another’s', {
  ...(typeof running === 'string' ? { skip: running } : {}),
}, async (t) => {
  if (typeof running === 'string') return;
  t.after(() => running.stop());
  const { app } = await tenants(t);
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  /** A visitor of its own, who gets further than the printing browser may. */
  const visitor = async (client?: string): Promise<Page> => {
    const page = await (await running.browser.createBrowserContext({ proxyServer: 'direct://' })).newPage();
    if (client !== undefined) await page.authenticate({ username: client, password: tokenOf(client) });
    return page;
  };
  const textOf = (page: Page): Promise<string> => page.evaluate('document.body.innerText') as Promise<string>; // a text, by its name
  const follow = async (page: Page, href: string): Promise<void> => {
    await Promise.all([page.waitForNavigation(), page.click(`a[href$="${href}"]`)]);
  };

  const nobody = await visitor();
  await nobody.goto(base).catch(() => {}); // a browser that cannot ask for a password shows an error of its own
  assert.doesNotMatch(await textOf(nobody), /canary/);

  const page = await visitor('acme');
  const problems: string[] = [];
  page.on('console', (message) => void problems.push(message.text()));
  page.on('requestfailed', (request) => void problems.push(request.url()));
  assert.equal((await page.goto(base))?.status(), 200);
  assert.match(await textOf(page), new RegExp(`Reports for ${canary('acme')}`));
  // Its own style is let in by its hash, and nothing else is asked for.
  assert.notEqual(await page.evaluate('document.styleSheets[0]?.cssRules.length ?? 0'), 0);
  await follow(page, 'daily/2026-11-03/r1/index.html');
  assert.match(await textOf(page), /What happened\?/i);
  await follow(page, 'index.de.html');
  assert.match(await textOf(page), /Was ist geschehen\?/i);
  assert.equal(new URL(page.url()).pathname, '/daily/2026-11-03/r1/index.de.html');
  assert.deepEqual(problems, []);

  const other = await visitor('bolt');
  await other.goto(base);
  const theirs = await textOf(other);
  assert.ok(theirs.includes(canary('bolt')) && !theirs.includes(canary('acme')));
  assert.equal((await other.goto(`${base}/daily/2026-11-03/r1/index.html`))?.status(), 404);
  assert.equal(await textOf(other), 'There is nothing here.\n');
});
