import type { Place } from '../config/index.ts';
import type { Message } from '../render/index.ts';
import type { Channel } from './channel.ts';
import { askHook, judgeStatus, postParcel } from './hook.ts';

type Teams = Extract<Place, { channel: 'teams' }>;

/**
 * An adaptive card by a Workflows webhook ("Post to a channel when a webhook request is received").
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export const teams: Channel<Teams> = {
  compose: (_place, { message }) => Buffer.from(JSON.stringify(teamsMessage(message))),
  async send(place, parcel, effects) {
    const url = place.secret('url')?.reveal() ?? '';
    return postParcel({ url, headers: { 'content-type': 'application/json' } }, parcel, effects, hiddenFault);
  },
  ask: (place, effects) => askHook(place.secret('url')?.reveal() ?? '', undefined, effects),
};

/** An Office connector answers 200 to what Teams refused, and says so in words: "… returned HTTP error 429 …". */
function hiddenFault(said: string) {
  const status = /HTTP error (\d{3})/.exec(said)?.[1];
  return status === undefined ? undefined : judgeStatus(Number(status), said);
}

function teamsMessage({ title, remarks, answers, link, link_text }: Message) {
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      runs([{ text: title, weight: 'Bolder', size: 'Large' }]),
      ...remarks.map((line) => runs([{ text: line, weight: 'Bolder' }])),
      ...answers.map(({ question, answer }) => runs([{ text: `${question} `, weight: 'Bolder' }, { text: answer }])),
    ],
    ...(link === '' ? {} : { actions: [{ type: 'Action.OpenUrl', title: link_text, url: link }] }),
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }] };
}

/** A TextRun knows no Markdown, which a TextBlock does; `{{DATE(…)}}` and the like are broken up for both. */
function runs(inlines: { text: string; weight?: 'Bolder'; size?: 'Large' }[]) {
  const inert = inlines.map((run) => ({ type: 'TextRun', ...run, text: run.text.slice(0, 3000).toWellFormed().replaceAll('{{', '{ {') }));
  return { type: 'RichTextBlock', inlines: inert };
}
