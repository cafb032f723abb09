import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { readTaskQueueLag } from '../../client/task-queue-lag.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { blocksInGoogle } from '../support/planning-stack.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let api: TestApi;
let key: string;

beforeAll(async () => {
  stack = await startWorkflowStack();
  api = await startTestApi({ stack: { prisma: stack.database, temporal: stack.temporal } });
  await stack.connect('acme', 'anna@example.com', 'UTC');
  key = await api.createKey('acme');
});
afterAll(async () => {
  await api.close();
  await stack.close();
});

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`/api/v1/workspaces/acme${path}`, { method: 'POST', body, key, headers });
const get = (path: string) => api.call(`/api/v1/workspaces/acme${path}`, { key });

describe('a sync', () => {
  it('is answered with 202 and its run, whose result can be asked for', async () => {
    const asked = await post('/calendar/sync', { mode: 'full' });
    expect(asked).toMatchObject({
      status: 202,
      body: { workflowId: calendarSyncWorkflowId('acme'), runId: expect.any(String) },
    });
    const path = `/calendar/sync/runs/${asked.body.runId}`;
    expect(await get(path)).toMatchObject({ status: 202, body: asked.body });
    // No worker has served it yet.
    expect(await post('/calendar/sync?wait=1')).toMatchObject({ status: 202 });
    await stack.withWorkers(async () => {
      expect(await get(`${path}?wait=50`)).toMatchObject({
        status: 200,
        body: { ...asked.body, workspaceId: 'acme', success: true, calendars: [{ mode: 'full' }] },
      });
    });
    expect(await get(path)).toMatchObject({ status: 200 });
  });

  it('is waited for, and its correlation ID is found in the run log', async () => {
    await stack.withWorkers(async () => {
      const done = await post('/calendar/sync?wait=50', {}, { 'x-correlation-id': 'asked-for' });
      expect(done).toMatchObject({
        status: 200,
        body: { success: true, calendars: [{ mode: 'incremental' }] },
      });
      const { body } = await get('/runs?limit=1');
      expect(body.runs).toMatchObject([{ correlationId: 'asked-for', source: 'api', outcome: 'success' }]);
    });
  });

  it('is done once under an Idempotency-Key, also if its answer could not be stored', async () => {
    const headers = { 'idempotency-key': 'anna@example.com/1' };
    await stack.withWorkers(async () => {
      const first = await post('/calendar/sync?wait=50', {}, headers);
      await stack.database.idempotencyKey.deleteMany();
      const again = await post('/calendar/sync?wait=50', {}, headers);
      expect(again).toMatchObject({ status: 200, body: first.body });
      expect(again.headers.get('idempotent-replayed')).toBeNull();
      await stack.database.idempotencyKey.deleteMany();
      const other = await post('/calendar/sync?wait=50', { mode: 'full' }, headers);
      expect(other).toMatchObject({ status: 200, body: { calendars: [{ mode: 'full' }] } });
      const { events } = await stack.temporal.client.workflow
        .getHandle(first.body.workflowId, first.body.runId)
        .fetchHistory();
      expect(JSON.stringify(events)).not.toContain('anna@example.com');
    });
  });

  it('that fails is answered with its failures', async () => {
    await stack.withWorkers(async () => {
      const { google } = await connectCalendar(stack, { workspaceId: 'broken' });
      await stack.google.revokeGrant(google);
      const done = await api.call('/api/v1/workspaces/broken/calendar/sync?wait=50', { method: 'POST' });
      expect(done).toMatchObject({ status: 200, body: { workspaceId: 'broken', success: false } });
    });
  });

  it('of many workspaces is for admins', async () => {
    expect(await api.call('/api/v1/sync', { method: 'POST', key })).toMatchObject({ status: 403 });
    await stack.withWorkers(async () => {
      const done = await api.call('/api/v1/sync?wait=50', {
        method: 'POST',
        body: { workspaceIds: ['acme'] },
      });
      expect(done).toMatchObject({ status: 200, body: { success: true, succeeded: 1, failed: 0 } });
    });
  });

  it('of all workspaces and of some that are named exclude each other', async () => {
    const body = { all: true, workspaceIds: ['acme'] };
    expect(await api.call('/api/v1/sync', { method: 'POST', body })).toMatchObject({
      status: 400,
      body: { field: 'all', detail: 'all must not be true together with workspaceIds.' },
    });
  });
});

