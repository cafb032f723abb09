import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFiles, fingerprint, readOrNull } from './fingerprint.mjs';
import { DIST, MODULES, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { step } from './report.mjs';

const STAMP = join(DIST, '.console');
const CONFIGURATION = ['package-lock.json', 'api/generated/api-client.ts'];

function currentStamp() {
  const configuration = CONFIGURATION.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const files = describeFiles(['console'], ['.ts', '.tsx', '.css', '.html', '.svg', '.json']);
  return fingerprint([...configuration, ...files.filter((line) => !line.startsWith('console/node_modules'))]);
}

export function isConsoleCurrent() {
  return readOrNull(STAMP) === currentStamp();
}

export async function buildConsole() {
  await step('Building the console', async () => {
    const stamp = currentStamp();
    rmSync(STAMP, { force: true });
    const vite = join(MODULES, 'vite', 'bin', 'vite.js');
    const args = ['build', '--config', join('console', 'vite.config.ts'), '--logLevel', 'warn'];
    // Otherwise a build that tests ask for would have React's development version.
    const env = { NODE_ENV: 'production' };
    await run(process.execPath, [vite, ...args], { env, what: "The console's build" });
    writeFileSync(STAMP, stamp);
  });
}
