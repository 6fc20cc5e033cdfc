import type { Place } from '../config/index.ts';
import type { Message } from '../render/index.ts';
import type { Channel } from './channel.ts';
import { askHook, postParcel } from './hook.ts';

type Slack = Extract<Place, { channel: 'slack' }>;

/** A message by an incoming webhook. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack: Channel<Slack> = {
  compose: (_place, { message }) => Buffer.from(JSON.stringify(slackMessage(message))),
  async send(place, parcel, effects) {
    const url = place.secret('url')?.reveal() ?? '';
    return postParcel({ url, headers: { 'content-type': 'application/json' } }, parcel, effects);
  },
  ask: (place, effects) => askHook(place.secret('url')?.reveal() ?? '', undefined, effects),
};

function slackMessage({ title, remarks, answers, link, link_text }: Message) {
  return {
    // Shown where blocks are not: in notifications.
    text: escaped(title),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(title, 150) },
      ...remarks.map((line) => section(line)),
      ...answers.map(({ question, answer }) => section(`${question}\n${answer}`)),
      // The only markup; the address is of our own configuration.
      ...(link === ''
        ? []
        : [{ type: 'section', text: { type: 'mrkdwn', text: `<${escaped(link)}|${escaped(link_text)}>`, verbatim: true } }]),
    ],
  };
}

/** Slack reads no markup, mention or emoji in plain text, so nothing that others wrote can act. */
const plain = (text: string, most: number) => ({ type: 'plain_text', text: cut(text, most), emoji: false });
const section = (text: string) => ({ type: 'section', text: plain(text, 3000) });

function cut(text: string, most: number): string {
  const letters = [...text];
  return text.length <= most ? text : `${letters.slice(0, Math.floor(most / 2)).join('')}…`;
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
