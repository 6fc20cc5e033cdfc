/**
 * Puts every vendor through the contract and prints what came of it: vendor x scenario, vendor x refusal, what recorded answers
 * come to, and which requests were judged by a description. SOC_KPI_SEEDS and SOC_KPI_VENDOR as for the tests themselves.
 */
import { spawnSync } from 'node:child_process';

const tests = ['scenarios', 'refusals', 'recordings', 'described'].map((name) => `test/vendors/${name}.test.ts`);
const cwd = `${import.meta.dirname}/..`;
let failed = false;
for (const test of tests) {
  const { stdout, status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', test], { cwd, encoding: 'utf8' });
  failed ||= status !== 0;
  const lines = stdout.split('\n').filter((line) => /^(# |not ok )/.test(line) && !/^# (Subtest|tests|suites|pass|fail|cancelled|skipped|todo|duration_ms)\b/.test(line));
  console.log(lines.map((line) => line.replace(/^# /, '')).join('\n'));
}
process.exitCode = failed ? 1 : 0;
