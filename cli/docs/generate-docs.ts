import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { generatedPages } from './generated-pages.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

/** Writes the pages of `docs/` that are made from code. */
for (const { file, text } of await generatedPages()) {
  writeFileSync(file, text);
  process.stdout.write(`${relative(PROJECT_ROOT, file)} is written.\n`);
}
