export { configSchema } from './json-schema.ts';
export { loadConfig, secretProblems } from './load.ts';
export { type Client, type Config, ConfigError, type ReportDefinition, type Shift, type SlaPolicy, type Source } from './types.ts';
