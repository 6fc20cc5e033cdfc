#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// The only file in JavaScript, so that none need be turned into it at each start: what the program was made into the first time is
// kept, and read while the sources are still the same. Turning types away takes a quarter of a second, and a module whose memory
// grows; from then on the runtime expects every array's memory to be taken away, and goes through a million numbers in twice the time.
// Beside the packages or at home, not in the shared temporary folder, where another user could put code of his own.
const places = [join(import.meta.dirname, '../node_modules/.cache/compile'), join(homedir(), '.cache/soc-kpi')];
const directory = places.reduce((found, place) => found ?? enableCompileCache(place).directory, undefined);
// Threads have a cache of their own accord only so.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE = directory;
await import('../src/cli.ts');
