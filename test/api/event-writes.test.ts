import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
let api: TestApi;
let calendarId: string;
const GOOGLE = 'acme@example.com';

beforeAll(async () => {
  stack = await startServedStack();
  api = await startTestApi({ stack: { prisma: stack.database, temporal: stack.temporal } });
  await stack.connect('acme', GOOGLE);
  await stack.database.workspace.update({
    where: { id: 'acme' },
    data: { writing: true, eventDetail: 'standard' },
  });
  await stack.sync('acme');
  ({ id: calendarId } = await stack.database.calendar.findFirstOrThrow({ where: { workspaceId: 'acme' } }));
});
afterAll(async () => {
  await api.close();
  await stack.close();
});

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`/api/v1/workspaces/acme${path}`, { method, body, headers });
const lunch = { title: 'Lunch', start: '2026-12-01T12:00:00', end: '2026-12-01T13:00:00' };
const create = (fields: object = {}, headers = {}) =>
  call('POST', '/events', { calendarId, ...lunch, ...fields }, headers);

describe('an event', () => {
  it('is created, read, changed, answered with its version, and deleted', async () => {
    const created = await create({ attendees: [{ email: 'ada@example.org' }], conference: true });
    expect(created).toMatchObject({
      status: 201,
      body: { status: 'done', calendarId, event: { title: 'Lunch', start: '2026-12-01T11:00:00Z' } },
    });
    const { eventId, event } = created.body;
    expect(event.conferenceLink).toContain('https://meet.google.com/');
    const read = await call('GET', `/events/${eventId}`);
    expect(read.body).toMatchObject({ ...event, attendees: [{ email: 'ada@example.org' }] });
    expect(read.body.etag).toBe(created.body.etag);

    const changed = await call('PATCH', `/events/${eventId}`, { title: 'Brunch', ifMatch: read.body.etag });
    expect(changed).toMatchObject({
      status: 200,
      body: { status: 'done', eventId, event: { title: 'Brunch' } },
    });

    const late = await call('PATCH', `/events/${eventId}`, { title: 'Dinner', ifMatch: read.body.etag });
    expect(late).toMatchObject({
      status: 412,
      body: { type: 'changed-meanwhile', etag: changed.body.etag },
    });

    const deleted = await call('DELETE', `/events/${eventId}?sendUpdates=all`);
    expect(deleted).toMatchObject({ status: 200, body: { status: 'done', operation: 'delete' } });
    expect(await call('GET', `/events/${eventId}`)).toMatchObject({ status: 404 });
    expect(await call('DELETE', `/events/${eventId}`)).toMatchObject({ status: 404 });
  });

  it('is one event, however often the request is repeated with its key', async () => {
    const headers = { 'idempotency-key': 'lunch-1' };
    const [first, second] = await Promise.all([create({}, headers), create({}, headers)]);
    // The one that comes second finds the first in progress, or its answer.
    for (const { status } of [first, second]) expect([201, 409]).toContain(status);
    const again = await create({}, headers);
    expect(again).toMatchObject({ status: 201 });
    // As after a crash of the API, which forgets that it has answered.
    await stack.database.idempotencyKey.deleteMany();
    const after = await create({}, headers);
    expect(after.body.googleEventId).toBe(again.body.googleEventId);
    const events = await stack.google.listEvents(GOOGLE);
    expect(events.filter(({ status }) => status !== 'cancelled')).toHaveLength(1);
  });

  it('is refused in one sentence that names the field', async () => {
    expect(await create({ end: '2026-12-01T11:00:00' })).toMatchObject({
      status: 400,
      body: { field: 'end', detail: 'end must be after start.' },
    });
    const eventId = '00000000-0000-4000-8000-000000000000';
    expect(await call('PATCH', `/events/${eventId}`, {})).toMatchObject({ status: 400 });
    expect(await call('PATCH', `/events/${eventId}`, { title: 'x' })).toMatchObject({ status: 404 });
    expect(await call('POST', `/events/${eventId}/answer`, { response: 'maybe' })).toMatchObject({
      status: 400,
      body: { field: 'response' },
    });
  });

  it('is answered with 202 while Google does not answer, and its outcome is found later', async () => {
    await stack.google.addFault({ match: { method: 'POST', calendarId: GOOGLE }, times: 1, delayMs: 2_500 });
    const started = await call('POST', '/events?wait=1', { calendarId, ...lunch, title: 'Slow' });
    expect(started).toMatchObject({ status: 202, body: { batchId: expect.any(String) } });
    const outcome = () => call('GET', `/event-writes/${started.body.batchId}`);
    await expect.poll(async () => (await outcome()).body.pending).toBe(0);
    expect((await outcome()).body).toMatchObject({ done: 1, writes: [{ status: 'done' }] });
  });

  it('needs writing to be enabled', async () => {
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: false } });
    expect(await create()).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('`PATCH /api/v1/workspaces/acme` enables writing') },
    });
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: true } });
  });
});

describe('a batch', () => {
  it('makes its writes in order, and tells the outcome of each', async () => {
    const [known] = await stack.database.workspaceCalendarEvent.findMany({ where: { workspaceId: 'acme' } });
    const writes = [
      ...Array.from({ length: 30 }, (_, index) => ({
        operation: 'create',
        calendarId,
        title: `Event ${index}`,
        start: `2026-12-${String(index + 1).padStart(2, '0')}`,
        end: `2026-12-${String(index + 2).padStart(2, '0')}`,
      })),
      { operation: 'delete', eventId: known!.id, ifMatch: '"none"' },
    ];
    const made = await call('POST', '/events:batch?wait=50', { writes });
    expect(made).toMatchObject({ status: 200, body: { done: 30, refused: 1, failed: 0, pending: 0 } });
    expect(made.body.writes[30]).toMatchObject({ status: 'refused', refusal: 'changed' });
    const again = await call('GET', `/event-writes/${made.body.batchId}`);
    expect(again.body).toEqual(made.body);
  });

  it('has at least one write, and at most 500', async () => {
    for (const count of [0, 501]) {
      const writes = Array.from({ length: count }, () => ({ operation: 'create', calendarId, ...lunch }));
      expect(await call('POST', '/events:batch', { writes })).toMatchObject({
        status: 400,
        body: { field: 'writes' },
      });
    }
  });
});
