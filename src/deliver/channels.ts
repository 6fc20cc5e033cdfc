import type { Place } from '../config/index.ts';
import type { Effects } from '../effects.ts';
import type { Asked, Attempted, Channel, Contents, Parcel } from './channel.ts';

/** Each is loaded when something goes that way: most clients use one or none. */
async function channelOf(name: Place['channel']): Promise<Channel> {
  // Each takes the places of its own name only, which is how they are asked for.
  switch (name) {
    case 'webhook':
      return (await import('./webhook.ts')).webhook as Channel;
    case 'slack':
      return (await import('./slack.ts')).slack as Channel;
    case 'teams':
      return (await import('./teams.ts')).teams as Channel;
    case 'sftp':
      return (await import('./sftp.ts')).sftp as Channel;
    case 's3':
      return (await import('./s3.ts')).s3 as Channel;
    case 'folder':
      return (await import('./site.ts')).folder as Channel;
  }
}

/** The bytes that are stored for a place. */
export async function composeParcel(place: Place, contents: Contents): Promise<Uint8Array> {
  return (await channelOf(place.channel)).compose(place, contents);
}

export async function sendParcel(place: Place, parcel: Parcel, effects: Effects): Promise<Attempted> {
  if (place.unresolved.length > 0) return { kind: 'config-error', reason: place.unresolved.join('; ') };
  return (await channelOf(place.channel)).send(place, parcel, effects);
}

/** Whether a delivery would be taken, as far as that can be asked without one. */
export async function askPlace(place: Place, effects: Effects): Promise<Asked> {
  if (place.unresolved.length > 0) return { kind: 'config-error', reason: place.unresolved.join('; ') };
  return (await channelOf(place.channel)).ask(place, effects);
}
