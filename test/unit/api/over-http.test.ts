import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeApi } from '../../../api/openapi-document.ts';
import { overHttp } from '../../../api/over-http.ts';

const CLIENT = fileURLToPath(new URL('../../../client', import.meta.url));
/** What callers never see: the command line, and what only it can ask for. */
const COMMAND_LINE = /^(api|cli|doctor)\/|^(api-keys|schedules|schedule-definitions)\.ts$/;
/** Those who run Almanac have to do it. */
const NO_ROUTE = ['verify --repair', 'doctor', 'plan --apply'];

const lines = (readdirSync(CLIENT, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts') && !COMMAND_LINE.test(file))
  .flatMap((file) => readFileSync(join(CLIENT, file), 'utf8').split('\n'))
  .filter((line) => !/^ *[/*]/.test(line));
const commands = lines.flatMap((line) =>
  [...line.matchAll(/`almanac ([^`]*?)\\?`/g)].map(([, words = '']) => words),
);
const { paths = {} } = await describeApi();

it('names a route that exists for every command of a sentence', () => {
  expect(commands.length).toBeGreaterThan(15);
  for (const words of commands.filter((command) => !NO_ROUTE.includes(command))) {
    const [, method = '', path = ''] = /^`([A-Z]+) (\S+)`$/.exec(overHttp(`\`almanac ${words}\``)) ?? [];
    expect(Object.keys(paths[path] ?? {}), words).toContain(method.toLowerCase());
  }
});

it('leaves the rest of a sentence alone, and names the workspace', () => {
  const sentence = 'Workspace a has no task: `almanac task list a --all` lists those there are.';
  expect(overHttp(sentence, 'a')).toBe(
    'Workspace a has no task: `GET /api/v1/workspaces/a/tasks` lists those there are.',
  );
});
