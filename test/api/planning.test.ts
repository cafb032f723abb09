import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace } from '../../services/workspaces.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await createWorkspace(api.prisma, { id: 'acme', timeZone: 'Europe/Berlin' });
});
afterAll(() => api.close());

const call = (method: string, path: string, body?: unknown) =>
  api.call(`/api/v1/workspaces/acme${path}`, { method, body });

describe('tasks', () => {
  it('are added, read, changed, done and forgotten', async () => {
    const added = await call('POST', '/tasks', {
      title: 'Write',
      durationMinutes: 60,
      deadline: '2026-07-05',
    });
    expect(added).toMatchObject({
      status: 201,
      body: { title: 'Write', deadline: '2026-07-05T22:00:00Z', status: 'open', after: [] },
    });
    const path = `/tasks/${added.body.id}`;
    expect((await call('GET', path)).body).toEqual(added.body);
    const changed = await call('PATCH', path, { title: 'Edit', deadline: null });
    expect(changed).toMatchObject({
      status: 200,
      body: { title: 'Edit', deadline: null, durationMinutes: 60 },
    });
    expect((await call('PUT', `${path}/status`, { status: 'done' })).body).toMatchObject({ status: 'done' });
    expect((await call('GET', '/tasks')).body).toEqual([]);
    expect((await call('GET', '/tasks?all=true')).body).toHaveLength(1);
    expect((await call('PUT', `${path}/status`, { status: 'open' })).body).toMatchObject({ status: 'open' });
    expect(await call('DELETE', path)).toMatchObject({ status: 200, body: { removed: added.body.id } });
    const gone = await call('GET', path);
    expect(gone).toMatchObject({ status: 404 });
    expect(gone.body.detail).toContain('`GET /api/v1/workspaces/acme/tasks` lists the existing ones.');
    expect(gone.body.detail).not.toContain('almanac');
  });
});

describe('habits', () => {
  it('are added, read, changed, skipped and forgotten', async () => {
    const added = await call('POST', '/habits', { title: 'Run', rrule: 'FREQ=DAILY', durationMinutes: 30 });
    expect(added).toMatchObject({ status: 201, body: { title: 'Run', skippedDates: [] } });
    const path = `/habits/${added.body.id}`;
    expect((await call('GET', path)).body).toEqual(added.body);
    expect((await call('PATCH', path, { idealTime: '07:30' })).body).toMatchObject({ idealTime: '07:30' });
    const skip = `${path}/skips/2026-01-05`;
    expect((await call('PUT', skip)).body).toMatchObject({ skippedDates: ['2026-01-05'] });
    expect((await call('PUT', skip)).body).toMatchObject({ skippedDates: ['2026-01-05'] });
    expect((await call('DELETE', skip)).body).toMatchObject({ skippedDates: [] });
    expect((await call('GET', '/habits')).body).toHaveLength(1);
    expect(await call('DELETE', path)).toMatchObject({ status: 200, body: { removed: added.body.id } });
    expect(await call('DELETE', path)).toMatchObject({ status: 404 });
  });
});

describe('hours and policy', () => {
  it('are shown with their defaults, and changed in what is given', async () => {
    const set = await call('PUT', '/hours', { type: 'deep', days: ['mon'], blocks: ['09:00-12:00'] });
    expect(set).toMatchObject({ status: 200, body: { deep: { mon: [['09:00', '12:00']] } } });
    expect((await call('GET', '/hours')).body).toEqual(set.body);
    expect((await call('GET', '/policy')).body).toMatchObject({ days: 30, autoApply: false, allDay: 'busy' });
    expect((await call('PATCH', '/policy', { allDay: 'free' })).body).toMatchObject({
      allDay: 'free',
      outOfOffice: 'busy',
    });
    const changed = await call('PATCH', '/policy', { days: 14, maxMinutesPerDay: { deep: 120 } });
    expect(changed).toMatchObject({ status: 200, body: { days: 14, maxMinutesPerDay: { deep: 120 } } });
    expect((await call('GET', '/policy')).body).toEqual(changed.body);
  });
});

describe('blocks', () => {
  const HOUR_MS = 3_600_000;
  const addBlock = async (startAt: Date) =>
    api.prisma.scheduledBlock.create({
      data: {
        workspaceId: 'acme',
        kind: 'task',
        startAt,
        endAt: new Date(startAt.getTime() + HOUR_MS),
        status: 'written',
      },
    });

  it('are listed, pinned and let go', async () => {
    const { id } = await addBlock(new Date(Date.now() + 24 * HOUR_MS));
    expect((await call('GET', '/blocks')).body).toMatchObject([{ id, pinned: false }]);
    const pinned = await call('PATCH', `/blocks/${id}`, { pinned: true });
    expect(pinned).toMatchObject({ status: 200, body: { pinned: true, pinnedBecause: 'locked' } });
    expect((await call('PATCH', `/blocks/${id}`, { pinned: false })).body).toMatchObject({ pinned: false });
  });

  it('that have begun stay as they are', async () => {
    const { id } = await addBlock(new Date(Date.now() - HOUR_MS / 2));
    expect(await call('PATCH', `/blocks/${id}`, { pinned: true })).toMatchObject({
      status: 400,
      body: { field: 'block' },
    });
  });
});

