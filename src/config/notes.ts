import { z } from 'zod';
import { problemAt } from './explain.ts';
import type { IncidentNote } from './types.ts';
import type { YamlFile } from './yaml.ts';

/** What people know of an incident and no product stores: it stands in the report beside what the product says. */

const text = z.string().trim().min(1).max(400);

const note = z.strictObject({
  source: z.string().describe('The id of the source, as above'),
  finding: z.union([z.string(), z.int()]).transform(String).describe("The product's own id of the finding"),
  impact: text.optional().describe('What it did: "two accounts disabled, no data lost"'),
  lesson: text.optional().describe('What is done so that it does not happen again'),
});

export const incidentNotes = z.array(note).describe('Impact and lesson of incidents, printed with them');

export function notesOf(
  given: z.infer<typeof incidentNotes>,
  sources: ReadonlyMap<string, unknown>,
  file: YamlFile,
  problems: string[],
): IncidentNote[] {
  return given.map(({ source, finding, impact, lesson }, index) => {
    if (!sources.has(source)) {
      const known = [...sources.keys()].join(', ');
      problems.push(problemAt(file, ['incident_notes', index, 'source'], `there is no source "${source}"; this client has ${known}`));
    }
    return { source, finding, ...(impact === undefined ? {} : { impact }), ...(lesson === undefined ? {} : { lesson }) };
  });
}
