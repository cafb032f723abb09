import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginDeletion } from '../../services/tenancy/begin-deletion.ts';
import { deleteRows } from '../../services/tenancy/delete-rows.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const create = (body: unknown) => api.call('/api/v1/workspaces', { method: 'POST', body });

describe('workspaces', () => {
  it('are created and listed', async () => {
    const created = await create({ id: 'acme', timeZone: 'Europe/Berlin' });
    expect(created).toMatchObject({ status: 201, body: { id: 'acme', accounts: 0 } });

    const listed = await api.call('/api/v1/workspaces');
    expect(listed).toMatchObject({ status: 200, body: [{ id: 'acme', timeZone: 'Europe/Berlin' }] });
  });

  it('are not created twice', async () => {
    await create({ id: 'twice', timeZone: 'UTC' });

    const again = await create({ id: 'twice', timeZone: 'UTC' });

    expect(again).toMatchObject({ status: 409, body: { type: 'conflict' } });
    expect(again.headers.get('content-type')).toContain('application/problem+json');
  });

  it('have a time zone that exists', async () => {
    const answer = await create({ id: 'nowhere', timeZone: 'Mars/Olympus' });

    expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-input', field: 'timeZone' } });
  });

  it('keep as much of each event as is chosen', async () => {
    await create({ id: 'choosy', timeZone: 'UTC' });
    const key = await api.createKey('choosy');
    const path = '/api/v1/workspaces/choosy';
    expect(await api.call(path, { key })).toMatchObject({ status: 200, body: { eventDetail: 'minimal' } });

    const changed = await api.call(path, { key, method: 'PATCH', body: { eventDetail: 'full' } });
    expect(changed).toMatchObject({ status: 200, body: { id: 'choosy', eventDetail: 'full' } });
    expect(await api.call(path, { key })).toMatchObject({ body: { eventDetail: 'full' } });

    const refused = await api.call(path, { key, method: 'PATCH', body: { eventDetail: 'all' } });
    expect(refused).toMatchObject({ status: 400, body: { type: 'invalid-input', field: 'eventDetail' } });
    expect(await create({ id: 'open', timeZone: 'UTC', eventDetail: 'standard' })).toMatchObject({
      status: 201,
      body: { eventDetail: 'standard' },
    });
  });

  it('have writing disabled, unless they enable it', async () => {
    expect(await create({ id: 'reader', timeZone: 'UTC' })).toMatchObject({ body: { writing: false } });
    const writer = await create({ id: 'writer', timeZone: 'UTC', writing: true });
    expect(writer).toMatchObject({ status: 201, body: { writing: true } });
    const key = await api.createKey('reader');
    const path = '/api/v1/workspaces/reader';
    const changed = await api.call(path, { key, method: 'PATCH', body: { writing: true } });
    expect(changed).toMatchObject({ status: 200, body: { writing: true, eventDetail: 'minimal' } });
    expect(await api.call(path, { key })).toMatchObject({ body: { writing: true } });
    const refused = await api.call(path, { key, method: 'PATCH', body: { writing: 'yes' } });
    expect(refused).toMatchObject({ status: 400, body: { field: 'writing' } });
  });

  it('are not changed by nothing, nor by an unknown field', async () => {
    await create({ id: 'same', timeZone: 'UTC' });
    const change = (body: unknown) => api.call('/api/v1/workspaces/same', { method: 'PATCH', body });
    expect(await change({})).toMatchObject({ status: 400, body: { field: 'eventDetail' } });
    expect(await change({ writing: true, id: 'other' })).toMatchObject({ status: 400 });
    expect(await change({ timeZone: 'Mars/Olympus' })).toMatchObject({
      status: 400,
      body: { field: 'timeZone' },
    });
    expect(await change({ status: 'deleting' })).toMatchObject({ status: 400, body: { field: 'status' } });
    expect(await change({ name: '' })).toMatchObject({ status: 400, body: { field: 'name' } });
  });

  it('change their name and time zone', async () => {
    expect(await create({ id: 'moving', timeZone: 'UTC', name: ' Acme Ltd ' })).toMatchObject({
      status: 201,
      body: { name: 'Acme Ltd', status: 'active' },
    });
    const key = await api.createKey('moving');
    const change = (body: unknown) => api.call('/api/v1/workspaces/moving', { key, method: 'PATCH', body });
    expect(await change({ timeZone: 'Asia/Tokyo' })).toMatchObject({
      status: 200,
      body: { name: 'Acme Ltd', timeZone: 'Asia/Tokyo' },
    });
    expect(await change({ name: null })).toMatchObject({ status: 200, body: { name: null } });
  });

  it('start nothing while they are paused', async () => {
    await create({ id: 'resting', timeZone: 'UTC', writing: true });
    const key = await api.createKey('resting');
    const path = '/api/v1/workspaces/resting';
    const change = (body: unknown) => api.call(path, { key, method: 'PATCH', body });
    expect(await change({ status: 'paused' })).toMatchObject({ status: 200, body: { status: 'paused' } });
    const post = (route: string, body: unknown) => api.call(`${path}${route}`, { key, method: 'POST', body });
    for (const refused of [
      await post('/calendar/sync', {}),
      await post('/plan', {}),
      await post('/events', { calendarId: randomUUID(), title: 'A', start: '2026-12-01', end: '2026-12-02' }),
    ])
      expect(refused).toMatchObject({ status: 409, body: { type: 'workspace-paused' } });
    expect(await post('/tasks', { title: 'Write', durationMinutes: 30 })).toMatchObject({ status: 201 });
    expect(await api.call(`${path}/events?from=2026-12-01&to=2026-12-02`, { key })).toMatchObject({
      status: 200,
    });
    expect(await change({ status: 'active' })).toMatchObject({ status: 200, body: { status: 'active' } });
    expect(await post('/calendar/sync', {})).toMatchObject({ status: 202 });
  });

  it('are for admins', async () => {
    await create({ id: 'mine', timeZone: 'UTC' });

    const key = await api.createKey('mine');
    expect(await api.call('/api/v1/workspaces', { key })).toMatchObject({ status: 403 });
    expect(await api.call('/api/v1/workspaces', { key: null })).toMatchObject({ status: 401 });
  });
});

