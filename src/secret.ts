import { inspect } from 'node:util';
import { z } from 'zod';

const hidden = '[secret]';

/** A token or password that is known by where it came from, and never prints itself. */
export class Secret {
  readonly #value: string;
  /** The reference as configured, e.g. "${env:QRADAR_TOKEN}". */
  readonly origin: string;

  constructor(value: string, origin: string) {
    this.#value = value;
    this.origin = origin;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}

/** What a configuration may hold in a secret's place: a reference, never the value. */
export const secretReference = /^\$\{(env|file):[^}]+\}$/;

/** A secret in a vendor's settings. By the time settings are parsed, the reference has become a `Secret`. */
export const secret = z.custom<{ reveal(): string }>(
  canReveal,
  `must be a reference, \${env:NAME} or \${file:PATH}, never the value itself`,
);

// For editors a secret is the reference that people write; zod cannot know that of a custom type. A copy, as
// `.describe()` makes one, loses this: describe the object around it instead.
secret._zod.toJSONSchema = () => ({ type: 'string', pattern: secretReference.source });

function canReveal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}
