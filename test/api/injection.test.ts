import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWorkspace } from '../support/seed-workspace.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { calendarRow, expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

/** Texts that break statements, headers, logs, JSON, HTML, shells and paths put together by hand. */
const HOSTILE = [
  "'; drop table workspaces; --",
  "' or '1'='1",
  '"; delete from tasks where "a"="a',
  "\\'; select pg_sleep(10); --",
  '$$; drop schema public cascade; $$',
  '${process.exit(1)} #{7*7} {{7*7}} %s %n',
  '$1 $2 ? :name @name',
  'E\'\\x27\' U&"\\0027"',
  '/* */ -- ; \\',
  'x\r\nSet-Cookie: admin=true\r\n\r\n<html>',
  'Bcc: all@example.com%0d%0a',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '{"__proto__": {"admin": true}}',
  '../../../../etc/passwd',
  '$(touch /tmp/pwned) `id` | nc',
  "O'Brien \u202e \u2028 \ufeff 👩‍👩‍👧 ﷽ Ω",
];

let stack: WorkflowStack;
let api: TestApi;
let key: string;
const log: string[] = [];

beforeAll(async () => {
  stack = await startWorkflowStack();
  api = await startTestApi({
    stack: { prisma: stack.database, temporal: stack.temporal },
    environment: {
      TOKEN_ENCRYPTION_KEY: [stack.environment['TOKEN_ENCRYPTION_KEY'] ?? ''],
      GOOGLE_CLIENT_ID: stack.environment['GOOGLE_CLIENT_ID'],
      GOOGLE_CLIENT_SECRET: stack.environment['GOOGLE_CLIENT_SECRET'],
      GOOGLE_API_ROOT_URL: stack.environment['GOOGLE_API_ROOT_URL'] ?? '',
      GOOGLE_OAUTH_TOKEN_URL: stack.environment['GOOGLE_OAUTH_TOKEN_URL'] ?? '',
    },
    dependencies: { logger: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }) },
  });
  await seedWorkspace(stack.database, 'witness');
  await stack.connect('acme', 'anna@example.com', 'UTC');
  key = await api.createKey('acme');
});
afterAll(async () => {
  await api.close();
  await stack.close();
});

const PATH = '/api/v1/workspaces/acme';
const ask = (path: string, method = 'GET', body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`${PATH}${path}`, { method, body, headers, key });

/** Nothing else has changed, whatever the strings were. */
async function witnessStands(): Promise<void> {
  expect(await stack.database.workspace.count({ where: { id: { in: ['acme', 'witness'] } } })).toBe(2);
  expect(await stack.database.task.count({ where: { workspaceId: 'witness' } })).toBe(2);
}

