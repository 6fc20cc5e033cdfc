import { type Client, type Config, loadConfig, type Smtp, type Place } from '../config/index.ts';
import { composeMail, deliverOutbox, recoverOutbox, sendBytes } from '../deliver/index.ts';
import { openClientStore } from '../gather/index.ts';
import { mailsOf, parcelsOf, waysOf } from '../run/index.ts';
import { addressee, type Delivery, type Edition, lockFolder, type NewDelivery, type Store } from '../store/index.ts';
import { UsageError } from './failure.ts';
import { clientOf, editionNamed, editionsNamed, type Shell } from './shell.ts';

export interface SendFlags {
  client?: string;
  test?: string;
}

export interface ResendFlags {
  to: string;
  reason: string;
}

type Mailing = Config & { smtp: Smtp };

/** Sends what waits. What is held for its settings is tried at once: whoever calls this has changed something. */
export async function send(shell: Shell, flags: SendFlags): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  if (flags.test !== undefined) return sendTest(shell, mailing(config), flags.test);
  const clients = flags.client === undefined ? [...config.clients.values()] : [clientOf(config, flags.client)];
  const release = lockFolder(config.data_dir);
  let code = 0;
  try {
    for (const client of clients) code = Math.max(code, await sendFor(shell, config, client));
  } finally {
    release();
  }
  return code;
}

async function sendFor(shell: Shell, config: Config, client: Client): Promise<number> {
  return withStore(config, client, async (store) => {
    const { ledger } = store;
    const who = person(shell);
    recoverOutbox(ledger, waysOf(config, client), shell.effects, who);
    ledger.allow(client.contacts);
    const waiting = ledger.deliveries().filter(({ state }) => state === 'queued' || state === 'held');
    for (const { id } of waiting) ledger.settle(id, { state: 'queued', reason: 'released by hand' }, { who, at: shell.effects.now() });
    await deliverOutbox(ledger, waysOf(config, client), shell.effects);
    const ids = new Set(waiting.map(({ id }) => id));
    const after = ledger.deliveries().filter(({ id }) => ids.has(id));
    for (const delivery of after) {
      const { report, period, state, reason } = delivery;
      shell.print(`${client.id} ${report} ${period} to ${addressee(delivery)}: ${state}: ${reason}`);
    }
    return after.every(({ state }) => state === 'sent') ? 0 : 3;
  });
}

/** A new delivery under a name of its own, that says that and why it comes again. */
export async function resend(shell: Shell, name: string, { to, reason }: ResendFlags): Promise<number> {
  const config = await loadConfig(shell.config, shell.effects);
  const asked = editionNamed(name);
  const { report, period } = asked;
  const client = clientOf(config, asked.client);
  const place = receiverOf(client, report, to);
  const release = lockFolder(config.data_dir);
  try {
    return await withStore(config, client, async (store) => {
      const [first, ...later] = editionsNamed(store, asked);
      const edition = later.at(-1) ?? first;
      const { ledger } = store;
      ledger.allow(client.contacts);
      const key = { report, period, revision: edition.revision };
      const isSame = (one: Delivery): boolean =>
        addressee(one) === to && one.report === report && one.period === period && one.revision === key.revision;
      const copy =
        1 +
        Math.max(
          0,
          ...ledger
            .deliveries()
            .filter(isSame)
            .map((earlier) => earlier.copy),
        );
      const now = shell.effects.now();
      const again = { copy, resent: reason, date: now };
      const deliveries = await (place === undefined
        ? mailTo(config, client, edition, to, again)
        : parcelsOf(config, client, edition, [place], again));
      ledger.enqueue(key, deliveries, { who: person(shell), at: now });
      ledger.note('reason', `${name} to ${to}`, reason, { who: person(shell), at: now });
      await deliverOutbox(ledger, waysOf(config, client), shell.effects);
      const sent = ledger.deliveries().find((one) => isSame(one) && one.copy === copy);
      shell.print(`${name} to ${to}: ${sent?.state}: ${sent?.reason}`);
      return sent?.state === 'sent' ? 0 : 3;
    });
  } finally {
    release();
  }
}

/** The place that `to` names, as status does ("slack soc-channel"); undefined for a mailbox. @throws UsageError for neither. */
function receiverOf({ id, contacts, scheduled }: Client, report: string, to: string): Place | undefined {
  const places = scheduled.find((one) => one.report.id === report)?.places ?? [];
  const named = places.map((place) => ({ place, words: addressee({ channel: place.channel, recipient: place.name }) }));
  const known = [...contacts, ...named.map(({ words }) => words)];
  if (!known.includes(to)) throw new UsageError(`${to} is not on ${id}'s list; there are: ${known.join(', ') || 'none'}`);
  return named.find(({ words }) => words === to)?.place;
}

function mailTo(
  config: Config,
  client: Client,
  edition: Edition,
  to: string,
  again: Parameters<typeof mailsOf>[4],
): Promise<NewDelivery[]> {
  // As he usually gets this report; or another one, where he is not among those who get it.
  const listed = [...client.scheduled].sort((a, b) => Number(b.report.id === edition.report) - Number(a.report.id === edition.report));
  const usual = listed.flatMap(({ recipients }) => recipients).find((recipient) => recipient.to === to);
  return mailsOf(mailing(config), client, edition, [usual ?? { to, locale: client.locale, format: 'pdf' }], again);
}

async function sendTest(shell: Shell, { smtp }: Mailing, to: string): Promise<number> {
  const date = shell.effects.now();
  const text = 'This is a test: soc-kpi can send mail.';
  const letter = {
    to,
    subject: 'Test of soc-kpi',
    text,
    html: `<p>${text}</p>`,
    date,
    identity: ['test', to, date],
    list: { id: 'test', title: 'Test' },
  };
  const { body } = await composeMail(letter, smtp);
  const { kind, reason } = await sendBytes(smtp, { to, body, mark: () => {} }, shell.effects);
  shell.print(`test mail to ${to}: ${kind}: ${reason}`);
  return kind === 'sent' ? 0 : 3;
}

async function withStore<T>(config: Config, client: Client, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openClientStore(config, client.id);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

function mailing(config: Config): Mailing {
  const { smtp } = config;
  if (smtp === undefined) throw new UsageError('soc-kpi.yaml has no smtp: there is nothing to send with');
  return { ...config, smtp };
}

/** Who is at the keyboard, for the audit log. */
function person({ effects: { env } }: Shell): string {
  return env.SUDO_USER ?? env.USER ?? env.LOGNAME ?? 'someone at the command line';
}
