/** What many products' APIs have in common: logins that expire, ways of paging that lose nothing, clocks, ATT&CK names. */
export { fieldOf, readAnswer } from './answer.ts';
export { attacksOf } from './attack.ts';
export { basicAuth, prefixed } from './headers.ts';
export { openSession, readOAuthToken } from './session.ts';
export { lifeOf, moveOf } from './life.ts';
export { inParts, together, withHistories } from './parts.ts';
export { following } from './following.ts';
export { passes } from './passes.ts';
export { rising } from './rising.ts';
export { slices } from './slices.ts';
export { clockOf, instantOf, isoOf } from './time.ts';
export { words } from './words.ts';