describe('running fan-outs', () => {
  it('are listed for admins', async () => {
    const list = (asker?: string) => api.call('/api/v1/fan-outs', asker === undefined ? {} : { key: asker });
    const handle = await stack.startFanOut();
    await expect
      .poll(async () => (await list()).body)
      .toMatchObject([{ workflowId: handle.workflowId, type: 'syncAllWorkspaces', progress: null }]);
    await handle.terminate();
    expect(await list(key)).toMatchObject({ status: 403 });
  });
});

describe('a verification', () => {
  it('is waited for, and tells what differs from Google', async () => {
    await stack.withWorkers(async () => {
      await post('/calendar/sync?wait=50');
      const done = await post('/calendar/verify?wait=50');
      expect(done).toMatchObject({
        status: 200,
        body: { workspaceId: 'acme', inStep: true, calendars: [{ outcome: 'compared', differences: 0 }] },
      });
      expect(done.body.differences.missing).toEqual({ found: 0, repaired: 0, examples: [] });
    });
  });

  it('runs once at a time, and its result can be asked for', async () => {
    const begun = await post('/calendar/verify');
    expect(begun).toMatchObject({ status: 202, body: { runId: expect.any(String) } });
    expect(await post('/calendar/verify')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Workspace acme is being verified') },
    });
    await stack.withWorkers(async () => {
      expect(await get(`/calendar/verify/runs/${begun.body.runId}?wait=50`)).toMatchObject({
        status: 200,
        body: { inStep: true },
      });
    });
  });
});

describe('a plan', () => {
  it('is previewed, applied, read, undone and purged', async () => {
    for (const title of ['Report', 'Slides'])
      await post('/tasks', { title, durationMinutes: 60, hours: 'personal' });
    await stack.withWorkers(async () => {
      const preview = await post('/plan?wait=50', { days: 7 });
      expect(preview).toMatchObject({
        status: 200,
        body: {
          applied: false,
          created: 2,
          blocks: [{ kind: 'task', reason: { code: expect.any(String) } }, {}],
        },
      });
      expect(await blocksInGoogle(stack, 'anna@example.com')).toEqual([]);

      const applied = await post('/plan?wait=50', { mode: 'apply', days: 7, safe: true });
      expect(applied).toMatchObject({ status: 200, body: { applied: true, created: 2, replanned: false } });
      expect(await blocksInGoogle(stack, 'anna@example.com')).toHaveLength(2);

      const first = await get('/plan/runs?limit=1');
      expect(first.body.runs).toMatchObject([
        { mode: 'apply', status: 'applied', source: 'api', created: 2 },
      ]);
      const second = await get(`/plan/runs?limit=1&cursor=${first.body.nextCursor}`);
      expect(second.body).toMatchObject({ runs: [{ mode: 'preview', status: 'planned' }] });
      expect(second.body).not.toHaveProperty('nextCursor');
      const { runId } = applied.body;
      const read = await get(`/plan/runs/${runId}`);
      expect(read).toMatchObject({ status: 200, body: { id: runId, days: 7, blocks: applied.body.blocks } });
      expect(read.body.blocks[0]).toMatchObject({
        title: expect.stringMatching(/^(Report|Slides)$/),
        sentence: 'The earliest time that fits.',
      });

      const undone = await post(`/plan/runs/${runId}/undo?wait=50`);
      expect(undone).toMatchObject({ status: 200, body: { mode: 'undo', success: true, deleted: 2 } });
      expect(await blocksInGoogle(stack, 'anna@example.com')).toEqual([]);
      expect((await post(`/plan/runs/${runId}/undo?wait=50`)).body).toMatchObject({
        refused: 'nothing-to-undo',
      });

      const purged = await post('/plan/purge?wait=50');
      expect(purged).toMatchObject({ status: 200, body: { mode: 'purge', success: true } });
    });
  });

  it('is made once under an Idempotency-Key, also if its answer could not be stored', async () => {
    const planOnce = () => post('/plan?wait=50', { days: 7 }, { 'idempotency-key': 'plan-1' });
    await stack.withWorkers(async () => {
      const first = await planOnce();
      await stack.database.idempotencyKey.deleteMany();
      const again = await planOnce();
      expect(again).toMatchObject({ status: 200, body: first.body });
      expect(again.headers.get('idempotent-replayed')).toBeNull();
    });
    const { body: running } = await post('/plan', {}, { 'idempotency-key': 'plan-2' });
    await stack.database.idempotencyKey.deleteMany();
    expect(await post('/plan', {}, { 'idempotency-key': 'plan-2' })).toMatchObject({
      status: 202,
      body: running,
    });
    expect(await post('/plan', {}, { 'idempotency-key': 'plan-3' })).toMatchObject({ status: 409 });
    await stack.temporal.client.workflow.getHandle(running.workflowId).terminate();
  });

  it('is refused while another is running, whose result can be requested', async () => {
    const asked = await post('/plan');
    expect(asked.status).toBe(202);
    expect(await post('/plan')).toMatchObject({
      status: 409,
      body: { type: 'conflict', detail: expect.stringContaining('in progress') },
    });
    const path = `/plan/results/${asked.body.runId}`;
    expect(await get(path)).toMatchObject({ status: 202, body: asked.body });
    await stack.withWorkers(async () => {
      expect(await get(`${path}?wait=50`)).toMatchObject({
        status: 200,
        body: { applied: false, created: 2 },
      });
    });
  });

  it('cannot be applied where nothing could be written to', async () => {
    await api.call('/api/v1/workspaces', { method: 'POST', body: { id: 'lonely', timeZone: 'UTC' } });
    const answer = await api.call('/api/v1/workspaces/lonely/plan', {
      method: 'POST',
      body: { mode: 'apply' },
    });
    expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringContaining('no account') } });
  });
});

