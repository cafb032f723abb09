import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { listBlocks, setBlockPinned } from '../../services/planning/blocks.ts';
import {
  changeHabit,
  createHabit,
  listHabits,
  removeHabit,
  skipHabit,
} from '../../services/planning/habits.ts';
import { setHours, showHours } from '../../services/planning/hours.ts';
import { setPolicy, showPolicy } from '../../services/planning/policy.ts';
import type { NewTask } from '../../services/planning/task-fields.ts';
import { changeTask, createTask, listTasks, removeTask, setTaskDone } from '../../services/planning/tasks.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
let accountId: string;
beforeAll(async () => {
  fixture = await createClientFixture();
  ({ accountId } = await fixture.connect('acme'));
  await fixture.connect('beta');
});
afterAll(() => fixture.drop());

const add = (input: Partial<NewTask> = {}, workspaceId = 'acme') =>
  createTask(fixture.prisma, workspaceId, { title: 'Report', durationMinutes: 60, ...input });
const change = (id: string, changes: object) => changeTask(fixture.prisma, 'acme', id, changes);

describe('a task', () => {
  it('has defaults for everything but title and duration', async () => {
    expect(await add()).toMatchObject({
      title: 'Report',
      priority: 'normal',
      durationMinutes: 60,
      doneMinutes: 0,
      splittable: true,
      minChunkMinutes: 30,
      maxChunkMinutes: 120,
      earliestStart: null,
      deadline: null,
      hours: 'work',
      after: [],
      autoSchedule: true,
      status: 'open',
    });
  });

  it('takes times in the zone of the workspace, and a deadline to the end of its day', async () => {
    expect(await add({ earliestStart: '2026-01-05', deadline: '2026-01-05' })).toMatchObject({
      earliestStart: '2026-01-04T23:00:00Z',
      deadline: '2026-01-05T23:00:00Z',
    });
    expect(
      await add({ earliestStart: '2026-07-05T09:00', deadline: '2026-07-05T09:00-04:00' }),
    ).toMatchObject({
      earliestStart: '2026-07-05T07:00:00Z',
      deadline: '2026-07-05T13:00:00Z',
    });
  });

  it.each<[object, string]>([
    [{ title: ' ' }, 'title must not be empty.'],
    [{ priority: 'urgent' }, 'priority must be one of critical, high, normal, low.'],
    [{ durationMinutes: 0 }, 'durationMinutes must be a whole number of minutes from 5 to 100000.'],
    [{ durationMinutes: 1.5 }, 'durationMinutes must be a whole number of minutes from 5 to 100000.'],
    [{ durationMinutes: 3 }, 'durationMinutes must be a whole number of minutes from 5 to 100000.'],
    [{ doneMinutes: -1 }, 'doneMinutes must be a whole number of minutes from 0 to 100000.'],
    [{ minChunkMinutes: 31 }, 'minChunkMinutes must be a multiple of 5 minutes.'],
    [
      { minChunkMinutes: 60, maxChunkMinutes: 30 },
      'minChunkMinutes must not be longer than the longest block.',
    ],
    [{ deadline: 'soon' }, 'deadline must be an instant such as'],
    [{ deadline: '2026-02-30' }, 'deadline must be an instant such as'],
    [{ hours: 'deep' }, 'hours must be work, personal, meeting or a type that has hours.'],
    [{ after: ['t1'] }, 'after.0 must be a task UUID'],
  ])('refuses %j and stays away', async (input, message) => {
    const before = await fixture.prisma.task.count();
    await expect(add(input)).rejects.toThrow(InvalidInputError);
    await expect(add(input)).rejects.toThrow(message);
    expect(await fixture.prisma.task.count()).toBe(before);
  });

  it('waits for a task of the workspace only', async () => {
    await expect(add({ after: [randomUUID()] })).rejects.toThrow(NotFoundError);
    await expect(add({ after: [randomUUID()] })).rejects.toThrow('which is not a task of the workspace.');
  });

  it('moves the usual chunk limit out of the way of the one that is given', async () => {
    expect(await add({ maxChunkMinutes: 20 })).toMatchObject({ minChunkMinutes: 20, maxChunkMinutes: 20 });
    expect(await add({ minChunkMinutes: 180 })).toMatchObject({ minChunkMinutes: 180, maxChunkMinutes: 180 });
  });

  it('changes in what is given only', async () => {
    const { id } = await add({ priority: 'high', deadline: '2026-01-05' });
    expect(await change(id, { title: 'Other', deadline: null })).toMatchObject({
      title: 'Other',
      priority: 'high',
      deadline: null,
    });
    await expect(change(id, { minChunkMinutes: 240 })).rejects.toThrow('minChunkMinutes must not be longer');
    expect(await change(id, {})).toMatchObject({ title: 'Other', minChunkMinutes: 30 });
  });

  it('remembers when the user said how much is done', async () => {
    const { id } = await add();
    const stated = async () => (await fixture.prisma.task.findUniqueOrThrow({ where: { id } })).doneStatedAt;
    await fixture.prisma.task.update({ where: { id }, data: { doneStatedAt: new Date(0) } });
    await change(id, { title: 'Other' });
    expect(await stated()).toEqual(new Date(0));
    await change(id, { doneMinutes: 30 });
    expect(Date.now() - (await stated()).getTime()).toBeLessThan(60_000);
  });

  it('is done, open again, and forgotten with what waits for it', async () => {
    const first = await add({}, 'beta');
    const second = await add({ after: [first.id] }, 'beta');
    const titles = async (all = false) =>
      (await listTasks(fixture.prisma, 'beta', { all })).map(({ id, status }) => [id, status]);
    await setTaskDone(fixture.prisma, 'beta', first.id, true);
    expect(await titles()).toEqual([[second.id, 'open']]);
    expect(await titles(true)).toEqual([
      [first.id, 'done'],
      [second.id, 'open'],
    ]);
    await setTaskDone(fixture.prisma, 'beta', first.id, false);
    expect(await titles()).toHaveLength(2);
    await removeTask(fixture.prisma, 'beta', first.id);
    expect(await listTasks(fixture.prisma, 'beta')).toMatchObject([{ id: second.id, after: [] }]);
  });

  it('of another workspace is not found', async () => {
    const { id } = await add({}, 'beta');
    await expect(change(id, { title: 'Mine' })).rejects.toThrow(NotFoundError);
    await expect(removeTask(fixture.prisma, 'acme', id)).rejects.toThrow(NotFoundError);
    await expect(setTaskDone(fixture.prisma, 'acme', id, true)).rejects.toThrow(NotFoundError);
    await expect(add({ after: [id] })).rejects.toThrow('which is not a task of the workspace');
  });
});

