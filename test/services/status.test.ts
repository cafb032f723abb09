import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFoundError } from '../../services/errors.ts';
import { readStatusPages, readWorkspaceStatus } from '../../services/reading/status.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await createClientFixture();
});
afterAll(() => fixture.drop());

const OPTIONS = { poll: { plainMs: 15 * 60_000, withPushMs: 6 * 3_600_000 } };
const statusOf = async (workspaceId: string) => readWorkspaceStatus(fixture.prisma, workspaceId, OPTIONS);

function log(workspaceId: string, calendarId: string, runId: string, startedAt: string, data: object = {}) {
  return fixture.prisma.workspaceCalendarSyncLog.create({
    data: {
      workspaceId,
      calendarId,
      runId,
      workflowId: `calendar-sync/${workspaceId}`,
      mode: 'incremental',
      source: 'schedule',
      outcome: 'success',
      startedAt: new Date(startedAt),
      finishedAt: new Date(new Date(startedAt).getTime() + 1_000),
      ...data,
    },
  });
}

describe('the status of a workspace', () => {
  it('is pending until something has been synced', async () => {
    await fixture.connect('fresh');
    expect(await statusOf('fresh')).toMatchObject({
      id: 'fresh',
      health: 'pending',
      accounts: [{ email: 'fresh@example.com', health: 'pending', calendarListSyncedAt: null }],
      calendars: [],
    });
  });

  it('has the times and the failures of every calendar, and the worst health of its parts', async () => {
    const { accountId } = await fixture.connect('mixed');
    await fixture.prisma.calendarAuthToken.update({
      where: { id: accountId },
      data: { calendarListSyncedAt: new Date() },
    });
    const good = await fixture.addCalendar('mixed', accountId, {
      summary: 'A',
      syncState: { lastFullSyncAt: new Date('2026-01-01T00:00:00Z') },
    });
    const bad = await fixture.addCalendar('mixed', accountId, {
      summary: 'B',
      syncState: { failures: 3, lastError: 'GoogleUnavailable', lastSyncedAt: null },
    });
    const off = await fixture.addCalendar('mixed', accountId, {
      summary: 'C',
      enabled: false,
      syncState: { nextSyncAt: null },
    });
    await fixture.addCalendar('mixed', accountId, { summary: 'D', status: 'removed' });

    const status = await statusOf('mixed');

    expect(status).toMatchObject({
      health: 'failing',
      accounts: [{ id: accountId, health: 'healthy' }],
      calendars: [
        { id: good, health: 'healthy', failures: 0, lastFullSyncAt: '2026-01-01T00:00:00.000Z' },
        { id: bad, health: 'failing', failures: 3, lastError: 'GoogleUnavailable', lastSyncedAt: null },
        { id: off, health: 'disabled', nextSyncAt: null },
      ],
    });
    expect(status.calendars).toHaveLength(3);
    expect(status.calendars[0]).not.toHaveProperty('lastError');
  });

  it('asks for the account to be connected again once its grant is revoked', async () => {
    const { accountId } = await fixture.connect('revoked');
    await fixture.addCalendar('revoked', accountId);
    await fixture.prisma.calendarAuthToken.update({
      where: { id: accountId },
      data: { status: 'needs_reconnect', lastError: 'GoogleAuthRevoked' },
    });
    expect(await statusOf('revoked')).toMatchObject({
      health: 'needs_reconnect',
      accounts: [{ health: 'needs_reconnect', lastError: 'GoogleAuthRevoked' }],
      calendars: [{ health: 'needs_reconnect' }],
    });
  });

  it('sums the latest run over its calendars', async () => {
    const { accountId } = await fixture.connect('ran');
    const [a, b] = [await fixture.addCalendar('ran', accountId), await fixture.addCalendar('ran', accountId)];
    await log('ran', a, 'old', '2026-01-05T09:00:00Z', { upserted: 100 });
    await log('ran', a, 'new', '2026-01-05T09:15:00Z', { pages: 1, upserted: 2, deleted: 1 });
    await log('ran', b, 'new', '2026-01-05T09:15:01Z', {
      mode: 'full',
      pages: 3,
      upserted: 5,
      outcome: 'failed',
    });
    expect((await statusOf('ran')).lastRun).toEqual({
      workflowId: 'calendar-sync/ran',
      runId: 'new',
      source: 'schedule',
      mode: 'full',
      outcome: 'failed',
      calendars: 2,
      pages: 4,
      upserted: 7,
      deleted: 1,
      startedAt: '2026-01-05T09:15:00.000Z',
      finishedAt: '2026-01-05T09:15:02.000Z',
    });
  });

  it('counts the requests to Google of the present day, and of no other', async () => {
    await fixture.connect('asked');
    await fixture.prisma.$executeRaw`
      insert into google_requests (day, workspace_id, method, requests)
      select (now() at time zone 'America/Los_Angeles')::date - age, 'asked', method, 40
      from unnest(array[0, 0, 1], array['events.list', 'events.get', 'events.list']) as r(age, method)`;
    expect((await statusOf('asked')).googleRequests).toBe(80);
    expect((await statusOf('fresh')).googleRequests).toBe(0);
  });

  it('has no end of a run while one of its calendars is being read', async () => {
    const { accountId } = await fixture.connect('running');
    const [a, b] = [
      await fixture.addCalendar('running', accountId),
      await fixture.addCalendar('running', accountId),
    ];
    await log('running', a, 'run', '2026-01-05T09:00:00Z');
    await log('running', b, 'run', '2026-01-05T09:00:00Z', { outcome: 'running', finishedAt: null });
    expect((await statusOf('running')).lastRun).toMatchObject({ outcome: 'running', finishedAt: null });
  });

  it('is not there for an unknown one', async () => {
    await expect(statusOf('nobody')).rejects.toThrow(NotFoundError);
  });
});

it('covers every workspace, in order of their IDs', async () => {
  await fixture.connect('zulu');
  await fixture.connect('alpha');
  const ids: string[] = [];
  for await (const page of readStatusPages(fixture.prisma, OPTIONS)) ids.push(...page.map(({ id }) => id));
  expect(ids).toEqual(ids.toSorted());
  expect(ids).toEqual(expect.arrayContaining(['alpha', 'zulu']));
});
