import { join } from 'node:path';
import { PROJECT_ROOT } from '../project-root.ts';

/** The built command line, which every Node part of the stack runs. */
export const PROGRAM = join(PROJECT_ROOT, 'dist', 'program', 'main.js');