describe('tasks that wait for each other', () => {
  it('never make a circle, and the sentence names the tasks', async () => {
    const a = await add();
    const b = await add({ after: [a.id] });
    const c = await add({ after: [b.id] });
    await expect(change(a.id, { after: [a.id] })).rejects.toThrow(
      `after would make the task wait for itself: ${a.id} after ${a.id}.`,
    );
    await expect(change(a.id, { after: [c.id] })).rejects.toThrow(
      `after would make the task wait for itself: ${a.id} after ${c.id} after ${b.id} after ${a.id}.`,
    );
    await change(c.id, { after: [] });
    expect(await change(a.id, { after: [c.id] })).toMatchObject({ after: [c.id] });
  });

  it('never make one when two changes meet', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await add(), await add()];
      const outcomes = await Promise.allSettled([
        change(a.id, { after: [b.id] }),
        change(b.id, { after: [a.id] }),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });
});

describe('a habit', () => {
  const RUN = { title: 'Run', rrule: 'FREQ=DAILY', durationMinutes: 45 };
  const addHabit = (input: object = {}) => createHabit(fixture.prisma, 'acme', { ...RUN, ...input });

  it('starts today, counts in full only, and is personal, if nothing else is said', async () => {
    const today = new Date().toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
    const habit = await addHabit();
    expect(habit).toMatchObject({ startDate: today, minMinutes: 45, hours: 'personal', idealTime: null });
    expect(await listHabits(fixture.prisma, 'acme')).toContainEqual(habit);
  });

  it.each<[object, string]>([
    [{ rrule: 'FREQ=HOURLY' }, 'rrule must be a recurrence rule that names days'],
    [{ rrule: 'daily' }, 'rrule must be a recurrence rule that names days'],
    [{ startDate: '2026-1-5' }, 'startDate must be a date such as 2026-01-05.'],
    [{ durationMinutes: 7 }, 'durationMinutes must be a multiple of 5 minutes.'],
    [{ minMinutes: 50 }, 'minMinutes must not be longer than the duration.'],
    [{ idealTime: '7:30' }, 'idealTime must be a time such as 07:30.'],
    [{ preference: 'noon' }, 'preference must be one of morning, afternoon, evening, night.'],
    [{ after: randomUUID() }, 'which is not a habit of the workspace.'],
  ])('refuses %j', async (input, message) => {
    await expect(addHabit(input)).rejects.toThrow(message);
  });

  it('never waits for itself', async () => {
    const first = await addHabit();
    const second = await addHabit({ after: first.id });
    const circle = `after would make the habit wait for itself: ${first.id} after ${second.id} after ${first.id}.`;
    await expect(changeHabit(fixture.prisma, 'acme', first.id, { after: second.id })).rejects.toThrow(circle);
    await expect(changeHabit(fixture.prisma, 'acme', second.id, { before: first.id })).rejects.toThrow(
      InvalidInputError,
    );
    await removeHabit(fixture.prisma, 'acme', first.id);
    expect(await changeHabit(fixture.prisma, 'acme', second.id, {})).toMatchObject({ after: null });
  });

  it('is skipped on a day, once, until that is taken back', async () => {
    const { id } = await addHabit();
    const skip = (skipped: boolean) => skipHabit(fixture.prisma, 'acme', id, { day: '2026-01-05', skipped });
    await skip(true);
    expect(await skip(true)).toMatchObject({ skippedDates: ['2026-01-05'] });
    expect(await skip(false)).toMatchObject({ skippedDates: [] });
  });
});