describe('malformed input', () => {
  const TASK = { title: 'Write', durationMinutes: 60 };
  const HABIT = { title: 'Run', rrule: 'FREQ=DAILY', durationMinutes: 30 };

  it.each<[string, string, unknown, string]>([
    ['POST', '/tasks', undefined, 'body'],
    ['POST', '/tasks', [], 'body'],
    ['POST', '/tasks', { title: 'Write' }, 'durationMinutes'],
    ['POST', '/tasks', { ...TASK, title: ' ' }, 'title'],
    ['POST', '/tasks', { ...TASK, title: 'a\u0000b' }, 'title'],
    ['POST', '/tasks', { ...TASK, deadline: 'soon' }, 'deadline'],
    ['POST', '/tasks', { ...TASK, deadline: '9999-12-31' }, 'deadline'],
    ['POST', '/tasks', { ...TASK, deadline: '0001-01-01' }, 'deadline'],
    ['POST', '/tasks', { ...TASK, deadline: '+012026-01-05T09:00:00Z' }, 'deadline'],
    ['POST', '/tasks', { ...TASK, after: ['t1'] }, 'after.0'],
    ['POST', '/tasks', { ...TASK, hours: 'unknown' }, 'hours'],
    ['POST', '/tasks', { ...TASK, minChunkMinutes: 60, maxChunkMinutes: 30 }, 'minChunkMinutes'],
    ['POST', '/tasks', { ...TASK, dealine: '2026-07-05' }, 'dealine'],
    ['GET', '/tasks/x', undefined, 'taskId'],
    ['GET', '/tasks?all=1', undefined, 'all'],
    ['PUT', `/tasks/${randomUUID()}/status`, { status: 'half' }, 'status'],
    ['POST', '/habits', { ...HABIT, rrule: 'FREQ=HOURLY' }, 'rrule'],
    ['POST', '/habits', { ...HABIT, minMinutes: 60 }, 'minMinutes'],
    ['POST', '/habits', { ...HABIT, startDate: '2026-02-30' }, 'startDate'],
    ['PUT', `/habits/${randomUUID()}/skips/2026-02-30`, undefined, 'day'],
    ['PUT', '/hours', { type: 'work', days: ['monday'], blocks: [] }, 'days.0'],
    ['PUT', '/hours', { type: 'work', days: ['mon'], blocks: ['9-12'] }, 'blocks.0'],
    ['PATCH', '/policy', { days: 3 }, 'days'],
    ['PATCH', '/policy', { granularityMinutes: 7 }, 'granularityMinutes'],
    ['PATCH', '/policy', { allDay: 'opaque' }, 'allDay'],
    ['PATCH', '/policy', { tentative: null }, 'tentative'],
    ['PATCH', '/policy', { unanswered: false }, 'unanswered'],
    ['PATCH', '/policy', { outOfOffice: 1 }, 'outOfOffice'],
    ['PATCH', '/policy', { maxMinutesPerDay: { unknown: 60 } }, 'maxMinutesPerDay'],
    ['PATCH', `/blocks/${randomUUID()}`, { pinned: 'yes' }, 'pinned'],
    ['POST', '/plan', { mode: 'undo' }, 'mode'],
    ['POST', '/plan', { days: 3 }, 'days'],
    ['POST', '/plan', { mode: 'preview', safe: 'yes' }, 'safe'],
    ['GET', '/plan/runs?limit=201', undefined, 'limit'],
    ['GET', '/plan/runs?cursor=x', undefined, 'cursor'],
    ['GET', '/plan/runs/x', undefined, 'runId'],
    ['POST', '/plan/purge?wait=soon', undefined, 'wait'],
  ])('%s %s %j is refused for one field', async (method, path, body, field) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-input', field } });
    expect(answer.body.detail).toMatch(/^\S.* .*\.$/);
  });

  it.each([
    ['GET', `/tasks/${randomUUID()}`],
    ['GET', `/habits/${randomUUID()}`],
    ['GET', `/plan/runs/${randomUUID()}`],
    ['POST', `/plan/runs/${randomUUID()}/undo`],
    ['GET', `/plan/results/${randomUUID()}`],
    ['GET', `/calendar/sync/runs/${randomUUID()}`],
  ])('%s %s is not found where there is none', async (method, path) => {
    expect(await call(method, path)).toMatchObject({ status: 404, body: { type: 'not-found' } });
  });

  it('is not found where the workspace is not there', async () => {
    for (const path of ['tasks', 'habits', 'hours', 'policy', 'blocks', 'plan/runs'])
      expect(await api.call(`/api/v1/workspaces/nobody/${path}`)).toMatchObject({ status: 404 });
  });
});
