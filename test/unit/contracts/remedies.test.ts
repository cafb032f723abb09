import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import document from '../../../api/generated/openapi.json' with { type: 'json' };
import { ROUTE_WORDS, withRoute } from '../../../api/remedies.ts';
import { createProgram } from '../../../cli/program.ts';
import { COMMAND_WORDS, withCommand } from '../../../cli/remedies.ts';
import { RemedyAction } from '../../../contracts/remedies.ts';

const ACTIONS = Object.values(RemedyAction);
const HOUSE = fileURLToPath(new URL('../../../', import.meta.url));
/** Remedies that are the same at every edge. */
const ROOMS = ['activities', 'client', 'contracts', 'prisma', 'services', 'workflows'];

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words);
const paths: Record<string, object> = document.paths;
const program = createProgram();

/** The command that words begin with; the program itself where there is none. */
function commandOf(words: readonly string[], parent: Command = program): Command {
  const child = parent.commands.find((command) => command.name() === words[0]);
  return child === undefined ? parent : commandOf(words.slice(1), child);
}

describe('every remedy', () => {
  it.each(ACTIONS)('has a command that exists: %s', (action) => {
    const commands = quoted(COMMAND_WORDS[action]).filter((words) => words.startsWith('almanac '));
    expect(commands.length).toBeGreaterThan(0);
    for (const words of commands.map((command) => command.split(' ').slice(1))) {
      const command = commandOf(words);
      expect(command.parent, words.join(' ')).not.toBeNull();
      expect(command.commands.length === 0 || command.name() === 'plan', words.join(' ')).toBe(true);
      const options = command.options.map(({ long }) => long);
      expect(options).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))));
    }
  });

  it.each(ACTIONS)('has a route that exists, or is the operator’s: %s', (action) => {
    const words = ROUTE_WORDS[action];
    const routes = quoted(words);
    expect(routes.length > 0 || words.startsWith('Ask the operator ')).toBe(true);
    for (const [method = '', path = ''] of routes.map((route) => route.split(' ')))
      expect(paths[path]).toHaveProperty(method.toLowerCase());
  });

  it('names what the error is about, else the workspace of the request', () => {
    const error = { message: 'Wrong.', remedy: { action: RemedyAction.listTasks, workspaceId: 'acme' } };
    expect(withRoute(error)).toBe('Wrong. `GET /api/v1/workspaces/acme/tasks` lists the existing ones.');
    expect(withCommand(error)).toBe('Wrong. Run `almanac task list acme --all` to see the existing ones.');
    expect(withRoute({ message: 'Wrong.', remedy: { action: RemedyAction.listBlocks } }, 'a')).toContain(
      'workspaces/a/blocks',
    );
    expect(withRoute({ message: 'Wrong.' })).toBe('Wrong.');
  });
});

it('leaves the command line to the edges', () => {
  const names = program.commands.map((command) => command.name()).join('|');
  const command = new RegExp(`\\balmanac (${names})\\b`);
  const lines = ROOMS.flatMap((room) =>
    (readdirSync(join(HOUSE, room), { recursive: true }) as string[])
      .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
      .flatMap((file) => readFileSync(join(HOUSE, room, file), 'utf8').split('\n')),
  );
  expect(lines.length).toBeGreaterThan(1_000);
  expect(lines.filter((line) => !/^ *(\/?\*|\/\/)/.test(line) && command.test(line))).toEqual([]);
});
