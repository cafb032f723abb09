import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

/** A Markdown file of the repository. */
export interface Paper {
  /** From the root of the repository. */
  path: string;
  text: string;
}

/** A command in a fenced block, its continuation lines joined and its comments left out. */
export interface PaperCommand {
  paper: string;
  command: string;
}

/** Files that git has or would add, from the root of the repository. */
export function projectFiles(): string[] {
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', listing, { cwd: PROJECT_ROOT, encoding: 'utf8' }).split('\n');
  return [...new Set(files)].filter((file) => file !== '' && existsSync(join(PROJECT_ROOT, file)));
}

const PAPERS = /^(README|CONTRIBUTING|SECURITY|CHANGELOG)\.md$|^(docs|examples)\/.*\.md$/;
/** First what everyone reads. */
const ORDER = ['README.md', 'docs/', 'CONTRIBUTING.md', 'examples/', 'SECURITY.md', 'CHANGELOG.md'];

/** The papers whose claims and commands are tested, in the order in which a newcomer meets them. */
export function readPapers(): Paper[] {
  const rank = (path: string) => ORDER.findIndex((start) => path.startsWith(start));
  const depth = (path: string) => path.split('/').length;
  return projectFiles()
    .filter((path) => PAPERS.test(path))
    .toSorted((a, b) => rank(a) - rank(b) || depth(a) - depth(b) || a.localeCompare(b))
    .map((path) => ({ path, text: readFileSync(join(PROJECT_ROOT, path), 'utf8') }));
}

/** Every other page of the repository: its links and names are tested as well. */
export function readOtherPages(): Paper[] {
  return projectFiles()
    .filter((path) => path.endsWith('.md') && !PAPERS.test(path))
    .map((path) => ({ path, text: readFileSync(join(PROJECT_ROOT, path), 'utf8') }));
}

const FENCE = /^ *```(\w*)[^\n]*\n([\s\S]*?)^ *```$/gm;

/** The text without its fenced blocks. */
export function proseOf({ text }: Paper): string {
  return text.replaceAll(FENCE, '');
}

/** Code spans of the prose. */
export function codeSpansOf(paper: Paper): string[] {
  return [...proseOf(paper).matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' '),
  );
}

/** Every command of the fenced blocks for a shell. */
export function commandsOf({ path, text }: Paper): PaperCommand[] {
  return [...text.matchAll(FENCE)]
    .filter(([, language = '']) => ['sh', 'bash'].includes(language))
    .flatMap(([, , block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((command) => ({ paper: path, command }));
}
