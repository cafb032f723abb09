import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorkspace } from '../../services/workspaces.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { runCli } from '../support/run-cli.ts';

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await createClientFixture();
  await createWorkspace(fixture.prisma, { id: 'acme', timeZone: 'UTC' });
});
afterAll(() => fixture.drop());

const run = (args: string[], input?: string) =>
  runCli([...args, '--json'], { env: { DATABASE_URL: fixture.url }, ...(input !== undefined && { input }) });

it('stores a template from standard input, and makes what is in it', async () => {
  const content = { tasks: [{ name: 'outline', title: 'Outline', durationMinutes: 60, deadlineDay: 3 }] };
  const created = await run(['template', 'create', 'report', '-'], JSON.stringify(content));
  expect(created.code).toBe(0);
  expect(await run(['template', 'create', 'other', '-'], '[]')).toMatchObject({ code: 2 });
  expect(JSON.parse((await run(['template', 'list'])).stdout)).toEqual([
    { name: 'report', tasks: 1, habits: 0 },
  ]);
  expect(JSON.parse((await run(['template', 'show', 'report'])).stdout)).toMatchObject(content);
  const applied = await run(['task', 'apply-template', 'acme', 'report', '--start', '2027-03-01']);
  expect(JSON.parse(applied.stdout)).toMatchObject({ tasks: [{ title: 'Outline' }], habits: [] });
  expect(await run(['template', 'delete', 'report'])).toMatchObject({ code: 0 });
  expect(await run(['template', 'show', 'report'])).toMatchObject({ code: 1 });
});
