import { z } from 'zod';
import { secretReference } from '../secret.ts';
import { loadVendor, vendorNames } from '../vendors/index.ts';
import { categories, client, daysAfter, main, reports, scheduledReport } from './files.ts';
import { commonSettings } from './source.ts';
import { recipientForms } from './places.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const reference: JsonSchema = { type: 'string', pattern: secretReference.source };

/** The JSON Schema of the four files, for editors: one schema, of which each file is one alternative. */
export async function configSchema(): Promise<JsonSchema> {
  const source = z.unknown().meta({ anyOf: await Promise.all(vendorNames.map(sourceSchema)) });
  const scheduled = scheduledReport.extend({
    schedule: z.union([z.string(), daysAfter]),
    recipients: z.array(z.union(Object.values(recipientForms))).default([]),
  });
  const whole = client
    .extend({ sources: z.record(z.string(), source), reports: z.array(z.union([z.string(), scheduled])).default([]) })
    .meta({ ...client.meta() });
  return describe(z.union([main, categories, reports, whole]));
}

async function sourceSchema(name: string): Promise<JsonSchema> {
  const vendor = await loadVendor(name);
  const { $schema: _, properties, required, ...own } = describe(vendor.settings, offerReferences);
  const common = describe(z.object(commonSettings));
  return {
    ...own,
    title: vendor.name,
    properties: { ...common.properties, ...properties, vendor: { const: name } },
    required: ['vendor', ...(required ?? [])],
  };
}

function describe(schema: z.ZodType, override: Override = () => {}): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7', override });
}

type Override = (context: { jsonSchema: JsonSchema }) => void;

/** Any text of a source may be a reference instead, which needs saying where a text has a form of its own. */
function offerReferences({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  const { type, format, pattern } = jsonSchema;
  if (type !== 'string' || pattern === reference.pattern || (format === undefined && pattern === undefined)) return;
  delete jsonSchema.type;
  delete jsonSchema.format;
  delete jsonSchema.pattern;
  jsonSchema.anyOf = [{ type, ...(format === undefined ? {} : { format }), ...(pattern === undefined ? {} : { pattern }) }, reference];
}
