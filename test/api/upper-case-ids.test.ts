import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHabit } from '../../services/planning/habits.ts';
import { createTask } from '../../services/planning/tasks.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const HOUR_MS = 3_600_000;

let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;
const id: Record<'account' | 'calendar' | 'task' | 'habit' | 'block' | 'deadLetter', string> = {
  account: '',
  calendar: '',
  task: '',
  habit: '',
  block: '',
  deadLetter: '',
};

beforeAll(async () => {
  [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
  const { prisma } = fixture;
  api = await startTestApi({ stack: { prisma, temporal } });
  id.account = (await fixture.connect('acme')).accountId;
  id.calendar = await fixture.addCalendar('acme', id.account);
  await fixture.addOccurrence('acme', id.calendar, '2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z');
  id.task = (await createTask(prisma, 'acme', { title: 'Write', durationMinutes: 60 })).id;
  id.habit = (
    await createHabit(prisma, 'acme', { title: 'Run', rrule: 'FREQ=DAILY', durationMinutes: 30 })
  ).id;
  const startAt = new Date(Date.now() + 24 * HOUR_MS);
  const endAt = new Date(startAt.getTime() + HOUR_MS);
  const block = { workspaceId: 'acme', kind: 'task', taskId: id.task, status: 'written', startAt, endAt };
  id.block = (await prisma.scheduledBlock.create({ data: block })).id;
  const deadLetter = {
    workspaceId: 'acme',
    calendarId: id.calendar,
    operation: 'sync',
    workflowId: 'w',
    runId: 'r',
    failureType: 'GoogleUnavailable',
  };
  id.deadLetter = (await prisma.deadLetter.create({ data: deadLetter })).id;
});
afterAll(async () => {
  await api.close();
  await temporal.close();
  await fixture.drop();
});

const ask = (method: string, path: string, body?: object) =>
  api.call(`/api/v1/workspaces/acme${path}`, { method, body });

describe('an ID in capitals', () => {
  it.each([
    ['PATCH', 'calendar', (own: string) => `/calendars/${own}`, { enabled: true }],
    ['GET', 'task', (own: string) => `/tasks/${own}`, undefined],
    ['PATCH', 'task', (own: string) => `/tasks/${own}`, { title: 'Written' }],
    ['GET', 'habit', (own: string) => `/habits/${own}`, undefined],
    ['PUT', 'habit', (own: string) => `/habits/${own}/skips/2026-01-05`, undefined],
    ['PATCH', 'block', (own: string) => `/blocks/${own}`, { pinned: true }],
    ['POST', 'deadLetter', (own: string) => `/dead-letters/${own}/discard`, undefined],
  ] as const)(
    '%s of a %s finds its row and answers with the ID as it is',
    async (method, what, path, body) => {
      expect(await ask(method, path(id[what].toUpperCase()), body)).toMatchObject({
        status: 200,
        body: { id: id[what] },
      });
    },
  );

  it('finds the same in bodies and queries', async () => {
    const calendar = id.calendar.toUpperCase();
    const after = [id.task.toUpperCase(), id.task];
    expect(await ask('POST', '/tasks', { title: 'Then', durationMinutes: 30, after })).toMatchObject({
      status: 201,
      body: { after: [id.task] },
    });
    const habit = { title: 'Then', rrule: 'FREQ=DAILY', durationMinutes: 30, after: id.habit.toUpperCase() };
    expect(await ask('POST', '/habits', habit)).toMatchObject({ status: 201, body: { after: id.habit } });
    const policy = { targetAccountId: id.account.toUpperCase(), targetCalendarId: null };
    expect(await ask('PATCH', '/policy', policy)).toMatchObject({ body: { targetAccountId: id.account } });
    const events = await ask('GET', `/events?from=2026-01-01&to=2026-02-01&calendarIds=${calendar}`);
    expect(events.body.events).toHaveLength(1);
    expect(await ask('GET', `/runs?calendarId=${calendar}`)).toMatchObject({ status: 200 });
  });

  it('is the same calendar in a sync, which is handed it once', async () => {
    const calendarIds = [id.calendar.toUpperCase(), id.calendar, id.calendar];
    const asked = await ask('POST', '/calendar/sync', { calendarIds });
    expect(asked.status).toBe(202);
    const history = await temporal.client.workflow
      .getHandle(calendarSyncWorkflowId('acme'), asked.body.runId)
      .fetchHistory();
    const signal = history.events?.find((event) => event.workflowExecutionSignaledEventAttributes);
    const [payload] = signal?.workflowExecutionSignaledEventAttributes?.input?.payloads ?? [];
    expect(JSON.parse(Buffer.from(payload?.data ?? []).toString())).toMatchObject({
      calendarIds: [id.calendar],
    });
  });

  it('is no other task of a circle', async () => {
    expect(await ask('PATCH', `/tasks/${id.task}`, { after: [id.task.toUpperCase()] })).toMatchObject({
      status: 400,
      body: { field: 'after' },
    });
  });

  it('disconnects the account it names', async () => {
    expect(await ask('DELETE', `/accounts/${id.account.toUpperCase()}`)).toMatchObject({
      status: 200,
      body: { id: id.account },
    });
  });
});
