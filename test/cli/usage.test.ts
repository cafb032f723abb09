import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runCli } from '../support/run-cli.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const RANGE = ['--from', '2026-12-01', '--to', '2026-12-01'];

let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  env = { DATABASE_URL: database.url };
  for (const id of ['acme', 'globex']) await seedWorkspace(database.prisma, id);
});
afterAll(() => database.drop());

it('prints what one workspace used, or all of them', async () => {
  const one = await runCli(['usage', 'acme', ...RANGE, '--json'], { env });
  expect(JSON.parse(one.stdout)).toMatchObject([{ workspaceId: 'acme', syncs: 1, googleRequests: 1 }]);
  const all = await runCli(['usage', ...RANGE], { env });
  expect(all.stdout).toMatch(/2026-12-01 .* acme .*\n.*2026-12-01 .* globex /);
});

it('prints CSV and nothing else with --csv', async () => {
  const { code, stdout, stderr } = await runCli(['usage', ...RANGE, '--csv'], { env });
  expect(code).toBe(0);
  expect(stdout.split('\r\n')).toEqual([
    'day,workspaceId,calendars,events,syncs,changes,eventWrites,googleRequests,apiCalls,deliveryAttempts,deliveries,temporalActions',
    '2026-12-01,acme,,,1,1,0,1,1,0,0,0',
    '2026-12-01,globex,,,1,1,0,1,1,0,0,0',
    '',
  ]);
  expect(stderr).toBe('');
});

it('refuses a day that is none, and CSV together with JSON', async () => {
  const wrong = await runCli(['usage', '--from', 'monday'], { env });
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('from');
  expect((await runCli(['usage', '--csv', '--json'], { env })).code).toBe(2);
});
