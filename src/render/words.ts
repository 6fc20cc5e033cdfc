import { visible, withoutIds } from '../words/index.ts';

/** A text of the analysis without anything that acts, and with our ids in words. */
export function plain(text: string): string {
  return withoutIds(visible(text));
}
