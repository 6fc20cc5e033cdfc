import { resolve } from 'node:path';
import { z } from 'zod';
import type { Effects } from '../effects.ts';
import { contrast } from '../colour.ts';
import { problemAt } from './explain.ts';
import { readLogo } from './logo.ts';
import type { Client } from './types.ts';
import type { YamlFile } from './yaml.ts';

const text = z.string().trim().min(1);

/** What may stand on the words of a report, so that they can be read (WCAG 2.2, 1.4.3). */
const leastContrast = 4.5;
const marks = ['TLP:RED', 'TLP:AMBER+STRICT', 'TLP:AMBER', 'TLP:GREEN', 'TLP:CLEAR'];

/** The client's look as it stands in YAML. */
export const branding = z.strictObject({
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'a colour is written as #rrggbb')
    .refine((colour) => contrast(colour, '#ffffff') >= leastContrast, {
      error: ({ input }) => `${String(input)} is too pale to be read on white; the contrast must be at least ${leastContrast} to 1`,
      // Asked only of what is a colour at all.
      when: ({ value }) => typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value),
    })
    .optional()
    .describe('Headings and rules; dark enough to be read on white'),
  logo: text.optional().describe('A PNG, JPEG or SVG file, relative to the configuration; drawn anew, so nothing else of it is passed on'),
  footer: text.optional().describe('Printed at the end of a report'),
  classification: text
    .refine((mark) => !/^tlp\b/i.test(mark) || marks.includes(mark), {
      error: `is no mark of the Traffic Light Protocol; write one of ${marks.join(', ')}`,
    })
    .optional()
    .describe('Printed on every page, such as TLP:AMBER'),
});

/** The client's look; a logo that cannot be drawn is added to `problems`. */
export async function readBranding(
  { logo, ...rest }: z.infer<typeof branding>,
  own: { file: YamlFile; dir: string; problems: string[] },
  effects: Effects,
): Promise<Client['branding']> {
  const { colour, footer, classification } = rest;
  const drawn = logo === undefined ? undefined : await readLogo(resolve(own.dir, logo), effects);
  if (drawn !== undefined && 'problem' in drawn) own.problems.push(problemAt(own.file, ['branding', 'logo'], `${logo} ${drawn.problem}`));
  // zod's optional keys may hold undefined, ours are then absent.
  return {
    ...(colour === undefined ? {} : { colour }),
    ...(footer === undefined ? {} : { footer }),
    ...(classification === undefined ? {} : { classification }),
    ...(drawn !== undefined && 'png' in drawn ? { logo: drawn.png } : {}),
  };
}
