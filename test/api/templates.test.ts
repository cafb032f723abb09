import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorkspace } from '../../services/workspaces.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let key: string;

beforeAll(async () => {
  api = await startTestApi();
  await createWorkspace(api.prisma, { id: 'acme', timeZone: 'UTC' });
  key = await api.createKey('acme');
});
afterAll(() => api.close());

const PATH = '/api/v1/templates';
const body = {
  name: 'report',
  tasks: [{ name: 'outline', title: 'Outline', durationMinutes: 60, deadlineDay: 3 }],
};

it('is managed by admins, and applied by any key of the workspace', async () => {
  expect(await api.call(PATH, { key, method: 'POST', body })).toMatchObject({ status: 403 });
  const created = await api.call(PATH, { method: 'POST', body });
  expect(created).toMatchObject({ status: 201, body: { ...body, habits: [] } });
  expect(await api.call(PATH, { method: 'POST', body })).toMatchObject({ status: 409 });
  expect(await api.call(PATH)).toMatchObject({
    status: 200,
    body: [{ name: 'report', tasks: 1, habits: 0 }],
  });
  expect(await api.call(`${PATH}/report`)).toMatchObject({ status: 200, body });
  const apply = (name: string, start: string) =>
    api.call(`/api/v1/workspaces/acme/templates/${name}/apply`, { key, method: 'POST', body: { start } });
  expect(await apply('report', '2027-03-01')).toMatchObject({
    status: 201,
    body: { tasks: [{ title: 'Outline', deadline: '2027-03-05T00:00:00Z' }], habits: [] },
  });
  expect(await apply('report', 'soon')).toMatchObject({ status: 400, body: { field: 'start' } });
  expect(await apply('unknown', '2027-03-01')).toMatchObject({ status: 404 });
  const changed = { tasks: [{ name: 'outline', title: 'Long outline', durationMinutes: 90 }] };
  const change = (name: string, sent: object, as?: string) =>
    api.call(`${PATH}/${name}`, { method: 'PUT', body: sent, ...(as !== undefined && { key: as }) });
  expect(await change('report', changed, key)).toMatchObject({ status: 403 });
  expect(await change('unknown', changed)).toMatchObject({ status: 404 });
  expect(await change('report', { tasks: [] })).toMatchObject({ status: 400, body: { field: 'tasks' } });
  expect((await api.call(`${PATH}/report`)).body).toMatchObject(body);
  expect(await change('report', changed)).toMatchObject({
    status: 200,
    body: { name: 'report', ...changed },
  });
  expect((await api.call(`${PATH}/report`)).body).toMatchObject({ name: 'report', ...changed });
  expect(await api.call(`${PATH}/report`, { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(await api.call(`${PATH}/report`)).toMatchObject({ status: 404 });
});

it('is applied to many workspaces by admins, in the background', async () => {
  await api.call(PATH, { method: 'POST', body: { ...body, name: 'many' } });
  const apply = (sent: object, as?: string) =>
    api.call(`${PATH}/many/apply`, { method: 'POST', body: sent, ...(as !== undefined && { key: as }) });
  const request = { start: '2027-03-01', workspaceIds: ['acme'] };
  expect(await apply(request, key)).toMatchObject({ status: 403 });
  expect(await apply({ start: '2027-03-01' })).toMatchObject({
    status: 400,
    body: { field: 'workspaceIds' },
  });
  expect(await apply({ ...request, workspaceIds: ['unknown'] })).toMatchObject({ status: 404 });
  const applicationId = '7d9f4a52-5a0e-4c38-9d2c-8f2f3a1f0a11';
  const started = await apply({ ...request, applicationId });
  expect(started).toMatchObject({
    status: 202,
    body: { applicationId, workflowId: `template-application/${applicationId}` },
  });
  expect((await apply({ ...request, applicationId })).body).toEqual(started.body);
  // No worker serves this test.
  expect(await api.call(`/api/v1/template-applications/${applicationId}`)).toMatchObject({
    status: 200,
    body: { state: 'running', progress: null },
  });
});
