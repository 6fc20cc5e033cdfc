import type { Client, Config, Place } from '../config/index.ts';
import { type Asked, askPlace, askServer } from '../deliver/index.ts';
import type { Effects } from '../effects.ts';
import { addressee } from '../store/index.ts';

type Answer = { subject: string } & ({ detail: string } | { problem: string });

/** Whether mails and the other deliveries would be taken; nothing is sent. */
export function askPlaces(config: Config, effects: Effects): Promise<Answer>[] {
  const places = [...config.clients.values()].flatMap((client) => placesOf(client).map((place) => ({ client, place })));
  return [
    ...(config.smtp === undefined ? [] : [askMail(config.smtp, effects)]),
    ...places.map(async ({ client, place }) => {
      const name = addressee({ channel: place.channel, recipient: place.name });
      return said(`${client.id}'s ${name}`, await askPlace(place, effects), `see it in clients/${client.id}.yaml`);
    }),
  ];
}

async function askMail(smtp: NonNullable<Config['smtp']>, effects: Effects): Promise<Answer> {
  const answer: Asked =
    smtp.unresolved.length > 0 ? { kind: 'config-error', reason: smtp.unresolved.join('; ') } : await askServer(smtp, effects);
  return said(`mail server ${smtp.host}:${smtp.port}`, answer, 'see smtp in soc-kpi.yaml');
}

/** One that several reports go to is asked once. */
function placesOf({ scheduled }: Client): Place[] {
  const all = scheduled.flatMap(({ places }) => places);
  return [...new Map(all.map((place) => [`${place.channel} ${place.name}`, place])).values()];
}

function said(subject: string, { kind, reason }: Asked, where: string): Answer {
  if (kind === 'ready') return { subject, detail: reason };
  const next =
    kind === 'config-error' ? `deliveries would be held; ${where}` : `is its address right, and may this machine go there? ${where}`;
  return { subject, problem: `${reason}; ${next}` };
}
