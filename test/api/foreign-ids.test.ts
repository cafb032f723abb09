import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHabit } from '../../services/planning/habits.ts';
import { createTask } from '../../services/planning/tasks.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { connectTestTemporal } from '../support/temporal.ts';

let fixture: ClientFixture;
let api: TestApi;
/** IDs of the other workspace, by kind. */
const theirs: Record<string, string> = {};
const mine: Record<string, string> = {};

const DAY_MS = 86_400_000;

/** One of each thing. */
async function furnish(workspaceId: string): Promise<Record<string, string>> {
  const { prisma } = fixture;
  const { accountId } = await fixture.connect(workspaceId);
  const calendar = await fixture.addCalendar(workspaceId, accountId);
  const task = await createTask(prisma, workspaceId, { title: 'Write', durationMinutes: 60 });
  const habit = await createHabit(prisma, workspaceId, {
    title: 'Run',
    rrule: 'FREQ=DAILY',
    durationMinutes: 30,
  });
  const startAt = new Date(Date.now() + DAY_MS);
  const run = await prisma.scheduleRun.create({ data: { workspaceId, mode: 'apply', status: 'applied' } });
  const block = await prisma.scheduledBlock.create({
    data: {
      workspaceId,
      kind: 'task',
      taskId: task.id,
      startAt,
      endAt: new Date(startAt.getTime() + 3_600_000),
      status: 'written',
      runId: run.id,
    },
  });
  const deadLetter = await prisma.deadLetter.create({
    data: {
      workspaceId,
      calendarId: calendar,
      operation: 'sync',
      workflowId: 'w',
      runId: 'r',
      failureType: 'GoogleUnavailable',
    },
  });
  const notifier = await prisma.notifier.create({
    data: {
      workspaceId,
      name: 'Team',
      kind: 'slack',
      notices: ['dead-letter'],
      keyId: 'key',
      target: new Uint8Array(1),
    },
  });
  return {
    notifier: notifier.id,
    account: accountId,
    calendar,
    task: task.id,
    habit: habit.id,
    run: run.id,
    block: block.id,
    deadLetter: deadLetter.id,
  };
}

beforeAll(async () => {
  fixture = await createClientFixture();
  api = await startTestApi({
    stack: { prisma: fixture.prisma, temporal: await connectTestTemporal() },
    environment: {
      PUBLIC_URL: 'http://localhost:8090',
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
    },
  });
  Object.assign(mine, await furnish('mine'));
  Object.assign(theirs, await furnish('theirs'));
});
afterAll(async () => {
  await api.close();
  await api.temporal.close();
  await fixture.drop();
});

/** Rows that a request could have changed. */
async function everything(): Promise<string> {
  const { prisma } = fixture;
  const rows = await Promise.all([
    prisma.calendarAuthToken.findMany({ orderBy: { id: 'asc' } }),
    prisma.calendar.findMany({ orderBy: { id: 'asc' } }),
    prisma.calendarSyncState.findMany({ orderBy: { calendarId: 'asc' } }),
    prisma.task.findMany({ orderBy: { id: 'asc' } }),
    prisma.taskDependency.findMany(),
    prisma.habit.findMany({ orderBy: { id: 'asc' } }),
    prisma.habitSkip.findMany(),
    prisma.schedulePolicy.findMany(),
    prisma.scheduledBlock.findMany({ orderBy: { id: 'asc' } }),
    prisma.scheduleRun.findMany({ orderBy: { id: 'asc' } }),
    prisma.deadLetter.findMany({ orderBy: { id: 'asc' } }),
    prisma.connectAttempt.findMany(),
    prisma.notifier.findMany({ orderBy: { id: 'asc' } }),
    prisma.notifierMessage.findMany(),
  ]);
  return JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}

type Request = [method: string, path: string, body?: object];
const RANGE = 'from=2026-01-01&to=2026-02-01';

