export { configSchema } from './json-schema.ts';
export { isMap, type NewSource, withSource } from './edit.ts';
export { readFilter } from './filter-text.ts';
export { parseYaml } from './yaml.ts';
export { loadConfig, secretProblems } from './load.ts';
export {
  type Client,
  type Config,
  ConfigError,
  type Heartbeat,
  type Portal,
  type Recipient,
  type ReportDefinition,
  type ScheduledReport,
  type Shift,
  type SlaPolicy,
  type Smtp,
  type Source,
  type Place,
} from './types.ts';
export { isSafeAddress } from './files.ts';
