import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { generatedPages } from '../../../cli/docs/generated-pages.ts';
import { PROJECT_ROOT } from '../../../dev/project-root.ts';
import {
  codeSpansOf,
  commandsOf,
  projectFiles,
  proseOf,
  readOtherPages,
  readPapers,
} from '../../support/papers.ts';

const papers = readPapers();
const pages = [...papers, ...readOtherPages()];
const MOST_README_LINES = 150;
const MOST_COLUMNS = 110;
const AVOIDED = /\b(whoever|somebody|nobody|heeds?|heeded|told of|those there are)\b/gi;
/** Those that only tests read. */
const TEST_VARIABLES = /^ALMANAC_(SLOW_TESTS|CLUSTER_WORKSPACES)$/;

/** The fragment that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** Part of an `almanac` command that the program does not have; null: none. */
function unknownPart(command: string): string | null {
  const words = command.replace(/^(npx )?almanac ?/, '').match(/"[^"]*"|\S+/g) ?? [];
  let at: Command = createProgram();
  for (const word of words) {
    if (word === '|' || word === '>') return null;
    if (word.startsWith('--')) {
      const name = word.replace(/[=,.)].*$/, '');
      const known = [...at.options.map(({ long }) => long), '--help', '--version'];
      if (!known.includes(name)) return `${at.name()} ${name}`;
    } else {
      const next = at.commands.find((one) => [one.name(), ...one.aliases()].includes(word));
      if (next === undefined && at.registeredArguments.length === 0 && at.commands.length > 0)
        return `${at.name()} ${word}`;
      at = next ?? at;
    }
  }
  return null;
}

describe('the papers', () => {
  it('begin with a README that is read in one sitting', () => {
    const [readme] = papers;
    expect(readme?.path).toBe('README.md');
    expect(readme?.text.split('\n').length).toBeLessThanOrEqual(MOST_README_LINES);
  });

  it.each(pages)('link to what exists: $path', ({ path, text }) => {
    const broken: string[] = [];
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const linked = join(PROJECT_ROOT, file === '' ? path : join(dirname(path), file));
      const isThere = existsSync(linked);
      const hasAnchor = !anchor || (isThere && anchorsOf(readFileSync(linked, 'utf8')).includes(anchor));
      if (!isThere || !hasAnchor) broken.push(target);
    }
    expect(broken).toEqual([]);
  });

  it.each(pages)('name source files that exist: $path', (paper) => {
    const names = new Set(projectFiles().flatMap((file) => [file, basename(file)]));
    const named = codeSpansOf(paper).filter((code) =>
      /^[\w./-]+\.(ts|mjs|yaml|yml|sh|json|txt|md)$/.test(code),
    );
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(pages)('name commands and options that the program has: $path', (paper) => {
    const spans = codeSpansOf(paper).filter((code) => code.startsWith('almanac '));
    const fenced = commandsOf(paper).map(({ command }) => command);
    const commands = [...spans, ...fenced.filter((command) => /^(npx )?almanac /.test(command))];
    expect(commands.map(unknownPart).filter((part) => part !== null)).toEqual([]);
  });

  it.each(papers)('name variables that `.env.example` explains: $path', (paper) => {
    const example = readFileSync(join(PROJECT_ROOT, '.env.example'), 'utf8');
    const explained = new Set([...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name));
    const prefixes = [...explained].map((name) => `${name?.split('_')[0]}_`);
    const named = codeSpansOf(paper)
      .flatMap((code) => code.match(/^[A-Z][A-Z_]+[A-Z](?==|$)/) ?? [])
      .filter(
        (name) =>
          prefixes.some((prefix) => name.startsWith(prefix)) &&
          !name.startsWith('OTEL_') &&
          !TEST_VARIABLES.test(name),
      );
    expect(named.filter((name) => !explained.has(name))).toEqual([]);
  });

  it.each(papers)('use plain English (CONTRIBUTING, "English"): $path', (paper) => {
    const words =
      proseOf(paper)
        .replaceAll(/"[^"\n]*"/g, '')
        .match(AVOIDED) ?? [];
    expect(words).toEqual([]);
  });

  it.each(papers)('are wrapped: $path', (paper) => {
    const long = proseOf(paper)
      .split('\n')
      .filter((line) => line.length > MOST_COLUMNS && !/^\s*\|/.test(line) && /\s/.test(line.trim().slice(2)))
      .filter((line) => !/\]\([^)]{40,}\)/.test(line));
    expect(long).toEqual([]);
  });
});

describe('pages that are made from code', async () => {
  it.each(await generatedPages())('are up to date (`npm run generate:docs`): $file', ({ file, text }) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
