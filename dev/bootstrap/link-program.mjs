import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from './paths.mjs';

const LINK = join(MODULES, '.bin', 'almanac');
const isWindows = process.platform === 'win32';

/** npm links only the programs of dependencies; without this link `npx almanac` asks the registry first. */
export function isLinked() {
  return isWindows || existsSync(LINK);
}

export function linkProgram() {
  mkdirSync(join(MODULES, '.bin'), { recursive: true });
  rmSync(LINK, { force: true });
  symlinkSync(join('..', '..', 'bin', 'almanac.js'), LINK);
}