/** Requests of workspace `mine` that name something of `theirs`, in the path, the query or the body. */
const requests: (() => Request)[] = [
  () => ['DELETE', `/accounts/${theirs['account']}`],
  () => ['DELETE', `/accounts/${theirs['account']}?purge=true`],
  () => ['POST', '/accounts/connect', { accountId: theirs['account'] }],
  () => ['PATCH', `/calendars/${theirs['calendar']}`, { enabled: false }],
  () => ['POST', '/calendar/sync', { calendarIds: [theirs['calendar']] }],
  () => ['POST', '/calendar/sync', { calendarIds: [mine['calendar'], theirs['calendar']] }],
  () => ['GET', `/events?${RANGE}&calendarIds=${theirs['calendar']}`],
  () => ['GET', `/events?${RANGE}&calendarIds=${mine['calendar']},${theirs['calendar']}`],
  () => ['GET', `/tasks/${theirs['task']}`],
  () => ['PATCH', `/tasks/${theirs['task']}`, { title: 'Mine' }],
  () => ['PUT', `/tasks/${theirs['task']}/status`, { status: 'done' }],
  () => ['DELETE', `/tasks/${theirs['task']}`],
  () => ['POST', '/tasks', { title: 'Next', durationMinutes: 30, after: [theirs['task']] }],
  () => ['PATCH', `/tasks/${mine['task']}`, { after: [theirs['task']] }],
  () => ['GET', `/habits/${theirs['habit']}`],
  () => ['PATCH', `/habits/${theirs['habit']}`, { title: 'Mine' }],
  () => ['DELETE', `/habits/${theirs['habit']}`],
  () => ['PUT', `/habits/${theirs['habit']}/skips/2026-01-05`],
  () => ['DELETE', `/habits/${theirs['habit']}/skips/2026-01-05`],
  () => ['PATCH', `/habits/${mine['habit']}`, { after: theirs['habit'] }],
  () => ['PATCH', `/habits/${mine['habit']}`, { before: theirs['habit'] }],
  () => ['PATCH', '/policy', { targetCalendarId: theirs['calendar'] }],
  () => ['PATCH', '/policy', { targetAccountId: theirs['account'] }],
  () => ['PATCH', `/blocks/${theirs['block']}`, { pinned: true }],
  () => ['GET', `/plan/runs/${theirs['run']}`],
  () => ['POST', `/plan/runs/${theirs['run']}/undo`],
  () => ['POST', `/dead-letters/${theirs['deadLetter']}/retry`],
  () => ['POST', `/dead-letters/${theirs['deadLetter']}/discard`],
  () => ['PATCH', `/notifiers/${theirs['notifier']}`, { name: 'Mine' }],
  () => ['POST', `/notifiers/${theirs['notifier']}/test`],
  () => ['GET', `/notifiers/${theirs['notifier']}/messages`],
  () => ['DELETE', `/notifiers/${theirs['notifier']}`],
];

describe('a resource of another workspace', () => {
  it('is not found by any route or key, and stays unchanged', async () => {
    const keys = [await api.createKey('mine'), api.adminKey];
    const before = await everything();
    for (const request of requests) {
      const [method, path, body] = request();
      for (const key of keys) {
        const answer = await api.call(`/api/v1/workspaces/mine${path}`, { method, body, key });
        expect.soft(answer, `${method} ${path}`).toMatchObject({ status: 404, body: { type: 'not-found' } });
      }
    }
    expect(await everything()).toBe(before);
    expect(await openWorkflows()).toBe(0);
  });

  it('is not in what a workspace lists', async () => {
    const others = Object.values(theirs);
    for (const list of ['accounts', 'calendars', 'tasks', 'habits', 'blocks', 'plan/runs', 'dead-letters']) {
      const { status, body } = await api.call(`/api/v1/workspaces/mine/${list}`);
      expect(status).toBe(200);
      const text = JSON.stringify(body);
      expect(others.filter((id) => text.includes(id))).toEqual([]);
      expect(Object.values(mine).some((id) => text.includes(id))).toBe(true);
    }
  });

  it('is out of reach by path for the key of a workspace', async () => {
    const key = await api.createKey('mine');
    for (const list of ['accounts', 'calendars', 'tasks', 'habits', 'status', `events?${RANGE}`])
      expect(await api.call(`/api/v1/workspaces/theirs/${list}`, { key })).toMatchObject({ status: 403 });
  });
});

async function openWorkflows(): Promise<number> {
  const { count } = await api.temporal.client.workflow.count();
  return count;
}

describe('a failure of the installation', () => {
  it('is seen by its workspaces, and retried and discarded by admins only', async () => {
    const { id } = await fixture.prisma.deadLetter.create({
      data: { operation: 'access-token', workflowId: 'w', runId: 'r', failureType: 'GoogleClientRejected' },
    });
    await fixture.prisma.calendarSyncState.updateMany({ data: { lastError: 'GoogleClientRejected' } });
    const key = await api.createKey('mine');

    const listed = await api.call('/api/v1/workspaces/mine/dead-letters', { key });
    expect(listed.body).toContainEqual(expect.objectContaining({ id, calendars: 1 }));
    for (const action of ['retry', 'discard']) {
      const path = `/api/v1/workspaces/mine/dead-letters/${id}/${action}`;
      expect(await api.call(path, { method: 'POST', key })).toMatchObject({ status: 404 });
      const everywhere = `/api/v1/dead-letters/${id}/${action}`;
      expect(await api.call(everywhere, { method: 'POST', key })).toMatchObject({ status: 403 });
    }
    expect((await api.call('/api/v1/dead-letters')).body).toContainEqual(
      expect.objectContaining({ id, calendars: 2 }),
    );
    const discarded = await api.call(`/api/v1/dead-letters/${id}/discard`, { method: 'POST' });
    expect(discarded).toMatchObject({ status: 200, body: { status: 'discarded' } });
  });
});
