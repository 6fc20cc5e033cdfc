interface Weekdays {
  /** Mean count per weekday, in the order in which they come; NaN where none is known. */
  means: number[];
  /** Variance / mean around the weekdays' own means, at least 1. */
  phi: number;
}

/** What is usual per weekday over the days before `end`; `undefined` counts are days that are not known. */
export function weekdaysBefore(counts: readonly (number | undefined)[], end: number): Weekdays {
  const means: number[] = [];
  const all = { squares: 0, freedom: 0, total: 0, days: 0 };
  for (let weekday = 0; weekday < 7; weekday += 1) {
    const own = counts.slice(0, end).filter((n, day): n is number => n !== undefined && day % 7 === weekday);
    const sum = own.reduce((total, n) => total + n, 0);
    means.push(sum / own.length);
    for (const n of own) all.squares += (n - sum / own.length) ** 2;
    all.freedom += Math.max(0, own.length - 1);
    all.total += sum;
    all.days += own.length;
  }
  const known = all.freedom > 0 && all.total > 0;
  return { means, phi: known ? Math.max(1, all.squares / all.freedom / (all.total / all.days)) : 1 };
}