describe('deleting a workspace', () => {
  const path = '/api/v1/workspaces/leaving';

  it('is started by an admin, once', async () => {
    await create({ id: 'leaving', timeZone: 'UTC' });
    const key = await api.createKey('leaving');
    expect(await api.call(path, { key, method: 'DELETE' })).toMatchObject({ status: 403 });
    const started = await api.call(path, { method: 'DELETE' });
    expect(started).toMatchObject({ status: 202, body: { workflowId: 'workspace-delete/leaving' } });
    const joined = await api.call(`${path}?ownCalendars=true`, { method: 'DELETE' });
    expect(joined).toMatchObject({ status: 202, body: { runId: started.body.runId } });
    expect(await api.call('/api/v1/workspaces/unknown', { method: 'DELETE' })).toMatchObject({ status: 404 });
    expect(await api.call(`${path}?ownCalendars=1`, { method: 'DELETE' })).toMatchObject({
      status: 400,
      body: { field: 'ownCalendars' },
    });
  });

  it('has a receipt, which outlives the workspace', async () => {
    expect(await api.call(`${path}/deletion`)).toMatchObject({ status: 404 });
    await beginDeletion(api.prisma, { workspaceId: 'leaving', keyId: 'alm_0123456789abcdef' });
    expect(await api.call(path)).toMatchObject({ status: 404, body: { type: 'not-found' } });
    expect(await api.call(`${path}/deletion`)).toMatchObject({ status: 200, body: { finishedAt: null } });
    const { outcome } = await deleteRows(api.prisma, 'leaving', new AbortController().signal);
    expect(outcome).toBe('done');
    expect(await api.call(`${path}/deletion`)).toMatchObject({
      status: 200,
      body: { workspaceId: 'leaving', keyId: 'alm_0123456789abcdef', rows: { api_keys: 1, workspaces: 1 } },
    });
  });
});
