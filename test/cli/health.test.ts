import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runCli } from '../support/run-cli.ts';

let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  env = { DATABASE_URL: database.url };
});
afterAll(() => database.drop());

it('prints the report on an installation as text, HTML and JSON', async () => {
  expect((await runCli(['health'], { env })).stdout).toMatch(/^Almanac is pending, 20.*\n\nCalendars\n/);
  expect((await runCli(['health', '--html'], { env })).stdout).toMatch(/^<!doctype html>\n/);
  expect(JSON.parse((await runCli(['health', '--json'], { env })).stdout)).toMatchObject({
    overall: { workspaces: 0 },
    oldestCalendar: null,
    failures: [],
    verification: { lastAt: null, calendars: 0 },
  });
});