describe('a dead letter', () => {
  const deadLetter = (workspaceId: string | null, operation: string) =>
    stack.database.deadLetter.create({
      data: {
        workspaceId,
        operation,
        workflowId: 'calendar-sync/globex',
        runId: 'run-of-globex',
        correlationId: 'asked-by-globex',
        failureType: 'GoogleUnavailable',
      },
    });

  it('of a plan is refused while another plan is running, and nothing starts later', async () => {
    const { id } = await deadLetter('acme', 'plan');
    const running = await post('/plan');
    expect(running.status).toBe(202);
    const retries = await Promise.all(Array.from({ length: 6 }, () => post(`/dead-letters/${id}/retry`)));
    for (const { status, body, headers } of retries) {
      expect([status, body.type]).toEqual([409, 'conflict']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await stack.withWorkers(async () => {
      expect(await get(`/plan/results/${running.body.runId}?wait=50`)).toMatchObject({ status: 200 });
    });
    const runs = await stack.temporal.client.workflowService.listWorkflowExecutions({
      namespace: stack.temporal.namespace,
      query: `WorkflowId = '${running.body.workflowId}' and ExecutionStatus = 'Running'`,
    });
    expect(runs.executions).toEqual([]);
    expect(
      await stack.database.scheduleRun.count({
        where: { mode: 'apply', startedAt: { gt: new Date(Date.now() - 1_000) } },
      }),
    ).toBe(0);
    await stack.database.deadLetter.delete({ where: { id } });
  });

  it('waits no longer than its caller does, nor than it may', async () => {
    const almanac = createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });
    const running = await almanac.requestPlan({ workspaceId: 'acme' });
    await expect(almanac.requestPlan({ workspaceId: 'acme' }, { deadlineMs: 700 })).rejects.toMatchObject({
      name: 'BusyError',
    });
    const caller = new AbortController();
    const left = almanac.requestPlan({ workspaceId: 'acme' }, { signal: caller.signal });
    caller.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    const patient = almanac.requestPlan({ workspaceId: 'acme' });
    await stack.withWorkers(async () => {
      await almanac.waitForPlan(running);
      const next = await patient;
      expect(next.runId).not.toBe(running.runId);
      expect(await almanac.waitForPlan(next)).toMatchObject({ success: true });
    });
  });

  it('of the installation names no run of another workspace to the key of one', async () => {
    const shared = await deadLetter(null, 'sync');
    const own = await deadLetter('acme', 'consent');
    const seen = async (asKey?: string) =>
      (await api.call('/api/v1/workspaces/acme/dead-letters', asKey ? { key: asKey } : {})).body as {
        id: string;
        runId?: string;
      }[];
    const deadLetters = await seen(key);
    expect(new Map(deadLetters.map(({ id, runId }) => [id, runId]))).toEqual(
      new Map([
        [shared.id, undefined],
        [own.id, 'run-of-globex'],
      ]),
    );
    const [ofAll] = deadLetters.filter(({ id }) => id === shared.id);
    expect(JSON.stringify(ofAll)).not.toContain('globex');
    expect(JSON.stringify((await seen()).find(({ id }) => id === shared.id))).toContain('globex');
    await stack.database.deadLetter.deleteMany({ where: { id: { in: [shared.id, own.id] } } });
  });

  it('is retried by the sync of what it is about, and only while it is open', async () => {
    const { id: calendarId } = await stack.database.calendar.findFirstOrThrow({
      where: { workspaceId: 'acme' },
    });
    const { id } = await stack.database.deadLetter.create({
      data: {
        workspaceId: 'acme',
        calendarId,
        operation: 'sync',
        workflowId: 'w',
        runId: 'r',
        failureType: 'GoogleUnavailable',
      },
    });
    const retried = await post(`/dead-letters/${id}/retry`);
    expect(retried).toMatchObject({
      status: 202,
      body: { id, calendarId, outcome: 'requested', workflowId: calendarSyncWorkflowId('acme') },
    });
    await stack.withWorkers(async () => {
      await get(`/calendar/sync/runs/${retried.body.runId}?wait=50`);
    });
    expect((await get('/dead-letters')).body).toEqual([]);
    expect((await get('/dead-letters?all=true')).body).toMatchObject([{ id, status: 'resolved' }]);
    expect(await post(`/dead-letters/${id}/retry`)).toMatchObject({ status: 404 });
    expect(await post(`/dead-letters/${id}/discard`)).toMatchObject({ status: 404 });
  });
});

