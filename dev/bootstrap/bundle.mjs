import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeFiles, fingerprint, readOrNull } from './fingerprint.mjs';
import { DIST, ROOT } from './paths.mjs';
import { step } from './report.mjs';

const BUNDLE = join(DIST, 'workflows', 'bundle.js');
const TRACED_BUNDLE = join(DIST, 'workflows', 'bundle-traced.js');
const STAMP = join(DIST, '.bundle');
/** Folders of the modules that a workflow may import, and of the bundler. */
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
    // Made by `npm run build` alone; without it, a worker that traces bundles the workflows itself.
    rmSync(TRACED_BUNDLE, { force: true });
    await writeBundle(BUNDLE, { traced: false });
    writeFileSync(STAMP, stamp);
  });
}

/** Bundles the workflows for workers that trace, ahead of time for production. */
export async function bundleTracedWorkflows() {
  if (existsSync(TRACED_BUNDLE)) return;
  await step('Bundling the workflows with tracing', () => writeBundle(TRACED_BUNDLE, { traced: true }));
}

async function writeBundle(file, options) {
  const bundler = await import(pathToFileURL(join(DIST, 'worker', 'bundle-workflows.js')).href);
  const { code } = await bundler.bundleWorkflows(options);
  mkdirSync(join(DIST, 'workflows'), { recursive: true });
  // Renamed into place: a worker that starts at the same time never reads half a bundle.
  writeFileSync(`${file}.new`, code);
  renameSync(`${file}.new`, file);
}
