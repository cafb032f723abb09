import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeFiles, fingerprint, readOrNull } from './fingerprint.mjs';
import { DIST, ROOT } from './paths.mjs';
import { step } from './report.mjs';

const BUNDLE = join(DIST, 'workflows', 'bundle.js');
const TRACED_BUNDLE = join(DIST, 'workflows', 'bundle-traced.js');
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
    // Made by `npm run build` alone; a worker that misses it makes its own.
    rmSync(TRACED_BUNDLE, { force: true });
    await writeBundle(BUNDLE, { traced: false });
    writeFileSync(STAMP, stamp);
  });
}

/** The script for workers that trace: production wants it ready, everybody else can wait for it. */
export async function bundleTracedWorkflows() {
  if (existsSync(TRACED_BUNDLE)) return;
  await step('Bundling the workflows with tracing', () => writeBundle(TRACED_BUNDLE, { traced: true }));
}

async function writeBundle(file, options) {
  const bundler = await import(pathToFileURL(join(DIST, 'worker', 'bundle-workflows.js')).href);
  const { code } = await bundler.bundleWorkflows(options);
  mkdirSync(join(DIST, 'workflows'), { recursive: true });
  // A worker that starts meanwhile reads the old bundle or the new one, never half of one.
  writeFileSync(`${file}.new`, code);
  renameSync(`${file}.new`, file);
}
