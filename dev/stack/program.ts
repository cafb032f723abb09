import { join } from 'node:path';
import { PROJECT_ROOT } from '../project-root.ts';

/** The built command line, which the Node parts of the stack run. */
export const PROGRAM = join(PROJECT_ROOT, 'dist', 'cli', 'main.js');
