import type { Client } from '../../config/index.ts';
import type { View } from '../../store/index.ts';

/** What a record is to a client that says which source is the record for what. */
export const roles = {
  /** Of a source that is not the record for its kind: in no figure by itself, but it may link others. */
  aside: 0,
  alert: 1,
  case: 2,
} as const;

/**
 * The role of each row. A source listed for one kind gives that kind: where its product knows both kinds, the other one is set
 * aside. A source that is configured no more is taken by the kinds of its records, so that history does not vanish with it.
 */
export function rolesOf(view: View, { records, sources }: Client): Uint8Array {
  const { codes, values } = view.text('source');
  const kinds = view.text('kind');
  const byKind = kinds.values.map((kind) => (kind === 'case' ? roles.case : roles.alert));
  const only = values.map((source) => onlyRole(source, records, sources.get(source)?.vendor?.delivers));
  return Uint8Array.from(codes, (source, row) => {
    const own = byKind[kinds.codes[row] ?? -1] ?? roles.alert;
    const asked = only[source];
    if (asked === undefined) return own;
    return asked.whole || asked.role === own ? asked.role : roles.aside;
  });
}

/** `whole`: every record of the source has that role. undefined: each has the role of its kind. */
function onlyRole(
  source: string,
  records: Client['records'],
  delivers: readonly string[] | undefined,
): { role: number; whole: boolean } | undefined {
  const [alerts, cases] = [records?.alerts.includes(source) ?? false, records?.cases.includes(source) ?? false];
  if (alerts === cases) return undefined;
  return { role: alerts ? roles.alert : roles.case, whole: delivers === undefined || delivers.length === 1 };
}
