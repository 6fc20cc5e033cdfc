import { resolve } from 'node:path';
import type { z } from 'zod';
import type { Effects } from '../effects.ts';
import { Secret } from '../secret.ts';
import { problemAt } from './explain.ts';
import type { main } from './files.ts';
import { misplacedReferences, type Reference, resolveReferences } from './references.ts';
import { ConfigError, type Smtp } from './types.ts';
import type { YamlFile } from './yaml.ts';

type Settings = NonNullable<z.infer<typeof main>['smtp']>;

/** The mail server's settings. Its secrets may be missing until a mail is sent; what is wrong is added to `problems`. */
export async function readSmtp(settings: Settings, file: YamlFile, dir: string, effects: Effects, problems: string[]): Promise<Smtp> {
  const { password, dkim, ca_file, user, reply_to, unsubscribe_url, ...rest } = settings;
  if ((user === undefined) !== (password === undefined)) {
    problems.push(problemAt(file, ['smtp'], 'user and password stand together, or neither'));
  }
  for (const path of misplacedReferences(rest)) {
    problems.push(problemAt(file, ['smtp', ...path], 'a reference stands only for a secret: password or dkim.private_key'));
  }
  const references = await resolveReferences({ password, key: dkim?.private_key }, dir, effects);
  const unresolved = references.flatMap(({ path, found }) =>
    'problem' in found
      ? [problemAt(file, path[0] === 'password' ? ['smtp', 'password'] : ['smtp', 'dkim', 'private_key'], found.problem)]
      : [],
  );
  const [secretPassword, key] = ['password', 'key'].map((name) => secretOf(references.find(({ path }) => path[0] === name)));
  return {
    ...rest,
    ...(ca_file === undefined ? {} : { ca_file: resolve(dir, ca_file) }),
    ...(user === undefined ? {} : { user }),
    ...(reply_to === undefined ? {} : { reply_to }),
    ...(unsubscribe_url === undefined ? {} : { unsubscribe_url }),
    unresolved,
    get secrets() {
      if (unresolved.length > 0) throw new ConfigError(unresolved);
      return {
        ...(secretPassword === undefined ? {} : { password: secretPassword }),
        ...(dkim === undefined || key === undefined ? {} : { dkim: { domain: dkim.domain, selector: dkim.selector, private_key: key } }),
      };
    },
  };
}

function secretOf(reference: Reference | undefined): Secret | undefined {
  return reference !== undefined && 'value' in reference.found ? new Secret(reference.found.value, reference.origin) : undefined;
}
