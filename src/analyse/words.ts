import type { SlaPolicy } from '../config/index.ts';
import { duration, fieldWords, listed, say, type Words } from '../words/index.ts';
import { severityNames } from './columns.ts';

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

/** As the client calls it, or by what it asks for: "Critical, High: close in 4 h". */
export function policyWords({ name, metric, severities, when, target_s }: SlaPolicy): Words {
  if (name !== undefined) return name;
  const which = [...severityNames].filter(([id]) => severities?.has(id)).map(([, word]) => fieldWords(word));
  const words = { metric: fieldWords(metric), time: duration(target_s) };
  if (which.length > 0) return say('{which}: {metric} in {time}', { which: listed(which), ...words });
  return when === undefined ? say('all: {metric} in {time}', words) : say('some: {metric} in {time}', words);
}
