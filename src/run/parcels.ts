import { hash } from 'node:crypto';
import type { Client, Config, Place } from '../config/index.ts';
import { composeParcel, type deliverOutbox } from '../deliver/index.ts';
import { renderMessage } from '../render/index.ts';
import type { Edition, NewDelivery } from '../store/index.ts';
import { editionAnalysis, editionFiles, linkTo } from './edition-files.ts';
import type { Copy } from './mails.ts';

/** The finished deliveries of an edition to places other than mailboxes. @throws when the edition's files are missing or changed. */
export async function parcelsOf(
  config: Config,
  client: Client,
  edition: Edition,
  places: readonly Place[],
  { copy, resent }: Omit<Copy, 'date'>,
): Promise<NewDelivery[]> {
  if (places.length === 0) return [];
  const files = await editionFiles(config, client.id, edition);
  const analysis = await editionAnalysis(files);
  const link = linkTo(config, client, edition);
  const { classification } = client.branding;
  const { report, period, revision } = edition;
  const parcels: NewDelivery[] = [];
  for (const place of places) {
    const { channel, name } = place;
    const message = renderMessage(analysis, {
      locale: place.locale,
      edition: { client: client.id, report, period, revision, as_of: new Date(edition.as_of).toISOString() },
      ...(classification === undefined ? {} : { classification }),
      ...(link === undefined ? {} : { link }),
      ...(resent === undefined ? {} : { resent }),
    });
    const body = await composeParcel(place, { message, files: files.listed });
    const identity = JSON.stringify([client.id, report, period, revision, channel, name, copy]);
    parcels.push({
      channel,
      recipient: name,
      copy,
      degraded: false,
      message_id: hash('sha256', identity).slice(0, 32),
      body,
      small: undefined,
    });
  }
  return parcels;
}

/** Channels that put files somewhere: an edition that nobody is told of stands there all the same. */
const carriers = new Set<Place['channel']>(['sftp', 's3', 'folder']);

/** Where an edition goes: made-up ones of which only the latest is mailed are put into place without a word. */
export function placesFor(places: readonly Place[], told: boolean): Place[] {
  return places.filter(({ channel }) => told || carriers.has(channel));
}

/** By what a client's stored deliveries go, by today's configuration. */
export function waysOf({ smtp }: Config, { scheduled }: Client): Parameters<typeof deliverOutbox>[1] {
  return {
    ...(smtp === undefined ? {} : { smtp }),
    place({ report, channel, recipient }) {
      const places = scheduled.find(({ report: { id } }) => id === report)?.places ?? [];
      return places.find((place) => place.channel === channel && place.name === recipient);
    },
  };
}
