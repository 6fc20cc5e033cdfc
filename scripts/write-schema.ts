import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configSchema } from '../src/config/index.ts';

await writeFile(join(import.meta.dirname, '../config/schema.json'), `${JSON.stringify(await configSchema(), null, 2)}\n`);
