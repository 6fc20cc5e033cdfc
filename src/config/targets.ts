import { z } from 'zod';

/** What a client wants its figures to be, as it stands in YAML: a span of time, a share or a number, by the figure's unit. */

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const spanShape = /^[1-9]\d{0,4}[smhd]$/;

/** A number without a unit is refused with the same words as a text that is none. */
const span = z
  .unknown()
  .refine((value) => spanShape.test(String(value)), 'is a span of time; write it as 90s, 30m, 4h or 2d')
  .meta({ type: 'string', pattern: spanShape.source })
  .transform(String)
  .transform((text) => Number(text.slice(0, -1)) * (secondsIn[text.slice(-1)] ?? Number.NaN)); // the shape leaves only these letters
const forms = {
  seconds: span,
  hours: span.transform((seconds) => seconds / 3600),
  rate: z.number().min(0).max(1).describe('A share, e.g. 0.95'),
  count: z.int().min(0),
  none: z.unknown().refine(() => false, 'can have no target: neither more nor less of it is better'),
} as const;

/** Every KPI with its unit; `none` where neither more nor less of it is better, so that it can have no target. A test compares this with the registry. */
export const targetForms: Readonly<Record<string, keyof typeof forms>> = {
  'ANO-01': 'none',
  'ANO-02': 'none',
  'ANO-03': 'none',
  'ATT-01': 'none',
  'ATT-03': 'rate',
  'AUT-01': 'none',
  'AUT-02': 'rate',
  'BKL-01': 'count',
  'BKL-02': 'count',
  'BKL-03': 'count',
  'BKL-04': 'none',
  'BKL-05': 'count',
  'BKL-06': 'count',
  'CHG-01': 'none',
  'DQ-01': 'rate',
  'DQ-02': 'count',
  'DQ-03': 'count',
  'DQ-04': 'rate',
  'ENT-01': 'count',
  'ENT-02': 'rate',
  'ENT-03': 'none',
  'ENT-04': 'none',
  'ENT-05': 'none',
  'ESC-01': 'none',
  'ESC-02': 'none',
  'ESC-03': 'rate',
  'INC-01': 'count',
  'LOG-01': 'rate',
  'LOG-02': 'hours',
  'LOG-06': 'none',
  'QUA-01': 'rate',
  'QUA-02': 'none',
  'QUA-03': 'rate',
  'QUA-04': 'rate',
  'QUA-05': 'rate',
  'QUA-06': 'rate',
  'REO-01': 'rate',
  'RUL-01': 'none',
  'RUL-02': 'count',
  'RUL-03': 'hours',
  'RUL-04': 'none',
  'RUL-07': 'count',
  'SLA-01': 'rate',
  'SLA-02': 'count',
  'TIM-01': 'seconds',
  'TIM-03': 'seconds',
  'TIM-04': 'seconds',
  'TIM-05': 'seconds',
  'TIM-06': 'seconds',
  'TIM-07': 'seconds',
  'TIM-08': 'seconds',
  'TIM-10': 'none',
  'TUN-01': 'none',
  'TUN-02': 'count',
  'TUN-03': 'count',
  'VOL-01': 'none',
  'VOL-02': 'none',
  'VOL-03': 'none',
  'VOL-04': 'none',
  'VOL-05': 'none',
  'VOL-06': 'none',
  'VOL-07': 'none',
  'VOL-09': 'none',
  'VOL-10': 'none',
  'WRK-01': 'none',
  'WRK-02': 'none',
  'WRK-04': 'none',
  'WRK-05': 'seconds',
};

export const targets = z
  .strictObject(Object.fromEntries(Object.entries(targetForms).map(([id, form]) => [id, forms[form].optional()])))
  .describe('What figures are wanted to be, by KPI id: TIM-03: 30m, QUA-01: 0.95');

export function targetsOf(given: z.infer<typeof targets>): Map<string, number> {
  return new Map(Object.entries(given).flatMap(([id, value]) => (typeof value === 'number' ? [[id, value] as const] : [])));
}
