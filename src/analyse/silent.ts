import type { Findings } from './findings.ts';

/** Rows of sources that tell no history: where even a reopening has to be concluded from observations, nothing in between is told. */
export function silentRows({ view, client }: Findings): (row: number) => boolean {
  const { codes, values } = view.text('source');
  const silent = values.map((name) => {
    const answer = client.sources.get(name)?.vendor?.capability.reopened.answer;
    return answer === 'derived' || answer === 'no';
  });
  return (row) => silent[codes[row] ?? -1] === true;
}
