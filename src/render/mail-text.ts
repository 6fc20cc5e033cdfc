import type { MailModel } from './mail.ts';

/** The mail for those who read text: the same words in the same order as the HTML. */
export function mailText(model: MailModel): string {
  return [
    ...(model.classification === '' ? [] : [model.classification, '']),
    ...(model.resent === '' ? [] : [`Resent: ${model.resent}`, '']),
    ...(model.notice === '' ? [] : [model.notice, '']),
    model.client,
    model.title,
    `${model.period}, days in ${model.zone}. Data as of ${model.asOf}.`,
    '',
    ...(model.incomplete === '' ? [] : [`This report is incomplete: ${model.incomplete}`, '']),
    ...model.answers.flatMap(({ question, answer }) => [question, answer, '']),
    ...(model.decisions.length === 0 ? [] : ['Decisions requested']),
    ...model.decisions.map(({ what, because }, index) => `${index + 1}. ${what}: ${because}`),
    ...(model.decisions.length === 0 ? [] : ['']),
    ...model.figures.flatMap(({ name, value, incomplete, basis, change }) => {
      const rest = [change, ...basis].filter((part) => part !== '');
      return [`${name}: ${value}${incomplete ? ' (incomplete)' : ''}`, ...(rest.length === 0 ? [] : [`    ${rest.join('; ')}`])];
    }),
    '',
    `Blind spots. ${model.blindSpots}`,
    '',
    ...closing(model),
    '',
  ].join('\n');
}

function closing({ attached, link }: MailModel): string[] {
  return [
    ...(attached === '' ? [] : [`The whole report is attached: ${attached}.`]),
    ...(link === '' ? [] : [`Read it at ${link}`]),
    ...(attached === '' && link === '' ? ['The whole report is too large for this mail; ask your provider for it.'] : []),
    'Every figure names what it is made of; what is not known is never printed as zero.',
  ];
}
