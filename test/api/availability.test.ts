import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAvailability } from '../../services/availability/find-availability.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { connectTestTemporal } from '../support/temporal.ts';

const PATH = '/api/v1/availability';
const WINDOWS = [{ from: '2026-01-05', to: '2026-01-07' }];
const SLOTS = { durationMinutes: 60, most: 3 };

let fixture: ClientFixture;
let api: TestApi;
let acmeKey: string;

beforeAll(async () => {
  fixture = await createClientFixture();
  api = await startTestApi({ stack: { prisma: fixture.prisma, temporal: await connectTestTemporal() } });
  for (const id of ['acme', 'globex']) {
    const { accountId } = await fixture.connect(id);
    const calendar = await fixture.addCalendar(id, accountId);
    const hour = id === 'acme' ? '08' : '10';
    await fixture.addOccurrence(id, calendar, `2026-01-05T${hour}:00:00Z`, `2026-01-05T${hour}:30:00Z`);
  }
  acmeKey = await api.createKey('acme');
});
afterAll(async () => {
  await api.close();
  await api.temporal.close();
  await fixture.drop();
});

const ask = (body: object, key?: string, headers?: Record<string, string>) =>
  api.call(PATH, { method: 'POST', body, ...(key && { key }), ...(headers && { headers }) });

describe('availability', () => {
  it("is what the service finds, for an admin's key across workspaces", async () => {
    const question = { workspaceIds: ['acme', 'globex'], windows: WINDOWS, slots: SLOTS };
    const { status, body } = await ask(question);
    expect(status).toBe(200);
    expect(body).toEqual(await findAvailability(fixture.prisma, question));
    expect(body.people.map(({ busy }: { busy: object[] }) => busy.length)).toEqual([1, 1]);
    expect(body.slots).toHaveLength(3);
  });

  it('is busy times alone where no slots are asked for', async () => {
    const { body } = await ask({ workspaceIds: ['acme'], windows: WINDOWS });
    expect(Object.keys(body)).toEqual(['timeZone', 'people', 'proof', 'gaps']);
  });

  it('is not stored under an Idempotency-Key', async () => {
    const question = { workspaceIds: ['acme'], windows: WINDOWS };
    for (const windows of [WINDOWS, [{ from: '2026-01-05', to: '2026-01-06' }]])
      expect(await ask({ ...question, windows }, undefined, { 'idempotency-key': 'once' })).toMatchObject({
        status: 200,
      });
    expect(await fixture.prisma.idempotencyKey.count()).toBe(0);
  });

  it.each([
    ['workspaceIds', { windows: WINDOWS }],
    ['workspaceIds', { workspaceIds: Array.from({ length: 51 }, (_, i) => `w${i}`), windows: WINDOWS }],
    ['workspaceIds.0', { workspaceIds: ['a b'], windows: WINDOWS }],
    ['windows', { workspaceIds: ['acme'], windows: Array.from({ length: 11 }, () => WINDOWS[0]) }],
    ['windows', { workspaceIds: ['acme'], windows: [{ from: '2026-01-01', to: '2026-12-01' }] }],
    ['windows.0.from', { workspaceIds: ['acme'], windows: [{ from: 'soon', to: '2026-01-07' }] }],
    ['windows.0.to', { workspaceIds: ['acme'], windows: [{ from: '2026-01-07', to: '2026-01-05' }] }],
    ['timeZone', { workspaceIds: ['acme'], windows: WINDOWS, timeZone: 'Mars' }],
    ['movable', { workspaceIds: ['acme'], windows: WINDOWS, movable: 'maybe' }],
    ['titles', { workspaceIds: ['acme'], windows: WINDOWS, titles: true }],
    ['slots.durationMinutes', { workspaceIds: ['acme'], windows: WINDOWS, slots: {} }],
    [
      'slots.granularityMinutes',
      { workspaceIds: ['acme'], windows: WINDOWS, slots: { ...SLOTS, granularityMinutes: 7 } },
    ],
    ['slots.prefer.0', { workspaceIds: ['acme'], windows: WINDOWS, slots: { ...SLOTS, prefer: ['best'] } }],
    ['slots.most', { workspaceIds: ['acme'], windows: WINDOWS, slots: { ...SLOTS, most: 201 } }],
    [
      'slots.bufferAfterMinutes',
      { workspaceIds: ['acme'], windows: WINDOWS, slots: { ...SLOTS, bufferAfterMinutes: -1 } },
    ],
    [
      'slots.groups.0.workspaceIds',
      {
        workspaceIds: ['acme'],
        windows: WINDOWS,
        slots: { ...SLOTS, groups: [{ workspaceIds: ['globex'] }] },
      },
    ],
  ])('is refused for its %s, in one sentence', async (field, question) => {
    const { status, body } = await ask(question);
    expect([status, body.field]).toEqual([400, field]);
    expect(body.detail).toMatch(/^\S+ (must|is unknown).*\.$/);
    expect(body.detail).not.toMatch(/Invalid input|expected|received|almanac /);
  });

  it('of a workspace that does not exist is not found by an admin', async () => {
    expect(await ask({ workspaceIds: ['nobody'], windows: WINDOWS })).toMatchObject({ status: 404 });
  });
});

describe('a permit', () => {
  const permits = '/api/v1/workspaces/globex/availability-permits';
  const both = { workspaceIds: ['acme', 'globex'], windows: WINDOWS };

  it('lets another workspace ask, until it is taken back', async () => {
    const globexKey = await api.createKey('globex');
    const change = (method: string) => api.call(`${permits}/acme`, { method, key: globexKey });
    expect(await ask({ workspaceIds: ['acme'], windows: WINDOWS }, acmeKey)).toMatchObject({ status: 200 });
    expect(await ask(both, acmeKey)).toMatchObject({ status: 403, body: { type: 'forbidden' } });

    const permit = { workspaceId: 'globex', readerId: 'acme', createdAt: expect.any(String) };
    expect(await change('PUT')).toMatchObject({ status: 200, body: permit });
    expect(await change('PUT')).toMatchObject({ status: 200, body: permit });
    expect((await api.call(permits, { key: globexKey })).body).toEqual([permit]);
    const answer = await ask(both, acmeKey);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body.people[1].busy).toEqual([
      { start: '2026-01-05T10:00:00Z', end: '2026-01-05T10:30:00Z' },
    ]);
    expect(answer.body.proof.calendars.filter((one: object) => 'calendarId' in one)).toHaveLength(1);
    const stale = await api.call(`${PATH}?maxAge=1&wait=0`, { method: 'POST', body: both, key: acmeKey });
    expect(stale.status).toBe(409);
    const named = stale.body.stale.map((one: { workspaceId: string }) => [
      one.workspaceId,
      'calendarId' in one,
    ]);
    expect(named).toEqual([
      ['acme', true],
      ['globex', false],
    ]);

    expect(await change('DELETE')).toMatchObject({ status: 200, body: { removed: true } });
    expect(await change('DELETE')).toMatchObject({ status: 200, body: { removed: false } });
    expect(await ask(both, acmeKey)).toMatchObject({ status: 403 });
  });

  it('is refused for the workspace itself, and says nothing about whether the reader exists', async () => {
    const itself = await api.call(`${permits}/globex`, { method: 'PUT' });
    expect(itself).toMatchObject({ status: 400, body: { field: 'readerId' } });
    expect(await api.call(`${permits}/nobody`, { method: 'PUT' })).toMatchObject({ status: 200 });
    expect(
      await api.call('/api/v1/workspaces/nobody/availability-permits/acme', { method: 'PUT' }),
    ).toMatchObject({
      status: 404,
    });
  });
});
