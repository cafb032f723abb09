import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from './paths.mjs';

const LINK = join(MODULES, '.bin', 'almanac');
const isWindows = process.platform === 'win32';

/**
 * Lets `npx almanac` run the program. With `bin` in package.json npx would find it, too, but would read the
 * whole of `node_modules` first, which takes a second of processor time. Without the link npx asks the registry;
 * `.npmrc` keeps it from running what it finds there.
 */
export function isLinked() {
  return isWindows || existsSync(LINK);
}

export function linkProgram() {
  mkdirSync(join(MODULES, '.bin'), { recursive: true });
  rmSync(LINK, { force: true });
  symlinkSync(join('..', '..', 'bin', 'almanac.js'), LINK);
}
