/** Which editions are due, worked out from the calendar and the ledger. Nothing here knows the time or keeps a timer. */
export { due, rhythmText, timetableOf } from './due.ts';
export { type Announced, announce } from './explain.ts';
export { type Alarm, alarms } from './watch.ts';
