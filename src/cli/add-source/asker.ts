import { createInterface } from 'node:readline/promises';

interface Prompt {
  text: string;
  /** The only answers; none: any. */
  choices: readonly string[];
  /** Taken for an empty answer. */
  suggestion?: string;
}

/** Asks until there is an answer. */
export type Asker = (prompt: Prompt) => Promise<string>;

/** Questions on a terminal; undefined where nobody sits at one. */
export function terminal(): Asker | undefined {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  return async ({ text, choices, suggestion }) => {
    const lines = createInterface({ input: stdin, output: stderr });
    try {
      for (;;) {
        const hint = suggestion ?? (choices.length > 0 && choices.length < 6 ? choices.join('/') : undefined);
        const answer = (await lines.question(hint === undefined ? `${text}: ` : `${text} [${hint}]: `)).trim() || suggestion;
        if (answer !== undefined && answer !== '' && (choices.length === 0 || choices.includes(answer))) return answer;
      }
    } finally {
      lines.close();
    }
  };
}