describe('the running work of a workspace', () => {
  const running = async () => (await get('/running-work')).body;

  it('is its sync, verification and plan, until they end', async () => {
    expect(await running()).toEqual([]);
    const begun = await post('/calendar/sync');
    expect(await running()).toEqual([
      { ...begun.body, work: 'sync', startedAt: expect.any(String), progress: null },
    ]);
    const verification = await post('/calendar/verify');
    await post('/plan', { mode: 'preview', days: 7 });
    expect((await running()).map(({ work }: { work: string }) => work)).toEqual([
      'sync',
      'verification',
      'plan',
    ]);
    await stack.withWorkers(async () => {
      await get(`/calendar/verify/runs/${verification.body.runId}?wait=50`);
      await expect.poll(running, { timeout: 20_000 }).toEqual([]);
    });
  });

  it('says how far it has come', async () => {
    // No worker serves Google's queue, so the sync waits at its first calendar.
    const serving = { activities: stack.activities, taskQueues: [TaskQueue.calendarSync] };
    await withWorkers(stack.temporal, serving, async () => {
      const { body: run } = await post('/calendar/sync');
      await expect
        .poll(async () => (await running())[0]?.progress, { timeout: 20_000 })
        .toEqual({ calendarsDone: 0, calendarsTotal: expect.any(Number), pages: 0 });
      await stack.temporal.client.workflow.getHandle(run.workflowId).terminate();
    });
  });

  it('is nothing to keys of other workspaces', async () => {
    const other = await api.createKey('acme');
    expect((await api.call('/api/v1/workspaces/elsewhere/running-work', { key: other })).status).toBe(403);
    expect((await api.call('/api/v1/workspaces/elsewhere/running-work')).status).toBe(404);
  });
});

describe('task queues', () => {
  it('tell admins how long tasks wait, and who serves them', async () => {
    const { body } = await api.call('/api/v1/task-queues');
    expect(body.taskQueues).toHaveLength(5);
    const find = async () => {
      const { body: answer } = await api.call('/api/v1/task-queues');
      return answer.taskQueues.find(
        ({ taskQueue, type }: { taskQueue: string; type: string }) =>
          taskQueue === 'calendar-sync' && type === 'workflow',
      );
    };
    const { body: run } = await post('/calendar/sync');
    await expect
      .poll(find, { timeout: 20_000 })
      .toMatchObject({ tasks: 1, oldestSeconds: expect.any(Number) });
    await stack.withWorkers(async () => {
      await get(`/calendar/sync/runs/${run.runId}?wait=50`);
      await expect.poll(find, { timeout: 20_000 }).toMatchObject({ tasks: 0, pollers: 1 });
    });
    expect((await api.call('/api/v1/task-queues', { key })).status).toBe(403);
  });

  it('are unknown where Temporal does not answer', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:9' });
    const away = new Client({ connection });
    expect(await readTaskQueueLag(away)).toBeNull();
  });
});
