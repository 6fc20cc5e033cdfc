import { z } from 'zod';
import { type HttpAnswer, SourceError } from '../http.ts';

/** An answer as the vendor's schema reads it. Throws SourceError for anything else: a wrong shape is never "none". */
export function readAnswer<T>(answer: HttpAnswer, schema: z.ZodType<T>, where: string): T {
  const read = schema.safeParse(answer.json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new SourceError('unexpected', `${where} gave no answer as documented: ${issue?.path.join('.')} ${issue?.message}`, {
    cause: read.error,
  });
}

/**
 * Reads one field of a record; undefined where it is not there, or of another kind. Made once for all records: to make a schema for
 * each one costs more than all else that is done with it.
 */
export function fieldOf<T>(name: string, kind: z.ZodType<T>): (record: unknown) => T | undefined {
  const one = z.object({ [name]: kind });
  return (record) => one.safeParse(record).data?.[name];
}
