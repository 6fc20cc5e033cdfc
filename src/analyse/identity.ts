import type { Ms } from '../finding.ts';
import { oncePerObject } from '../once.ts';
import { listSeparator } from '../store/columns.ts';
import type { Findings } from './findings.ts';
import { at } from './stats/at.ts';
import type { Coded } from './table.ts';

/** The rules behind findings, each under one name of its own. */
interface Rules {
  column: Coded;
  /** What people may call a rule, its id and every name it has had, to the names under which it is shown. */
  called: ReadonlyMap<string, readonly string[]>;
}

/** One rule: its id within its source where the product gives one, else its name. */
interface Rule {
  id: string;
  source: string;
  /** Its name in its latest finding. */
  name: string;
  seen: Ms;
  names: Set<string>;
}

/**
 * Rules are joined by id where the product gives one, as names are edited and repeated: a renamed rule stays one, under its
 * latest name, and two rules of one name stay two, told apart by their ids. A finding that names no rule goes by its
 * title, since many consoles have one title per rule.
 */
export const rulesOf = oncePerObject((findings: Findings): Rules => {
  const { view, created } = findings;
  const [names, ids, sources] = [view.text('rules'), view.text('rule_ids'), view.text('source')];
  const mixed = mixedCodes(names, ids, sources, created);
  const known = new Map<string, Rule>();
  const members = mixed.first.map((row) => {
    const texts = [names, ids].map(({ codes, values }) => (values[at(codes, row)] ?? '').split(listSeparator));
    return (texts[0] ?? []).map((name, i) =>
      ruleFor(known, { name, id: texts[1]?.[i] ?? '', source: sources.values[at(sources.codes, row)] ?? '' }),
    );
  });
  mixed.latest.forEach((row, mix) => {
    for (const [i, name] of (names.values[at(names.codes, row)] ?? '').split(listSeparator).entries()) {
      const rule = members[mix]?.[i];
      if (rule === undefined || name === '') continue;
      rule.names.add(name);
      if (at(created, row) >= rule.seen) Object.assign(rule, { name, seen: at(created, row) });
    }
  });
  const shown = shownNames([...known.values()]);
  const texts = members.map((rules) => [...new Set(rules.flatMap((rule) => shown.get(rule) ?? []))].join(listSeparator));
  return { column: columnOf(mixed.codes, texts, findings.coded('title')), called: calledBy(shown) };
});

/** Every mix of names, ids and source that occurs: its code per row, its first row and that of its latest finding. */
function mixedCodes(
  names: Coded,
  ids: Coded,
  sources: Coded,
  created: Float64Array,
): { codes: Int32Array; first: number[]; latest: number[] } {
  const codes = new Int32Array(names.codes.length);
  const [first, latest]: [number[], number[]] = [[], []];
  const known = new Map<number, number>();
  const keys: number[] = [];
  const last = new Int32Array(names.values.length).fill(-1);
  const [width, depth] = [ids.values.length + 1, sources.values.length + 1];
  for (let row = 0; row < codes.length; row += 1) {
    const name = names.codes[row] ?? -1;
    if (name < 0 || names.values[name] === '') {
      codes[row] = -1;
      continue;
    }
    // Unknown is -1; with one added each mix has a number of its own. Nearly always it is the last one of that name.
    const key = (name * width + (ids.codes[row] ?? -1) + 1) * depth + (sources.codes[row] ?? -1) + 1;
    let code = keys[last[name] ?? -1] === key ? last[name] : known.get(key);
    if (code === undefined) {
      code = known.size;
      known.set(key, code);
      keys.push(key);
      first.push(row);
      latest.push(row);
    } else if ((created[row] ?? Number.NaN) > (created[latest[code] ?? row] ?? Number.NaN)) latest[code] = row;
    last[name] = code;
    codes[row] = code;
  }
  return { codes, first, latest };
}

function ruleFor(known: Map<string, Rule>, { name, id, source }: { name: string; id: string; source: string }): Rule {
  const key = id === '' ? `name ${name}` : `id ${source} ${id}`;
  const rule = known.get(key) ?? { id, source, name: name === '' ? id : name, seen: Number.NEGATIVE_INFINITY, names: new Set() };
  known.set(key, rule);
  return rule;
}

/** Latest names; where several rules have one, its id stands behind it, and its source where even that is shared. */
function shownNames(rules: readonly Rule[]): Map<Rule, string> {
  const shown = new Map<Rule, string>();
  const named = rules.filter(({ name }) => name !== '');
  for (const alike of Map.groupBy(named, ({ name }) => name).values()) {
    const identified = alike.filter(({ id }) => id !== '');
    // A source that gives no ids can only mean the one rule of that name.
    const [only] = identified.length === 1 ? identified : [];
    for (const rule of alike) {
      const shared = identified.filter(({ id }) => id === rule.id).length > 1;
      if (only !== undefined || rule.id === '') shown.set(rule, rule.name);
      else shown.set(rule, `${rule.name} (${shared ? `${rule.source} ` : ''}${rule.id})`);
    }
  }
  return shown;
}

function calledBy(shown: ReadonlyMap<Rule, string>): Map<string, string[]> {
  const called = new Map<string, string[]>();
  for (const [{ id, names }, name] of shown) {
    for (const word of new Set([name, ...names, ...(id === '' ? [] : [id])])) called.set(word, [...(called.get(word) ?? []), name]);
  }
  return called;
}

/** Mixes that show the same rules are one value; what has none has its title's. */
function columnOf(mixes: Int32Array, texts: readonly string[], titles: Coded): Coded {
  const index = new Map<string, number>();
  const mapped = Int32Array.from(texts, (text) => {
    if (text === '') return -1;
    const code = index.get(text) ?? index.size;
    index.set(text, code);
    return code;
  });
  const offset = index.size;
  // The mixes are of no further use: a million codes are rewritten in place.
  const codes = mixes;
  for (let row = 0; row < codes.length; row += 1) {
    const code = mapped[codes[row] ?? -1] ?? -1;
    const title = titles.codes[row] ?? -1;
    codes[row] = code >= 0 || title < 0 ? code : offset + title;
  }
  return { codes, values: [...index.keys(), ...titles.values] };
}
