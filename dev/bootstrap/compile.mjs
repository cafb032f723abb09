import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProgram } from './bundle-program.mjs';
import { describeFiles, fingerprint, readOrNull } from './fingerprint.mjs';
import { DIST, MODULES, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { step } from './report.mjs';

const STAMP = join(DIST, '.sources');
const CONFIGURATION = [
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'dev/bootstrap/bundle-program.mjs',
];

/** Folders that `tsconfig.build.json` compiles, without the pattern after the folder's name. */
function sourceFolders() {
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.build.json'), 'utf8'));
  return include.map((pattern) => pattern.split('/')[0]);
}

function currentStamp() {
  const configuration = CONFIGURATION.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  return fingerprint([...configuration, ...describeFiles(sourceFolders(), ['.ts', '.json'])]);
}

export function isCompiled() {
  return readOrNull(STAMP) === currentStamp();
}

export async function compile() {
  await step('Compiling', async () => {
    const stamp = currentStamp();
    rmSync(STAMP, { force: true });
    const tsc = join(MODULES, 'typescript', 'bin', 'tsc');
    await run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { what: 'The compiler' });
    await bundleProgram();
    writeFileSync(STAMP, stamp);
  });
}
