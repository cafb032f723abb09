import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_SUMMARY_HABITS } from '../../contracts/limits.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

/** That of the seeded event and block, on Tuesday from 9 to 10 in UTC. */
const PATH = '/api/v1/workspaces/acme/summary?week=2026-W49';

let api: TestApi;
let key: string;
let ids: Awaited<ReturnType<typeof seedWorkspace>>;
beforeAll(async () => {
  api = await startTestApi();
  ids = await seedWorkspace(api.prisma, 'acme');
  key = await api.createKey('acme');
});
afterAll(() => api.close());

const summary = async (path = PATH) => (await api.call(path, { key })).body;
const at = (time: string) => new Date(`2026-12-01T${time}:00Z`);

it('knows no time of a week that the mirror does not hold', async () => {
  expect(await summary()).toMatchObject({
    busyMinutes: null,
    meetingMinutes: null,
    focusMinutes: null,
    workMinutes: 3 * 60 + 4 * 8 * 60,
  });
});

it('answers time in meetings where the guests of every event are kept', async () => {
  const { calendarId } = ids;
  await api.prisma.calendarSyncState.update({
    where: { calendarId },
    data: {
      provenAt: at('00:00'),
      horizonFrom: new Date('2026-11-01'),
      horizonTo: new Date('2027-01-01'),
      syncToken: 'token',
    },
  });
  expect(await summary()).toMatchObject({
    busyMinutes: 60,
    meetingMinutes: null,
    focusMinutes: 33 * 60 + 60,
  });
  await api.prisma.calendarSyncState.update({ where: { calendarId }, data: { eventDetail: 'standard' } });
  expect(await summary()).toMatchObject({ busyMinutes: 60, meetingMinutes: 0 });
  await api.prisma.calendarEvent.update({
    where: { calendarId_googleEventId: { calendarId, googleEventId: 'event-acme' } },
    data: { resource: { attendees: [{ self: true }, { email: 'grace@example.com' }] } },
  });
  expect(await summary()).toMatchObject({
    busyMinutes: 60,
    meetingMinutes: 60,
    provenAt: at('00:00').toISOString(),
  });
});

it('does not count the event of a block as busy, unless it became a meeting', async () => {
  const where = { id: ids.blockId };
  await api.prisma.scheduledBlock.update({ where, data: { googleEventId: 'event-acme', status: 'written' } });
  expect(await summary()).toMatchObject({ busyMinutes: 0, meetingMinutes: 0 });
  await api.prisma.scheduledBlock.update({ where, data: { pinnedBecause: 'meeting' } });
  expect(await summary()).toMatchObject({ busyMinutes: 60, meetingMinutes: 60 });
});

it('tells blocks that people moved from those that a plan moved', async () => {
  const { runId, blockId } = ids;
  const [nine, ten, eleven, noon] = ['09:00', '10:00', '11:00', '12:00'].map(at) as [Date, Date, Date, Date];
  await api.prisma.scheduleRun.update({ where: { id: runId }, data: { startedAt: at('00:00') } });
  // Not written to Google yet.
  expect((await summary()).plan.placed).toBe(0);
  await api.prisma.scheduleWrite.updateMany({
    where: { runId },
    data: { status: 'done', doneAt: at('00:01') },
  });
  expect((await summary()).plan).toMatchObject({ placed: 1, moved: 0 });
  await api.prisma.scheduledBlock.update({ where: { id: blockId }, data: { startAt: eleven, endAt: noon } });
  expect((await summary()).plan).toMatchObject({ placed: 1, moved: 1 });
  // A new title is written where the person has put it.
  const write = { runId, blockId, operation: 'move', afterStart: eleven, afterEnd: noon, status: 'done' };
  const retitled = { ...write, position: 2, beforeStart: eleven, beforeEnd: noon, doneAt: at('00:02') };
  await api.prisma.scheduleWrite.create({ data: retitled });
  expect((await summary()).plan).toMatchObject({ placed: 1, moved: 1 });
  const moved = { ...write, position: 3, beforeStart: nine, beforeEnd: ten, doneAt: at('00:03') };
  await api.prisma.scheduleWrite.create({ data: moved });
  expect((await summary()).plan).toMatchObject({ placed: 1, moved: 0 });
  await api.prisma.scheduledBlock.update({ where: { id: blockId }, data: { status: 'declined' } });
  expect((await summary()).plan).toMatchObject({ placed: 1, missed: 1 });
});

it('counts the wanted, done and skipped days of habits', async () => {
  const block = { workspaceId: 'acme', kind: 'habit', habitId: ids.habitId, status: 'written' };
  const over = { startAt: new Date('2020-01-01T09:00:00Z'), endAt: new Date('2020-01-01T10:00:00Z') };
  const days = ['2026-12-02', '2026-12-03', '2026-12-09'];
  await api.prisma.scheduledBlock.createMany({
    data: [
      ...days.map((day) => ({ ...block, ...over, id: randomUUID(), habitDay: new Date(day) })),
      { ...block, ...over, id: randomUUID(), habitDay: new Date('2026-12-04'), status: 'declined' },
      {
        ...block,
        startAt: new Date('2100-01-01'),
        endAt: new Date('2100-01-02'),
        habitDay: new Date('2026-12-05'),
      },
    ],
  });
  // It begins on Tuesday, which is skipped.
  expect((await summary()).habits).toEqual([
    { habitId: ids.habitId, title: 'Habit', wanted: 6, done: 2, skipped: 1 },
  ]);
});

it('answers text and HTML where they are accepted', async () => {
  const text = await api.call(PATH, { key, headers: { accept: 'text/plain' } });
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text.body).toContain('  Habit: 2 of 6 (1 skipped)\n');
  const html = await api.call(PATH, { key, headers: { accept: 'text/html,*/*' } });
  expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html.body).toContain('<li>Busy: 1 h</li>');
});

it('is that of the last full week by default, and of no week that does not exist', async () => {
  const { from, to } = await summary('/api/v1/workspaces/acme/summary');
  const [now] = await api.prisma.$queryRaw<{ from: string; to: string }[]>`
    select (monday - 7)::text as from, monday::text as to
    from (select date_trunc('week', now() at time zone 'UTC')::date as monday) this_week`;
  expect({ from, to }).toEqual(now);
  expect(await api.call('/api/v1/workspaces/acme/summary?week=2026-W54', { key })).toMatchObject({
    status: 400,
    body: { field: 'week' },
  });
});

it('says that there are more habits than it shows', async () => {
  expect((await summary()).cut).toBe(false);
  const habit = {
    workspaceId: 'acme',
    title: 'Habit',
    rrule: 'FREQ=DAILY',
    durationMinutes: 30,
    minMinutes: 30,
  };
  await api.prisma.habit.createMany({
    data: Array.from({ length: MAX_SUMMARY_HABITS }, () => ({ ...habit, startDate: new Date('2026-12-01') })),
  });
  expect(await summary()).toMatchObject({ habits: { length: MAX_SUMMARY_HABITS }, cut: true });
});
