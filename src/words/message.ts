/** Marks a literal as a message where it is not yet said: in a table of words, in a KPI's own description. */
export function message<const Message extends string>(text: Message): Message {
  return text;
}
