import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let taskId: string;
let habitId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  for (const id of ['acme', 'beta'])
    await database.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
  taskId = (await task()).id;
  habitId = (await habit()).id;
});
afterAll(() => database.drop());

const workspaceId = 'acme';
const NINE = new Date('2026-01-05T09:00:00Z');
const TEN = new Date('2026-01-05T10:00:00Z');

const task = (data: object = {}) =>
  database.prisma.task.create({ data: { workspaceId, title: 'Report', durationMinutes: 60, ...data } });
const habit = (data: object = {}) =>
  database.prisma.habit.create({
    data: {
      workspaceId,
      title: 'Run',
      rrule: 'FREQ=DAILY',
      startDate: NINE,
      durationMinutes: 45,
      minMinutes: 30,
      ...data,
    },
  });
const hours = (data: object = {}) =>
  database.prisma.calendarHours.create({
    data: { workspaceId, type: randomUUID(), weekday: 'mon', blocks: [], ...data },
  });
const policy = (data: object = {}) =>
  database.prisma.schedulePolicy.upsert({
    where: { workspaceId },
    create: { workspaceId, ...data },
    update: data,
  });
const block = (data: object = {}) =>
  database.prisma.scheduledBlock.create({
    data: { workspaceId, kind: 'task', taskId, startAt: NINE, endAt: TEN, ...data },
  });
const run = (data: object = {}) =>
  database.prisma.scheduleRun.create({ data: { workspaceId, mode: 'preview', ...data } });

type Refused = [what: string, constraint: RegExp, data: object];
const refuse = (writing: Promise<unknown>, constraint: RegExp) => expect(writing).rejects.toThrow(constraint);

describe('a task', () => {
  it.each<Refused>([
    ['of an unknown priority', /priority_check/, { priority: 'urgent' }],
    ['of an unknown status', /status_check/, { status: 'asleep' }],
    ['without a duration', /duration_check/, { durationMinutes: 0 }],
    ['with less than nothing done', /duration_check/, { doneMinutes: -1 }],
    ['with chunks upside down', /chunk_check/, { minChunkMinutes: 60, maxChunkMinutes: 30 }],
    ['with chunks off the steps of five', /chunk_check/, { minChunkMinutes: 31 }],
    ['of no workspace', /Foreign key/, { workspaceId: 'nobody' }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(task(data), constraint);
  });

  it('is imported once into a workspace, and may be into another', async () => {
    await task({ sourceRef: 't1' });
    await task({ sourceRef: 't1', workspaceId: 'beta' });
    await refuse(task({ sourceRef: 't1' }), /Unique/);
  });

  it('waits for tasks of its own workspace, not for itself', async () => {
    const other = await task({ workspaceId: 'beta' });
    const wait = (afterTaskId: string) =>
      database.prisma.taskDependency.create({ data: { taskId, afterTaskId, workspaceId } });
    await refuse(wait(other.id), /Foreign key/);
    await refuse(wait(taskId), /self_check/);
  });
});

describe('a habit', () => {
  it.each<Refused>([
    ['of an unknown priority', /priority_check/, { priority: 'urgent' }],
    ['that counts from more than all', /duration_check/, { minMinutes: 50 }],
    ['longer than a day', /duration_check/, { durationMinutes: 1_445 }],
    ['at no time of day', /ideal_time_check/, { idealTime: '24:00' }],
    ['of an unknown preference', /preference_check/, { preference: 'noon' }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(habit(data), constraint);
  });
});

describe('hours', () => {
  it.each(['9:00-12:00', '09:00-24:01', '24:00-02:00', '09:00-12:00 13:00-17:00x'])(
    'are not %j',
    async (text) => {
      await refuse(hours({ blocks: [text] }), /blocks_check/);
    },
  );

  it('are blocks, or none, of a weekday', async () => {
    await hours({ blocks: [] });
    await hours({ blocks: ['09:00-12:00', '22:00-02:00', '00:00-24:00'] });
    await refuse(hours({ weekday: 'monday' }), /weekday_check/);
  });
});

it.each<Refused>([
  ['with a grid of 20', /granularity_check/, { granularityMinutes: 20 }],
  ['of 91 days', /days_check/, { days: 91 }],
  ['with less than no buffer', /minutes_check/, { bufferMinutes: -1 }],
  ['with a list of limits', /max_check/, { maxMinutesPerDay: [] }],
])('a policy %s is refused', async (_what, constraint, data) => {
  await refuse(policy(data), constraint);
});

describe('a block', () => {
  it.each<Refused>([
    ['that ends when it starts', /order_check/, { endAt: NINE }],
    ['of an unknown kind', /kind_check/, { kind: 'meeting' }],
    ['of a task with a day', /kind_check/, { habitDay: NINE }],
    ['of a habit without a day', /kind_check/, { kind: 'habit', taskId: null }],
    ['that is part 3 of 2', /chunk_check/, { chunkIndex: 3, chunkOf: 2 }],
    ['of an unknown status', /status_check/, { status: 'lost' }],
    ['pinned for an unknown reason', /pinned_check/, { pinnedBecause: 'whim' }],
    ['of a generation before the first', /generation_check/, { generation: -1 }],
  ])('%s is refused', async (_what, constraint, data) => {
    await refuse(block(data), constraint);
  });

  it('is pinned as a meeting', async () => {
    await block({ pinnedBecause: 'meeting', status: 'written' });
  });

  it('outlives its task or habit, for Google still has it', async () => {
    const gone = await task();
    const { id } = await block({ taskId: gone.id, status: 'written' });
    await block({ kind: 'habit', taskId: null, habitId, habitDay: NINE });
    await database.prisma.task.delete({ where: { id: gone.id } });
    await database.prisma.habit.delete({ where: { id: habitId } });
    expect(await database.prisma.scheduledBlock.findUnique({ where: { id } })).toMatchObject({
      taskId: null,
    });
    expect(await database.prisma.scheduledBlock.count({ where: { kind: 'habit', habitId: null } })).toBe(1);
  });
});

it('a run of an unknown mode or status is refused', async () => {
  await refuse(run({ mode: 'guess' }), /mode_check/);
  await refuse(run({ status: 'lost' }), /status_check/);
});

it('a declined slot has a length', async () => {
  const slot = { taskId, startAt: NINE, endAt: NINE };
  await refuse(database.prisma.declinedSlot.create({ data: slot }), /order_check/);
});

it('forgets everything of planning with the workspace', async () => {
  const { prisma } = database;
  await prisma.habitSkip.create({ data: { habitId: (await habit()).id, day: NINE } });
  await prisma.declinedSlot.create({ data: { taskId, startAt: NINE, endAt: TEN } });
  await prisma.taskDependency.create({
    data: { taskId: (await task()).id, afterTaskId: taskId, workspaceId },
  });
  await policy({});
  await block({ runId: (await run()).id });
  await prisma.workspace.deleteMany();
  const left = await Promise.all([
    prisma.task.count(),
    prisma.taskDependency.count(),
    prisma.habit.count(),
    prisma.habitSkip.count(),
    prisma.declinedSlot.count(),
    prisma.calendarHours.count(),
    prisma.schedulePolicy.count(),
    prisma.scheduledBlock.count(),
    prisma.scheduleRun.count(),
  ]);
  expect(left).toEqual(Array.from({ length: 9 }, () => 0));
});
