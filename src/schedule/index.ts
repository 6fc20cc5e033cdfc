/** Which editions are due, worked out from the calendar and the ledger. Nothing here knows the time or keeps a timer. */
export { due, rhythmText, timetableOf } from './due.ts';
export { announce } from './explain.ts';
