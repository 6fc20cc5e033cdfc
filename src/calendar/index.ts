export { addBusinessSeconds, businessSeconds, type Calendar, CalendarError, isOpen, weekdays } from './hours.ts';
export { type Pause, type SlaResult, slaClock } from './sla-clock.ts';
