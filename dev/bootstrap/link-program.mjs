import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from './paths.mjs';

const isWindows = process.platform === 'win32';
const LINK = join(MODULES, '.bin', isWindows ? 'almanac.cmd' : 'almanac');
const SHIM = '@node "%~dp0\\..\\..\\bin\\almanac.js" %*\r\n';

/**
 * Lets `npx almanac` run the program. With `bin` in package.json npx would find it, too, but would read the
 * whole of `node_modules` first, which takes a second of processor time. Without the link npx asks the registry;
 * `.npmrc` keeps it from running what it finds there.
 */
export function isLinked() {
  return existsSync(LINK);
}

export function linkProgram() {
  mkdirSync(join(MODULES, '.bin'), { recursive: true });
  rmSync(LINK, { force: true });
  if (isWindows) writeFileSync(LINK, SHIM);
  else symlinkSync(join('..', '..', 'bin', 'almanac.js'), LINK);
}

// `npm ci` and `npm install` run this file as the package's `prepare` script.
if (process.argv[1] === import.meta.filename) linkProgram();
