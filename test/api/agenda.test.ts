import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { listenLocally } from '../support/listen-locally.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const PATH = '/api/v1/workspaces/acme/agenda?day=2026-12-01';

/** A stand-in for a language model's endpoint. */
let model: Server;
let requests = 0;
let api: TestApi;
let key: string;
let ids: Awaited<ReturnType<typeof seedWorkspace>>;
beforeAll(async () => {
  model = createServer((request, response) => {
    request.resume();
    requests += 1;
    const message = { role: 'assistant', content: 'A meeting at nine.' };
    const choices = [{ index: 0, finish_reason: 'stop', message }];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: '1', object: 'chat.completion', created: 1, model: 'm', choices }));
  });
  const NARRATIVE_API_URL = `${await listenLocally(model)}/v1`;
  api = await startTestApi({ environment: { NARRATIVE_API_URL, NARRATIVE_MODEL: 'small' } });
  ids = await seedWorkspace(api.prisma, 'acme');
  key = await api.createKey('acme');
  // The plan found no time for the task, for the habit on two days, and for a task that is gone.
  const reason = { code: 'no-gap-long-enough', longest: 0, needed: 60 };
  const unscheduled = [
    { refId: ids.taskId, minutes: 60, reason },
    { refId: ids.habitId, date: '2026-12-01', minutes: 30, reason },
    { refId: ids.habitId, date: '2026-12-02', minutes: 30, reason },
    { refId: randomUUID(), minutes: 15, reason },
  ];
  await api.prisma.scheduleRun.update({
    where: { id: ids.runId },
    data: {
      blocks: [],
      objective: {},
      findings: { unscheduled, late: [], warnings: [], stats: {}, previous: [], days: 7, planningMs: 1 },
      diff: { created: [], moved: [], deleted: [] },
    },
  });
});
afterAll(async () => {
  model.close();
  await api.close();
});

it('answers the events, blocks and gaps of a day', async () => {
  expect(await api.call(PATH, { key })).toMatchObject({
    status: 200,
    body: {
      workspaceId: 'acme',
      day: '2026-12-01',
      timeZone: 'UTC',
      events: [{ title: 'Title of acme', start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z' }],
      blocks: [{ kind: 'task', title: 'Task', start: '2026-12-01T09:00:00Z' }],
      unplanned: [
        { kind: 'task', refId: ids.taskId, title: 'Task', minutes: 60 },
        { kind: 'habit', refId: ids.habitId, title: 'Habit', minutes: 30 },
      ],
      conflicts: [],
      cut: false,
    },
  });
});

it('is told in words where that is asked for and the workspace allows it', async () => {
  const asked = `${PATH}&narrative=true`;
  expect((await api.call(asked, { key })).body).not.toHaveProperty('narrative');
  expect(requests).toBe(0);
  const allowed = { method: 'PATCH', body: { narrative: true }, key };
  expect(await api.call('/api/v1/workspaces/acme', allowed)).toMatchObject({
    status: 200,
    body: { narrative: true },
  });
  expect((await api.call(asked, { key })).body).toMatchObject({ narrative: 'A meeting at nine.' });
  expect((await api.call(PATH, { key })).body).not.toHaveProperty('narrative');
  const text = await api.call(asked, { key, headers: { accept: 'text/plain' } });
  expect(text.body).toContain('\n\nIn words\n  A meeting at nine.\n');
  expect(requests).toBe(2);
});

it('answers text and HTML where they are accepted', async () => {
  const text = await api.call(PATH, { key, headers: { accept: 'text/plain' } });
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text.body).toContain('09:00–10:00  Title of acme');
  const html = await api.call(PATH, { key, headers: { accept: 'text/html,*/*' } });
  expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html.body).toContain('<li>09:00–10:00  Title of acme</li>');
});

it('is that of today by default, and of no day that does not exist', async () => {
  const { body } = await api.call('/api/v1/workspaces/acme/agenda', { key });
  const [now] = await api.prisma.$queryRaw<
    { day: string }[]
  >`select (now() at time zone 'UTC')::date::text as day`;
  expect(body.day).toBe(now!.day);
  expect(await api.call('/api/v1/workspaces/acme/agenda?day=2026-02-30', { key })).toMatchObject({
    status: 400,
    body: { field: 'day' },
  });
});
