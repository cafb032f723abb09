import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { createProgram } from '../program.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { describeCommands } from './describe-commands.ts';
import { describeFailures } from './describe-failures.ts';

const BEGIN = '<!-- begin of what `npm run generate:docs` writes -->';
const END = '<!-- end of what `npm run generate:docs` writes -->';

export interface GeneratedPage {
  /** Absolute. */
  file: string;
  /** Content that the file should have. */
  text: string;
}

async function asPage(file: string, markdown: string): Promise<GeneratedPage> {
  const path = join(PROJECT_ROOT, file);
  return {
    file: path,
    text: await format(markdown, { parser: 'markdown', proseWrap: 'always', printWidth: 110 }),
  };
}

/** A page whose other parts are written by hand. */
function replaceGenerated(file: string, markdown: string): string {
  const page = readFileSync(join(PROJECT_ROOT, file), 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`${file} lacks the marks between which to write.`);
  return `${before}${BEGIN}\n\n${markdown}\n\n${END}${after}`;
}

/** Every page of `docs/` that is made from code, wholly or in part. */
export async function generatedPages(): Promise<GeneratedPage[]> {
  const failures = 'docs/operate/failures.md';
  return Promise.all([
    asPage('docs/cli.md', describeCommands(createProgram())),
    asPage(failures, replaceGenerated(failures, describeFailures())),
  ]);
}
