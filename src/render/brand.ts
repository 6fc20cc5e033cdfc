import { contrast, lighten } from '../colour.ts';

const darkPage = '#12171e';

/** The client's colour for print and light pages, and as light as dark pages need it. Empty for the report's own. */
export function brandCss(colour: string): string {
  if (colour === '') return '';
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new TypeError(`${colour} is no colour of the form #rrggbb`);
  let light = colour;
  for (let part = 0; contrast(light, darkPage) < 4.5; part += 0.1) light = lighten(colour, part);
  return (
    `:root{--brand:${colour}}` + `@media (prefers-color-scheme:dark){:root{--brand:${light}}}` + `@media print{:root{--brand:${colour}}}`
  );
}
