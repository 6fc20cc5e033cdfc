import type { CategoryRule } from '../src/categories.ts';
import type { FilterColumns } from '../src/filter/index.ts';

const verbs = [
  'login',
  'scan',
  'upload',
  'beacon',
  'exploit',
  'phish',
  'lockout',
  'download',
  'sweep',
  'tunnel',
  'dropper',
  'policy',
  'reset',
];
const things = [
  'server',
  'gateway',
  'mailbox',
  'account',
  'share',
  'printer',
  'router',
  'proxy',
  'cluster',
  'console',
  'token',
  'badge',
  'vpn',
  'cache',
  'queue',
  'ledger',
];

/** The n-th of as many made-up terms as are asked for: "login gateway 3". */
function term(n: number): string {
  const kind = Math.floor(n / (verbs.length * things.length));
  return `${verbs[n % verbs.length]} ${things[Math.floor(n / verbs.length) % things.length]}${kind === 0 ? '' : ` ${kind}`}`;
}

/** Rules as people write them: words at their boundaries, with alternatives and optional parts. One in eight asks for any part of the text. */
export function tagRules(n: number): CategoryRule[] {
  return Array.from({ length: n }, (_, i) => {
    const [first = '', second = ''] = [term(2 * i), term(2 * i + 1)];
    const matches = `\\b(${first.replace(' ', '[ _-]?')}(s|ed|ing)?|(failed|blocked|multiple) ${second})\\b`;
    const when = i % 8 === 7 ? { field: 'title', contains: `${first} of` } : { field: 'title', matches };
    return { category: `Category ${i % 40}`, when, place: `bench:${i + 1}` };
  });
}

/** A title column of `rows` findings with `distinct` different titles; one in five is of no rule. */
export function titleColumn(rows: number, distinct: number): FilterColumns {
  const values = Array.from({ length: distinct }, (_, i) => {
    const subject =
      i % 5 === 4
        ? `Unusual volume seen on unit ${i}`
        : `${i % 3 === 0 ? 'Multiple ' : ''}${term(i % 500)}${i % 2 === 0 ? ' of' : ' by'} host-${i}`;
    return `${subject} from 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} reported by sensor ${i % 60}`;
  });
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) codes[row] = (row * 7919) % distinct;
  return { rows, text: (name) => (name === 'title' ? { codes, values } : undefined), number: () => undefined };
}
