import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runCli } from '../support/run-cli.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const AGENDA = ['agenda', 'acme', '--day', '2026-12-01'];

let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  env = { DATABASE_URL: database.url };
  await seedWorkspace(database.prisma, 'acme');
});
afterAll(() => database.drop());

it('prints the agenda of a day as text, HTML and JSON', async () => {
  expect((await runCli(AGENDA, { env })).stdout).toMatch(
    /^2026-12-01, UTC\n\nEvents\n {2}09:00–10:00 {2}Title/,
  );
  expect((await runCli([...AGENDA, '--html'], { env })).stdout).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
  expect(JSON.parse((await runCli([...AGENDA, '--json'], { env })).stdout)).toMatchObject({
    day: '2026-12-01',
    events: [{ title: 'Title of acme' }],
  });
});

it('refuses a day that is none', async () => {
  const { code, stderr } = await runCli(['agenda', 'acme', '--day', 'monday'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain('day');
});
