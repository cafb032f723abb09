import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const DIST = join(ROOT, 'dist');
/** The command line as users run it: see bundle-program.mjs. */
export const PROGRAM = join(DIST, 'program', 'main.js');
export const MODULES = join(ROOT, 'node_modules');
/** Development state: never committed, removed by hand or by `npm start -- --reset`. */
export const STATE = join(ROOT, '.almanac');
