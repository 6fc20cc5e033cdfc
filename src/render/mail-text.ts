import type { MailModel } from './mail.ts';

/** The mail for those who read text: the same words in the same order as the HTML. */
export function mailText(model: MailModel): string {
  const { say, semicolon } = model;
  return [
    ...(model.classification === '' ? [] : [model.classification, '']),
    ...(model.resent === '' ? [] : [say('Resent: {why}', { why: model.resent }), '']),
    ...(model.notice === '' ? [] : [model.notice, '']),
    model.client,
    model.title,
    say('{period}, days in {zone}. Data as of {asOf}.', { period: model.period, zone: model.zone, asOf: model.asOf }),
    '',
    ...(model.incomplete === '' ? [] : [say('This report is incomplete: {why}', { why: model.incomplete }), '']),
    ...model.answers.flatMap(({ question, answer }) => [question, answer, '']),
    ...(model.decisions.length === 0 ? [] : [say('Decisions requested')]),
    ...model.decisions.map(({ what, because }, index) => `${index + 1}. ${say('{name}: {content}', { name: what, content: because })}`),
    ...(model.decisions.length === 0 ? [] : ['']),
    ...model.figures.flatMap(({ name, value, incomplete, basis, change }) => {
      const rest = [change, ...basis].filter((part) => part !== '');
      return [
        incomplete ? say('{name}: {value} (incomplete)', { name, value }) : say('{name}: {value}', { name, value }),
        ...(rest.length === 0 ? [] : [`    ${rest.join(semicolon)}`]),
      ];
    }),
    '',
    `${say('Blind spots.')} ${model.blindSpots}`,
    '',
    ...closing(model),
    '',
  ].join('\n');
}

function closing({ attached, link, say }: MailModel): string[] {
  return [
    ...(attached === '' ? [] : [say('The whole report is attached: {file}.', { file: attached })]),
    ...(link === '' ? [] : [say('Read it at {address}', { address: link })]),
    ...(attached === '' && link === '' ? [say('The whole report is too large for this mail; ask your provider for it.')] : []),
    say('Every figure names what it is made of; what is not known is never printed as zero.'),
  ];
}
