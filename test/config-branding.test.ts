import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCanvas } from 'canvas';
import { contrast } from '../src/colour.ts';
import { loadConfig } from '../src/config/index.ts';
import { realEffects } from '../src/effects.ts';
import { acme, load, problems, write } from './config-files.ts';

const look = (yaml: string) => acme(`branding: { ${yaml} }\n`);

test('contrast is that of WCAG: 21 of black on white, 1 of a colour on itself', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#123456', '#123456'), 1);
  // Published pairs: https://webaim.org/resources/contrastchecker/ names #767676 as the palest grey that passes.
  assert.ok(contrast('#767676', '#ffffff') >= 4.5 && contrast('#777777', '#ffffff') < 4.5);
});

test('a colour that cannot be read and a mark that does not exist are refused with their key', async (t) => {
  assert.deepEqual(await problems(t, look('colour: "#ffcc00"')), [
    'clients/acme.yaml:9: branding.colour: #ffcc00 is too pale to be read on white; the contrast must be at least 4.5 to 1',
  ]);
  assert.deepEqual(await problems(t, look('classification: TLP:PURPLE')), [
    'clients/acme.yaml:9: branding.classification: is no mark of the Traffic Light Protocol; write one of TLP:RED, TLP:AMBER+STRICT, TLP:AMBER, TLP:GREEN, TLP:CLEAR',
  ]);
  assert.deepEqual(await problems(t, look('classification: Internal, colour: "#0b4f8a"')), []);
});

test('a logo that is no picture is refused with its key', async (t) => {
  const wrong: [name: string, bytes: string | Buffer, words: RegExp][] = [
    ['text.png', 'hello', /is no picture; give/],
    ['cut.png', Buffer.from('89504e470d0a1a0a0000', 'hex'), /is broken/],
    ['huge.png', Buffer.from(`89504e470d0a1a0a0000000d49484452${'ffffffff'.repeat(2)}`, 'hex'), /larger than/],
    ['cut.jpg', Buffer.from('ffd8ffe000104a46', 'hex'), /is no picture that can be drawn/],
    ['script.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', /more than shapes/],
    ['outside.svg', '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://evil.example/x.png"/></svg>', /more than shapes/],
    ['page.svg', '<html><svg></svg></html>', /is no picture; give/],
  ];
  for (const [name, bytes, words] of wrong) {
    const found = await problems(t, { ...look(`logo: ${name}`), [name]: bytes as string }); // written as it is, text or not
    assert.equal(found.length, 1, name);
    assert.match(found[0] ?? '', /^clients\/acme\.yaml:9: branding\.logo: /);
    assert.match(found[0] ?? '', words);
  }
  assert.match((await problems(t, look('logo: nowhere.png')))[0] ?? '', /branding\.logo: nowhere\.png cannot be read/);
});

test('a logo is drawn anew: nothing but its pixels is passed on', async (t) => {
  const canvas = createCanvas(900, 300);
  canvas.getContext('2d').fillRect(0, 0, 900, 300);
  const dir = await write(t, look('logo: logo.png'));
  await writeFile(join(dir, 'logo.png'), Buffer.concat([canvas.toBuffer('image/png'), Buffer.from('<script>alert(1)</script>')]));
  const config = await loadConfig(dir, { ...realEffects, env: { TOKEN: 'x' } });
  const logo = config.clients.get('acme')?.branding.logo ?? '';
  assert.match(logo, /^data:image\/png;base64,/);
  const bytes = Buffer.from(logo.slice(logo.indexOf(',') + 1), 'base64');
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [360, 120]);
  assert.ok(!bytes.includes('alert'));
  const drawn = await load(t, {
    ...look('logo: a.svg'),
    'a.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"><path d="M0 0h40v10z"/></svg>',
  });
  assert.match(drawn.clients.get('acme')?.branding.logo ?? '', /^data:image\/png;base64,/);
});
