export { type Arguments, type Guard, Phrase, phrase, read, say, type Words } from './phrase.ts';
export { fieldWords, withoutIds } from './fields.ts';
export { message } from './message.ts';
export { type Catalogue, codeOf, createLanguage, english, type Language, languageOf, languages, readCatalogue } from './language.ts';
export { dates, duration, instant, listed, percent, quantity, range, signed, span, weekday, weekdayDate } from './quantity.ts';
export { splitDuration, type Unit, withUnit } from './print.ts';
export { packPhrases, restorePhrases } from './pack.ts';
export { namesIn, parseMessage } from './icu.ts';
export { visible } from './visible.ts';
