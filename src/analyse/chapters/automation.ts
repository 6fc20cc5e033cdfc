import { say } from '../../words/index.ts';
import { markPartial } from '../../outcome.ts';
import { machineClosesOf } from '../automatic.ts';
import { proportion } from '../figures.ts';
import { defineKpi, type Kpi } from '../kpi.ts';

const quality = defineKpi({
  id: 'AUT-02',
  chapter: 'people',
  name: 'Closed by automation in error',
  question: 'Can what automation closes be left to it?',
  cohort: 'closed-in-period',
  needs: ['closed_by', 'verdict', 'reopened'],
  formula:
    'Of the findings that automation closed in the period without a person before: those opened again or judged a true positive by the data cut / all of them',
  unit: 'rate',
  direction: 'down',
  statistic: 'Wilson 95 % interval, also where none was: of few that says little',
  minN: 0,
  clock: 'none',
  chart: 'figure',
  audiences: ['manager', 'engineer'],
  sources: ['catalogue AUT-02'],
  compare: 'proportion',
  compute: (facts) => {
    const { closed, wrong, silent } = machineClosesOf(facts);
    const reason = say(
      'of {n, plural, one {# finding} other {# findings}} closed by automation the source does not tell whether they were opened again',
      { n: silent },
    );
    const outcome = proportion(wrong, closed, say('findings closed by automation alone in the period'));
    return { outcome: markPartial(outcome, silent === 0 ? undefined : reason) };
  },
  show: (facts) => {
    const { closed, reopened, real } = machineClosesOf(facts);
    return closed === 0
      ? {}
      : {
          notes: [
            say('{reopened} opened again, {real} judged a true positive; what nobody looked at again is in neither.', { reopened, real }),
          ],
        };
  },
});

export const automation: readonly Kpi[] = [quality];
