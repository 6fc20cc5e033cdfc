import type { Words } from '../words/index.ts';

/** A name for a title of ten words: long ones and hostile ones stay in the chart, where they are data. */
export function shortName(name: string | undefined, instead: Words): Words {
  return name !== undefined && /^[\p{L}\p{N}_.:@/ -]{1,30}$/u.test(name) && name.split(' ').length <= 3 ? name : instead;
}

/** The first four words of a name, for the title of one of many small charts. */
export function clipped(name: string): string {
  const words = name.split(' ');
  const short = words.slice(0, 4).join(' ').slice(0, 40);
  return short === name ? name : `${short}…`;
}