describe('hostile strings', () => {
  it('come through from Google as titles: mirror, occurrences and events of the API', async () => {
    const google = 'anna@example.com';
    for (const [index, summary] of HOSTILE.entries()) {
      const day = String(index + 1).padStart(2, '0');
      await stack.google.insertEvent(google, {
        summary,
        description: summary,
        location: summary,
        start: { dateTime: `2026-12-${day}T12:00:00Z` },
        end: { dateTime: `2026-12-${day}T13:00:00Z` },
      });
    }
    await stack.withWorkers(() => stack.sync('acme', 'full'));
    await expectMirrorEqualsGoogle(stack, google);
    const { id } = await calendarRow(stack, google);
    const { status, body } = await ask(`/events?from=2026-12-01&to=2027-01-01&calendarIds=${id}`);
    expect(status).toBe(200);
    expect(body.events.map(({ title }: { title: string }) => title)).toEqual(HOSTILE);
    await witnessStands();
  });

  it('come through as titles of tasks', async () => {
    for (const title of HOSTILE) {
      const added = await ask('/tasks', 'POST', { title, durationMinutes: 30 });
      expect(added).toMatchObject({ status: 201, body: { title: title.trim() } });
    }
    const { body } = await ask('/tasks');
    expect(body.map(({ title }: { title: string }) => title)).toEqual(HOSTILE);
    await witnessStands();
  });

  it('come through as titles of habits', async () => {
    for (const title of HOSTILE) {
      const habit = { title, rrule: 'FREQ=DAILY', durationMinutes: 30 };
      expect(await ask('/habits', 'POST', habit)).toMatchObject({ status: 201, body: { title } });
    }
    const { body } = await ask('/habits');
    expect(body.map(({ title }: { title: string }) => title)).toEqual(HOSTILE);
    await witnessStands();
  });

  it('come through as correlation IDs where they can be one, and are refused where not', async () => {
    for (const text of [
      "';drop/**/table/**/tasks;--",
      '"}],"admin":true,"x":[{"',
      '$(id)`id`%0d%0a',
      '\\u0000',
    ]) {
      const { status, headers } = await ask('/tasks', 'GET', undefined, { 'x-correlation-id': text });
      expect([status, headers.get('x-correlation-id')]).toEqual([200, text]);
    }
    const spaced = await ask('/tasks', 'GET', undefined, { 'x-correlation-id': "' or 1=1 --" });
    expect(spaced).toMatchObject({ status: 400, body: { field: 'x-correlation-id' } });
  });

  it('are refused as IDs, in paths, parameters and bodies, and named in no answer', async () => {
    for (const text of HOSTILE) {
      const encoded = encodeURIComponent(text);
      const answers = [
        await api.call(`/api/v1/workspaces/${encoded}/tasks`, {}),
        await ask(`/tasks/${encoded}`, 'DELETE'),
        await ask(`/calendars/${encoded}`, 'PATCH', { enabled: false }),
        await ask(`/events?from=2026-12-01&to=2027-01-01&calendarIds=${encoded}`),
        await ask(`/events?from=${encoded}&to=2027-01-01`),
        await ask(`/events?from=2026-12-01&to=2027-01-01&cursor=${encoded}`),
        await ask('/tasks', 'POST', { title: 'Task', durationMinutes: 30, after: [text] }),
        await api.call('/api/v1/workspaces', { method: 'POST', body: { id: text, timeZone: 'UTC' } }),
        await api.call('/api/v1/workspaces', { method: 'POST', body: { id: 'fine', timeZone: text } }),
      ];
      for (const { status, body, headers } of answers) {
        expect([400, 404]).toContain(status);
        expect(JSON.stringify(body)).not.toContain(JSON.stringify(text).slice(1, -1));
        expect(headers.get('set-cookie')).toBeNull();
      }
    }
    await witnessStands();
  });

  it('come through in addresses of accounts where they are addresses, and are refused where not', async () => {
    for (const email of ["o'brien;--@example.com", "x'or'1'='1@example.com"]) {
      const { refreshToken } = await stack.google.createUser({ email });
      const added = await ask('/accounts', 'POST', { email, refreshToken });
      const expected = added.status === 201 ? { email } : { field: 'email' };
      expect(added.body).toMatchObject(expected);
    }
    for (const email of HOSTILE) {
      const refused = await ask('/accounts', 'POST', { email, refreshToken: '1//token' });
      expect(refused).toMatchObject({ status: 400, body: { field: 'email' } });
    }
    const { body } = await ask('/accounts');
    expect(body.length).toBeGreaterThanOrEqual(1);
    await witnessStands();
  });

  it.each(['\u0000', 'a\u0000b'])(
    'that Postgres cannot store (%j) are refused, not failed on',
    async (title) => {
      const { status, body } = await ask('/tasks', 'POST', { title, durationMinutes: 30 });
      expect([status, body.field]).toEqual([400, 'title']);
    },
  );

  it('are in no log line, nor is an address or a token', () => {
    expect(log.length).toBeGreaterThan(HOSTILE.length);
    const lines = log.join('');
    for (const text of [...HOSTILE, 'example.com', '1//token', key, api.adminKey]) {
      expect(lines).not.toContain(JSON.stringify(text).slice(1, -1));
      expect(lines).not.toContain(encodeURIComponent(text));
    }
  });
});
