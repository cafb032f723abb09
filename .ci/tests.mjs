// Runs every test. The files of those that failed are run once more, by themselves: on two busy cores a time limit
// may pass that holds otherwise. What passes only then is named. Writes `<passed> <failed>` into the given file.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const REPORT = '.almanac/test-report.json';
/** More failures than these are no matter of time. */
const MOST_RUN_AGAIN = 10;
const MAX_REASON_LENGTH = 300;

/** Tests that failed, and files that could not be loaded, by name, and the number of those that passed. */
function runTests(args) {
  rmSync(REPORT, { force: true });
  const output = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const { status } = spawnSync('npm', ['test', '--silent', '--', ...output, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ALMANAC_SLOW_TESTS: 'true' },
  });
  const { numPassedTests, testResults } = JSON.parse(readFileSync(REPORT, 'utf8'));
  const failures = testResults.flatMap(({ name, status: fileStatus, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0 && fileStatus === 'failed') return [{ file, name: file, reason: message }];
    return tests.map((test) => ({
      file,
      name: `${file}: ${test.fullName}`,
      reason: test.failureMessages.join(' '),
    }));
  });
  // An error outside of any test.
  if (failures.length === 0 && status !== 0)
    failures.push({ file: null, name: 'The run itself', reason: '' });
  return { passed: numPassedTests, failures };
}

function tell(heading, failures) {
  console.log(`── ${heading}`);
  for (const { name, reason } of failures)
    console.log(`  ${name}\n    ${reason.slice(0, MAX_REASON_LENGTH).replaceAll('\n', '\n    ')}`);
}

const first = runTests([]);
let counts = [first.passed, first.failures.length];
const files = [...new Set(first.failures.map(({ file }) => file))];
if (files.length > 0) tell('Tests that failed', first.failures);
if (files.length > 0 && files.length <= MOST_RUN_AGAIN && !files.includes(null)) {
  console.log('── Their files again, one after the other');
  const again = runTests(['--no-file-parallelism', ...files]);
  const names = new Set(again.failures.map(({ name }) => name));
  const unsteady = first.failures.filter(({ name }) => !names.has(name));
  if (unsteady.length > 0) tell('Tests that passed only when they were run again', unsteady);
  if (again.failures.length > 0) tell('Tests that failed again', again.failures);
  counts = [first.passed + unsteady.length, again.failures.length];
}
writeFileSync(process.argv[2], counts.join(' '));
