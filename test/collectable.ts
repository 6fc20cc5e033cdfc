import { z } from 'zod';
import type { Finding } from '../src/finding.ts';
import { defineVendor, questions } from '../src/vendors/vendor.ts';

/** The least a vendor is: records are { id, at, title }, pages none. Tests replace what they are about. */
export const collectable = defineVendor<object, { id: string; at: number; title: string }>({
  id: 'collectable',
  name: 'Collectable',
  family: 'siem',
  permissions: [],
  settings: z.object({}),
  connection: () => ({ base_url: 'https://nowhere.invalid' }),
  // Every question is there because the list of them is gone through.
  capability: Object.fromEntries(questions.map((question) => [question, { answer: 'no' }])) as never,
  check: async () => 'Collectable 1',
  async *pages() {},
  raw: z.object({ id: z.string(), at: z.number(), title: z.string() }),
  normalise: ({ id, at, title }): Finding => ({
    native_id: id,
    kind: 'alert',
    product: 'Collectable',
    title,
    severity: 0,
    status: 'new',
    verdict: null,
    created_at: at,
    escalated: null,
    rules: [{ name: title }],
    entities: [],
    attacks: [],
    tags: [],
    networks: [],
    log_sources: [],
  }),
});
