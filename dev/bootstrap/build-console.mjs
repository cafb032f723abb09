import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFiles, fingerprint, readOrNull } from './fingerprint.mjs';
import { DIST, ROOT } from './paths.mjs';
import { step } from './report.mjs';

const STAMP = join(DIST, '.console');
const CONFIGURATION = ['package-lock.json', 'api/generated/api-client.ts', 'scheduling/render-reason.ts'];

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
    // Not above: this file is read before the dependencies are installed.
    const { build } = await import('vite');
    await build({ configFile: join(ROOT, 'console', 'vite.config.ts'), logLevel: 'warn' });
    writeFileSync(STAMP, stamp);
  });
}
