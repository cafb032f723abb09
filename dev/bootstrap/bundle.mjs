import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeFiles, fingerprint, readOrNull } from './fingerprint.mjs';
import { DIST, ROOT } from './paths.mjs';
import { step } from './report.mjs';

const BUNDLE = join(DIST, 'workflows', 'bundle.js');
const STAMP = join(DIST, '.bundle');
/** What a workflow may import, and what turns it into a bundle. */
const FOLDERS = ['workflows', 'contracts', 'worker'];

function currentStamp() {
  return fingerprint([
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
    ...describeFiles(FOLDERS, ['.ts']),
  ]);
}

export function isBundleCurrent() {
  return readOrNull(STAMP) === currentStamp();
}

export async function bundleWorkflows() {
  await step('Bundling the workflows', async () => {
    const stamp = currentStamp();
    const bundler = await import(pathToFileURL(join(DIST, 'worker', 'bundle-workflows.js')).href);
    const { code } = await bundler.bundleWorkflows();
    mkdirSync(join(DIST, 'workflows'), { recursive: true });
    // A worker that starts meanwhile reads the old bundle or the new one, never half of one.
    writeFileSync(`${BUNDLE}.new`, code);
    renameSync(`${BUNDLE}.new`, BUNDLE);
    writeFileSync(STAMP, stamp);
  });
}