describe('hours', () => {
  it('replace those of the given days and leave the others', async () => {
    expect(await showHours(fixture.prisma, 'acme')).toMatchObject({
      work: { mon: [['09:00', '17:00']], sat: [] },
      personal: { sun: [['07:00', '23:00']] },
    });
    await setHours(fixture.prisma, 'acme', {
      type: 'work',
      days: ['mon', 'sat'],
      blocks: ['13:00-17:00', '09:00-12:00'],
    });
    const hours = await setHours(fixture.prisma, 'acme', { type: 'work', days: ['sat'], blocks: [] });
    expect(hours['work']).toMatchObject({
      mon: [
        ['09:00', '12:00'],
        ['13:00', '17:00'],
      ],
      tue: [['09:00', '17:00']],
      sat: [],
    });
  });

  it('make a type of their own, which tasks may then have', async () => {
    await setHours(fixture.prisma, 'acme', {
      type: 'night',
      days: ['fri'],
      blocks: ['22:00-02:00', '02:00-24:00'],
    });
    expect(await add({ hours: 'night' })).toMatchObject({ hours: 'night' });
  });

  it.each(['9-12', '09:00', '25:00-26:00', '24:00-24:00', '09:00-24:01'])('are not %j', async (block) => {
    const input = { type: 'work', days: ['mon' as const], blocks: [block] };
    await expect(setHours(fixture.prisma, 'acme', input)).rejects.toThrow(
      'must be local times such as 09:00-12:00',
    );
  });
});

