import { known, markPartial, type Outcome } from '../../outcome.ts';
import { say, type Words } from '../../words/index.ts';
import type { KpiEntry } from '../analysis.ts';
import { proportion } from '../figures.ts';
import { type ClientFigures, leastClients, type OverviewInput } from './clients.ts';

function entryOf(id: string, name: Words, unit: string, outcome: Outcome, notes: Words[] = []): KpiEntry {
  return { ...outcome, id, name, unit, series: [], tables: [], notes };
}

/** A sum over clients: of those that have none nothing is known, so it is a lower bound. */
function sumOf({ clients }: OverviewInput, of: (client: ClientFigures) => { n: number; partial: boolean } | undefined): Outcome {
  const found = clients.flatMap((client) => of(client) ?? []);
  if (found.length === 0) return { status: 'no-data', reason: say('no client has an issued edition for this period') };
  const total = found.reduce((sum, { n }) => sum + n, 0);
  const lacking = clients.length - found.filter(({ partial }) => !partial).length;
  const reason = say('{lacking} of {all, plural, one {# client} other {# clients}} not complete', { lacking, all: clients.length });
  return markPartial(known(total, total), lacking === 0 ? undefined : reason);
}

export function created(input: OverviewInput): KpiEntry {
  return entryOf(
    'VOL-01',
    say('Findings created'),
    'count',
    sumOf(input, (client) => client.created),
  );
}

export function closed(input: OverviewInput): KpiEntry {
  return entryOf(
    'VOL-05',
    say('Findings closed'),
    'count',
    sumOf(input, (client) => client.closed),
  );
}

/** Of the days each client has: they differ by their zones' clock changes, never by their number. */
export function perDay(input: OverviewInput): KpiEntry {
  const total = sumOf(input, (client) => client.created);
  const outcome = 'value' in total ? { ...total, value: total.value / input.period.days.length } : total;
  const few = input.clients.length < leastClients ? [tooFew(input.clients.length)] : [];
  return entryOf('OVW-01', say('Findings per day, all clients'), 'per-day', outcome, few);
}

function tooFew(n: number): Words {
  return say('Clients are not set side by side: there are {n}, at least {least} are needed so that none is known by its figures.', {
    n,
    least: leastClients,
  });
}

export function kept({ clients }: OverviewInput): KpiEntry {
  const found = clients.flatMap((client) => client.kept ?? []);
  const [k, n] = [found.reduce((sum, one) => sum + one.k, 0), found.reduce((sum, one) => sum + one.n, 0)];
  const measured = found.filter((one) => one.n > 0).length;
  const notes: Words[] = [
    say('Measured for {measured} of {all, plural, one {# client} other {# clients}}.', { measured, all: clients.length }),
  ];
  if (measured < leastClients) notes.push(tooFew(measured));
  return entryOf('SLA-01', say('Service levels kept'), 'rate', proportion(k, n, say('service levels that were due')), notes);
}

export function collected({ clients }: OverviewInput): KpiEntry {
  const found = clients.flatMap((client) => [...(client.collected?.values() ?? [])]);
  const [k, n] = [found.reduce((sum, one) => sum + one.k, 0), found.reduce((sum, one) => sum + one.n, 0)];
  if (n === 0)
    return entryOf('OVW-02', say('Days collected completely'), 'rate', {
      status: 'no-denominator',
      reason: say('there are no {what}', { what: say('days of sources') }),
      n,
    });
  // Days of one source hang together, so an interval would claim too much.
  return entryOf('OVW-02', say('Days collected completely'), 'rate', known(k / n, n));
}

export function editions({ clients }: OverviewInput): KpiEntry {
  const out = clients.filter(({ edition }) => edition === 'issued' || edition === 'late').length;
  return entryOf('OVW-03', say('Editions issued'), 'rate', proportion(out, clients.length, say('clients')));
}
