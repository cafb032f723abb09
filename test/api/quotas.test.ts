import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../services/keys/api-keys.ts';
import { QuotaExceededError } from '../../services/errors.ts';
import { importTasks } from '../../services/planning/import-tasks.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { startTestEmulator } from '../support/emulator.ts';

const AT_ONCE = 12;
const ROOM = 3;

let api: TestApi;
let google: Awaited<ReturnType<typeof startTestEmulator>>;
beforeAll(async () => {
  google = await startTestEmulator();
  api = await startTestApi({
    environment: {
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
      GOOGLE_API_ROOT_URL: google.url,
      GOOGLE_OAUTH_TOKEN_URL: `${google.url}/token`,
    },
  });
  await api.prisma.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } });
});
afterAll(() => Promise.all([api.close(), google.close()]));

/** How many of many creates at once succeed; the others are refused as they should be. */
async function race(create: (n: number) => ReturnType<TestApi['call']>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => create(n)));
  const refused = answers.filter(({ status }) => status >= 400);
  for (const { status, body } of refused)
    expect({ status, type: body.type, detail: body.detail }).toEqual({
      status: 409,
      type: 'quota-exceeded',
      detail: expect.stringMatching(/^There may be at most \d+ .+, and there are \d+: remove some/),
    });
  return AT_ONCE - refused.length;
}

const post = (path: string, body: object, method = 'POST') =>
  api.call(`/api/v1/workspaces/acme/${path}`, { method, body });

describe('a workspace', () => {
  it('has at most 10,000 tasks, however many are created at once, and as many from a file', async () => {
    await api.prisma.$executeRaw`
      insert into tasks (workspace_id, title, duration_minutes)
      select 'acme', 'Task', 30 from generate_series(1, 10000 - ${ROOM}::int) n`;
    expect(await race(() => post('tasks', { title: 'One more', durationMinutes: 30 }))).toBe(ROOM);
    expect(await api.prisma.task.count({ where: { workspaceId: 'acme' } })).toBe(10_000);
    const file = JSON.stringify([{ id: 'a', title: 'Imported', durationMinutes: 30 }]);
    await expect(importTasks(api.prisma, 'acme', file, 'json')).rejects.toThrow(QuotaExceededError);
  });

  it('has at most 500 habits, with at most 1,000 skipped days each', async () => {
    await api.prisma.$executeRaw`
      insert into habits (workspace_id, title, rrule, start_date, duration_minutes, min_minutes)
      select 'acme', 'Habit', 'FREQ=DAILY', '2026-01-05', 30, 30 from generate_series(1, 500 - ${ROOM}::int) n`;
    const habit = { title: 'One more', rrule: 'FREQ=DAILY', durationMinutes: 30 };
    expect(await race(() => post('habits', habit))).toBe(ROOM);

    const { id } = await api.prisma.habit.findFirstOrThrow({ where: { workspaceId: 'acme' } });
    await api.prisma.$executeRaw`
      insert into habit_skips (habit_id, day)
      select ${id}::uuid, date '2026-01-01' + n from generate_series(1, 1000 - ${ROOM}::int) n`;
    const skip = (n: number) => post(`habits/${id}/skips/2040-01-${10 + n}`, {}, 'PUT');
    expect(await race(skip)).toBe(ROOM);
    expect((await post(`habits/${id}/skips/2026-01-02`, {}, 'PUT')).status).toBe(200);
  });

  it('has at most 50 types of hours', async () => {
    await api.prisma.$executeRaw`
      insert into calendar_hours (workspace_id, type, weekday, blocks)
      select 'acme', 'type' || n, 'mon', '{}' from generate_series(1, 50 - ${ROOM}::int) n`;
    const set = (n: number) => post('hours', { type: `more${n}`, days: ['mon'], blocks: [] }, 'PUT');
    expect(await race(set)).toBe(ROOM);
    expect((await post('hours', { type: 'type1', days: ['tue'], blocks: [] }, 'PUT')).status).toBe(200);
  });

  it('has at most 100 accounts', async () => {
    await api.prisma.$executeRaw`
      insert into calendar_auth_tokens (id, workspace_id, email, key_id, refresh_token)
      select gen_random_uuid(), 'acme', 'user' || n || '@example.com', 'k', ''
      from generate_series(1, 100) n`;
    const email = 'more@example.com';
    const { refreshToken } = await google.admin.createUser({ email, timeZone: 'UTC' });
    expect(await post('accounts', { email, refreshToken })).toMatchObject({
      status: 409,
      body: { type: 'quota-exceeded' },
    });
    expect(await api.prisma.calendarAuthToken.count({ where: { workspaceId: 'acme' } })).toBe(100);
  });

  it('has at most 100 keys that are not revoked', async () => {
    const context = { database: api.prisma, now: () => new Date() };
    const made = await Promise.allSettled(
      Array.from({ length: 110 }, () => createApiKey(context, { name: 'test', workspaceId: 'acme' })),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
  });

  it('refuses a task that waits for more than a hundred', async () => {
    const after = Array.from({ length: 101 }, () => '00000000-0000-4000-8000-000000000000');
    expect(await post('tasks', { title: 'Waits', durationMinutes: 30, after })).toMatchObject({
      status: 400,
      body: { field: 'after', detail: expect.stringContaining('at most 100') },
    });
  });
});
