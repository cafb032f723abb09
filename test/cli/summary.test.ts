import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runCli } from '../support/run-cli.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const SUMMARY = ['summary', 'acme', '--week', '2026-W49'];

let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  env = { DATABASE_URL: database.url };
  await seedWorkspace(database.prisma, 'acme');
});
afterAll(() => database.drop());

it('prints the summary of a week as text, HTML and JSON', async () => {
  expect((await runCli(SUMMARY, { env })).stdout).toMatch(/^2026-W49, UTC\n\nTime\n {2}Meetings: unknown/);
  expect((await runCli([...SUMMARY, '--html'], { env })).stdout).toMatch(/^<!doctype html>\n.*<\/html>\n$/s);
  expect(JSON.parse((await runCli([...SUMMARY, '--json'], { env })).stdout)).toMatchObject({
    week: '2026-W49',
    from: '2026-11-30',
    to: '2026-12-07',
    meetingMinutes: null,
  });
});

it('refuses a week that is none', async () => {
  const { code, stderr } = await runCli(['summary', 'acme', '--week', '2026-48'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain('week');
});
