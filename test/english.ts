import { Phrase } from '../src/words/index.ts';

/** A value with everything said in it as `report.json` has it. */
export type English<Value> = Value extends Phrase
  ? string
  : Value extends (...args: never[]) => unknown
    ? Value
    : Value extends object
      ? { [Key in keyof Value]: English<Value[Key]> }
      : Value;

export function inEnglish<Value>(value: Value): English<Value> {
  return translated(value) as English<Value>; // built below as the type says
}

function translated(value: unknown): unknown {
  if (value instanceof Phrase) return String(value);
  if (Array.isArray(value)) return value.map(translated);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, translated(inner)]));
}