describe('a policy', () => {
  it('changes in what is given only', async () => {
    await setPolicy(fixture.prisma, 'acme', {
      bufferMinutes: 10,
      maxMinutesPerDay: { work: 360, personal: 60 },
    });
    const changed = await setPolicy(fixture.prisma, 'acme', {
      maxMinutesPerDay: { personal: null },
      autoApply: true,
    });
    expect(changed).toEqual({
      bufferMinutes: 10,
      maxMinutesPerDay: { work: 360 },
      freezeMinutes: 120,
      granularityMinutes: 15,
      days: 30,
      targetAccountId: null,
      targetCalendarId: null,
      autoApply: true,
      allDay: 'busy',
      tentative: 'busy',
      unanswered: 'busy',
      outOfOffice: 'busy',
    });
    expect(await showPolicy(fixture.prisma, 'acme')).toEqual(changed);
    expect(await showPolicy(fixture.prisma, 'beta')).toMatchObject({ bufferMinutes: 0, autoApply: false });
  });

  it('says how events count, each by itself', async () => {
    await setPolicy(fixture.prisma, 'acme', { allDay: 'free', unanswered: 'free' });
    const changed = await setPolicy(fixture.prisma, 'acme', { allDay: 'busy', tentative: 'free' });
    expect(changed).toMatchObject({
      allDay: 'busy',
      tentative: 'free',
      unanswered: 'free',
      outOfOffice: 'busy',
    });
    expect(await showPolicy(fixture.prisma, 'beta')).toMatchObject({ tentative: 'busy' });
  });

  it('writes only to a calendar of the workspace that may be written to', async () => {
    const mine = await fixture.addCalendar('acme', accountId);
    const others = await fixture.prisma.calendarAuthToken.findFirstOrThrow({
      where: { workspaceId: 'beta' },
    });
    const theirs = await fixture.addCalendar('beta', others.id);
    expect(await setPolicy(fixture.prisma, 'acme', { targetCalendarId: mine })).toMatchObject({
      targetCalendarId: mine,
    });
    await expect(setPolicy(fixture.prisma, 'acme', { targetCalendarId: theirs })).rejects.toThrow(
      'targetCalendarId must be a calendar of the workspace',
    );
    await fixture.prisma.calendar.update({ where: { id: mine }, data: { accessRole: 'reader' } });
    await expect(setPolicy(fixture.prisma, 'acme', { targetCalendarId: mine })).rejects.toThrow(
      InvalidInputError,
    );
    await expect(setPolicy(fixture.prisma, 'acme', { targetAccountId: others.id })).rejects.toThrow(
      'targetAccountId must be an account of the workspace.',
    );
  });

  it.each<[object, string]>([
    [{ granularityMinutes: 20 }, 'granularityMinutes must be one of 5, 10, 15, 30.'],
    [{ allDay: 'maybe' }, 'allDay must be busy or free.'],
    [{ tentative: true }, 'tentative must be busy or free.'],
    [{ unanswered: null }, 'unanswered must be busy or free.'],
    [{ outOfOffice: '' }, 'outOfOffice must be busy or free.'],
    [{ days: 91 }, 'days must be a whole number from 7 to 90.'],
    [{ bufferMinutes: 241 }, 'bufferMinutes must be a whole number of minutes from 0 to 240.'],
    [{ maxMinutesPerDay: { deep: 60 } }, 'maxMinutesPerDay must be work'],
  ])('is not %j', async (input, message) => {
    await expect(setPolicy(fixture.prisma, 'acme', input)).rejects.toThrow(message);
  });
});

describe('a block', () => {
  const NOW = new Date('2026-01-05T08:00:00Z');
  const place = async (hour: string, data: object = {}) => {
    const task = await add();
    return fixture.prisma.scheduledBlock.create({
      data: {
        workspaceId: 'acme',
        kind: 'task',
        taskId: task.id,
        startAt: new Date(`2026-01-05T${hour}:00:00Z`),
        endAt: new Date(`2026-01-05T${hour}:45:00Z`),
        status: 'written',
        ...data,
      },
    });
  };
  const pin = (id: string, pinned: boolean) => setBlockPinned(fixture.prisma, 'acme', id, pinned, NOW);

  it('is pinned and let go, and keeps the reason it was pinned for', async () => {
    const { id } = await place('09');
    expect(await pin(id, true)).toMatchObject({ pinned: true, pinnedBecause: 'locked', title: 'Report' });
    expect(await pin(id, false)).toMatchObject({ pinned: false });
    const moved = await place('10', { pinnedBecause: 'moved' });
    expect(await pin(moved.id, true)).toMatchObject({ pinnedBecause: 'moved' });
  });

  it('that repeats or has guests cannot be let go here', async () => {
    const { id } = await place('13', { pinnedBecause: 'meeting' });
    await expect(pin(id, false)).rejects.toThrow(
      /^block must not repeat or have guests: change that in Google/,
    );
    expect(await pin(id, true)).toMatchObject({ pinned: true, pinnedBecause: 'meeting' });
  });

  it('that has begun, or is gone, cannot be pinned or let go', async () => {
    await expect(pin((await place('07')).id, false)).rejects.toThrow('block must not have begun');
    await expect(pin((await place('11', { status: 'deleted' })).id, true)).rejects.toThrow(NotFoundError);
    await expect(setBlockPinned(fixture.prisma, 'beta', (await place('12')).id, true, NOW)).rejects.toThrow(
      NotFoundError,
    );
  });

  it('is listed until it is over', async () => {
    const later = await place('20');
    const ids = async (now: string) =>
      (await listBlocks(fixture.prisma, 'acme', new Date(`2026-01-05T${now}:00Z`))).map(({ id }) => id);
    expect(await ids('20:44')).toEqual([later.id]);
    expect(await ids('20:45')).toEqual([]);
  });
});
