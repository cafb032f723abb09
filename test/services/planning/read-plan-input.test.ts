import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint, readPlanInput } from '../../../services/planning/write-back/read-plan-input.ts';
import { changeCalendar } from '../../../services/calendars.ts';
import { WorkspaceNotFoundError } from '../../../services/errors.ts';
import { createHabit, skipHabit } from '../../../services/planning/habits.ts';
import { setHours } from '../../../services/planning/hours.ts';
import { setPolicy } from '../../../services/planning/policy.ts';
import { changeTask, createTask, setTaskDone } from '../../../services/planning/tasks.ts';
import type { Prisma } from '../../../prisma/generated/client.ts';
import { plan } from '../../../scheduling/index.ts';
import { pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

/** Within the horizon of the mirror, which is about today: noon in Berlin of a day some weeks ahead. */
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const today = new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS + 20 * DAY_MS);
const NOW = new Date(today.getTime() + 12 * HOUR_MS);

/** An instant some days after the planning day, at an hour of UTC. */
const at = (day: number, hour: number) => new Date(today.getTime() + day * DAY_MS + hour * HOUR_MS);
const text = (instant: Date) => instant.toISOString().replace('.000Z', 'Z');
const date = (day: number) => at(day, 0).toISOString().slice(0, 10);
const timed = (day: number, hour: number, hours = 1) => ({
  start: { dateTime: text(at(day, hour)) },
  end: { dateTime: text(at(day, hour + hours)) },
});
const allDay = (day: number) => ({ start: { date: date(day) }, end: { date: date(day + 1) } });

let stack: SyncStack;
let workspaces = 0;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());

interface World {
  workspaceId: string;
  accountId: string;
  email: string;
}

async function connect(workspaceId = `ws-${(workspaces += 1)}`, timeZone = 'UTC'): Promise<World> {
  const email = `${workspaceId}-${Math.random().toString(36).slice(2)}@example.com`;
  return { workspaceId, email, accountId: await stack.connect(workspaceId, email, timeZone) };
}

async function sync({ workspaceId, accountId }: World): Promise<void> {
  const input = { workspaceId, accountId, correlationId: 'c' };
  await runActivity(stack.activities.refreshCalendarList, input);
  const calendars = await stack.database.calendar.findMany({ where: { accountId, status: 'active' } });
  for (const { id } of calendars) await pullAll(stack, id, { workspaceId });
}

const read = ({ workspaceId }: World, now = NOW) => readPlanInput(stack.database, workspaceId, now);
const busyOf = async (world: World) => (await read(world)).busy;
const interval = (day: number, hour: number, hours = 1) => [text(at(day, hour)), text(at(day, hour + hours))];

const block = (
  { workspaceId }: World,
  data: Omit<Prisma.ScheduledBlockUncheckedCreateInput, 'workspaceId' | 'kind'> & { kind?: string },
) =>
  stack.database.scheduledBlock.create({ data: { workspaceId, kind: 'task', status: 'written', ...data } });
const span = (day: number, hour: number, hours = 1) => ({
  startAt: at(day, hour),
  endAt: at(day, hour + hours),
});

describe('busy time', () => {
  it('is what blocks in the mirror, of every account and calendar', async () => {
    const world = await connect();
    const other = await connect(world.workspaceId);
    const { id: team } = await stack.google.createCalendar(world.email, { summary: 'Team', timeZone: 'UTC' });
    const insert = (event: object, calendar = world.email) => stack.google.insertEvent(calendar, event);
    await insert({ summary: 'Meeting', ...timed(1, 9) });
    await insert({ summary: 'Free', transparency: 'transparent', ...timed(1, 11) });
    await insert({ summary: 'Maybe', status: 'tentative', ...timed(1, 13) });
    await insert({
      summary: 'Declined',
      ...timed(1, 15),
      attendees: [{ email: world.email, self: true, responseStatus: 'declined' }],
    });
    const gone = await insert({ summary: 'Cancelled', ...timed(1, 17) });
    await stack.google.deleteEvent(world.email, gone.id);
    await insert({ summary: 'Reminder', transparency: 'transparent', ...allDay(1) });
    await insert({ summary: 'Trade fair', ...allDay(3) });
    await insert({ summary: 'Office', eventType: 'workingLocation', ...timed(2, 9, 8) });
    await insert({ summary: 'Team day', ...timed(2, 10) }, team);
    await insert({ summary: 'Other account', ...timed(2, 12) }, other.email);
    await insert({ summary: 'Before the window', ...timed(-5, 9) });
    await insert({ summary: 'After the window', ...timed(40, 9) });
    await sync(world);
    await sync(other);
    expect(await busyOf(world)).toEqual([
      interval(1, 9),
      interval(1, 13),
      interval(2, 10),
      interval(2, 12),
      interval(3, 0, 24),
    ]);
  });

  it('of a whole day runs from midnight to midnight in the zone of the workspace', async () => {
    const world = await connect(undefined, 'America/New_York');
    await stack.google.insertEvent(world.email, { summary: 'Away', eventType: 'outOfOffice', ...allDay(3) });
    await sync(world);
    const [[start, end]] = (await busyOf(world)) as [[string, string]];
    const local = (instant: string) =>
      new Date(instant).toLocaleString('sv', { timeZone: 'America/New_York' });
    expect([local(start), local(end)]).toEqual([`${date(3)} 00:00:00`, `${date(4)} 00:00:00`]);
  });

  it('of a vacation keeps every day of it free of plans, unless the policy says otherwise', async () => {
    const world = await connect();
    await stack.google.insertEvent(world.email, {
      summary: 'Vacation',
      start: { date: date(0) },
      end: { date: date(6) },
    });
    await sync(world);
    await setHours(stack.database, world.workspaceId, {
      type: 'work',
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      blocks: ['09:00-17:00'],
    });
    await createTask(stack.database, world.workspaceId, { title: 'Report', durationMinutes: 60 });
    const startOfReport = async () => plan(await read(world)).blocks.map(({ start }) => start);
    expect(await startOfReport()).toEqual([text(at(6, 9))]);
    await setPolicy(stack.database, world.workspaceId, { allDay: 'free' });
    expect(await startOfReport()).toEqual([text(at(0, 12))]);
  });

  it('is not that of a calendar that another person owns, until the person says so', async () => {
    const world = await connect();
    const bob = `bob-of-${world.email}`;
    await stack.google.createUser({ email: bob, timeZone: 'UTC' });
    await stack.google.setAccessRole(world.email, bob, 'reader');
    await stack.google.insertEvent(bob, { summary: 'Workshop', ...timed(1, 9, 8) });
    await sync(world);
    expect(await busyOf(world)).toEqual([]);
    const { id } = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: bob } });
    await changeCalendar(stack.database, id, { takesTime: true });
    expect(await busyOf(world)).toEqual([interval(1, 9, 8)]);
  });

  it('is not that of a calendar that is disabled', async () => {
    const world = await connect();
    await stack.google.insertEvent(world.email, { summary: 'Meeting', ...timed(1, 9) });
    await sync(world);
    await stack.database.calendar.updateMany({
      where: { accountId: world.accountId },
      data: { enabled: false },
    });
    expect(await busyOf(world)).toEqual([]);
  });

  it('is never that of our own blocks, wherever the calendar is mirrored', async () => {
    const world = await connect();
    const other = await connect(world.workspaceId);
    const { id: own } = await stack.google.createCalendar(world.email, {
      summary: 'Almanac',
      timeZone: 'UTC',
    });
    await stack.google.createCalendar(other.email, { id: own, summary: 'Almanac', timeZone: 'UTC' });
    const event = await stack.google.insertEvent(own, { summary: 'Report', ...timed(1, 9) });
    await stack.google.insertEvent(own, { summary: 'Put there by hand', ...timed(1, 14) });
    await sync(world);
    await sync(other);
    const task = await createTask(stack.database, world.workspaceId, {
      title: 'Report',
      durationMinutes: 60,
    });
    const calendar = await stack.database.calendar.findFirstOrThrow({
      where: { googleCalendarId: own, accountId: world.accountId },
    });
    const { id } = await block(world, {
      taskId: task.id,
      ...span(1, 9),
      calendarId: calendar.id,
      googleEventId: event.id,
    });
    const input = await read(world);
    expect(input.busy).toEqual([interval(1, 14)]);
    expect(input.current).toMatchObject([{ id, refId: task.id, start: text(at(1, 9)), pinned: false }]);
  });

  it('is that of an event which a person has moved out of our calendar, though it keeps its ID', async () => {
    const world = await connect();
    const { id: own } = await stack.google.createCalendar(world.email, {
      summary: 'Almanac',
      timeZone: 'UTC',
    });
    const moved = await stack.google.insertEvent(world.email, { summary: 'Report', ...timed(1, 9) });
    await sync(world);
    const task = await createTask(stack.database, world.workspaceId, {
      title: 'Report',
      durationMinutes: 60,
    });
    const calendar = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: own } });
    await block(world, {
      taskId: task.id,
      ...span(1, 9),
      calendarId: calendar.id,
      googleEventId: moved.id,
      status: 'declined',
    });
    expect(await busyOf(world)).toEqual([interval(1, 9)]);
  });
});

describe('tasks', () => {
  it('are those that are open and not taken out of the hands of the planner', async () => {
    const world = await connect();
    const add = (title: string, more = {}) =>
      createTask(stack.database, world.workspaceId, { title, durationMinutes: 60, ...more });
    const manual = await add('Manual', { autoSchedule: false });
    const done = await add('Done');
    await setTaskDone(stack.database, world.workspaceId, done.id, true);
    const first = await add('First', { deadline: text(at(2, 9)), priority: 'high' });
    const second = await add('Second', { after: [first.id, done.id, manual.id] });
    const { tasks } = await read(world);
    expect(tasks.map(({ id, after }) => ({ id, after }))).toEqual([
      { id: first.id, after: [] },
      { id: second.id, after: [first.id] },
    ]);
    expect(tasks[0]).toMatchObject({ deadline: text(at(2, 9)), priority: 'high', minChunkMinutes: 30 });
  });

  it('count blocks of earlier days as worked, but only those since the user last said what is done', async () => {
    const world = await connect();
    const task = await createTask(stack.database, world.workspaceId, { title: 'Book', durationMinutes: 600 });
    await block(world, { taskId: task.id, ...span(-3, 9) });
    await block(world, { taskId: task.id, ...span(-1, 9, 2) });
    await block(world, { taskId: task.id, ...span(-1, 14), status: 'declined' });
    expect((await read(world)).tasks).toMatchObject([{ doneMinutes: 180 }]);

    const stated = { doneMinutes: 30, doneStatedAt: at(-2, 9) };
    await stack.database.task.update({ where: { id: task.id }, data: stated });
    expect((await read(world)).tasks).toMatchObject([{ doneMinutes: 150 }]);
  });

  it('are not done by a block of today: that one stays in the plan', async () => {
    const world = await connect();
    const { id: taskId } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 600,
    });
    const { id } = await block(world, { taskId, ...span(0, 9) });
    const input = await read(world);
    expect(input.tasks).toMatchObject([{ doneMinutes: 0 }]);
    expect(input.current).toMatchObject([{ id }]);
  });

  it('keep the blocks after the window', async () => {
    const world = await connect();
    const { id: taskId } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 600,
    });
    await block(world, { taskId, ...span(10, 9, 2) });
    const { tasks, current } = await readPlanInput(stack.database, world.workspaceId, NOW, { days: 7 });
    expect(current).toEqual([]);
    expect(tasks).toMatchObject([{ doneMinutes: 120 }]);
  });

  it('are not put where a user deleted a block from', async () => {
    const world = await connect();
    const { id: taskId } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 60,
    });
    await stack.database.declinedSlot.create({ data: { taskId, ...span(1, 9) } });
    const { policy } = await read(world);
    expect(policy.declined).toEqual([{ refId: taskId, start: text(at(1, 9)), end: text(at(1, 10)) }]);
  });
});

describe('current blocks', () => {
  it('are pinned where the user has pinned them, and left out when they are not coming', async () => {
    const world = await connect();
    const { id: taskId } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 600,
    });
    const moved = await block(world, { taskId, ...span(1, 9), pinnedBecause: 'moved' });
    const planned = await block(world, { taskId, ...span(1, 11), status: 'planned' });
    const writing = await block(world, { taskId, ...span(1, 13), status: 'writing' });
    await block(world, { taskId, ...span(0, 9), status: 'planned' });
    for (const status of ['declined', 'released', 'deleted'])
      await block(world, { taskId, ...span(1, 15), status });
    const { current, busy } = await read(world);
    expect(current.map(({ id, pinned }) => ({ id, pinned }))).toEqual([
      { id: moved.id, pinned: true },
      { id: planned.id, pinned: false },
      { id: writing.id, pinned: false },
    ]);
    expect(busy).toEqual([]);
  });

  it('of what the planner is to leave alone take up time and stay', async () => {
    const world = await connect();
    const { id: taskId } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 60,
    });
    await block(world, { taskId, ...span(1, 9) });
    await changeTask(stack.database, world.workspaceId, taskId, { autoSchedule: false });
    expect(await read(world)).toMatchObject({ tasks: [], current: [], busy: [interval(1, 9)] });
  });

  it('of habits carry the day that they were made for, also where they were dragged out of the window', async () => {
    const world = await connect();
    const { id: habitId } = await createHabit(stack.database, world.workspaceId, {
      title: 'Run',
      rrule: 'FREQ=DAILY',
      durationMinutes: 45,
      startDate: date(-10),
    });
    const add = (habitDay: number, day: number, pinnedBecause: string | null = 'moved') =>
      block(world, { kind: 'habit', habitId, habitDay: at(habitDay, 0), pinnedBecause, ...span(day, 9) });
    const own = await add(1, 1, null);
    const dragged = await add(2, 3);
    const before = await add(4, -2);
    const beyond = await add(5, 40);
    // Blocks of another day that lie elsewhere do not belong to this plan.
    await add(40, 40);
    const { current, busy } = await read(world);
    expect(current.map(({ id, habitDay }) => [id, habitDay])).toEqual([
      [before.id, date(4)],
      [own.id, date(1)],
      [dragged.id, date(2)],
      [beyond.id, date(5)],
    ]);
    expect(busy).toEqual([]);
  });

  it('that begin soon after the window take up the time that a block of its last evening could run into', async () => {
    const world = await connect();
    const { id: taskId } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 600,
    });
    await block(world, { taskId, ...span(7, 1, 2) });
    await stack.google.insertEvent(world.email, { summary: 'Early meeting', ...timed(8, 5) });
    await sync(world);
    const input = await readPlanInput(stack.database, world.workspaceId, NOW, { days: 7 });
    expect(input.current).toEqual([]);
    expect(input.busy).toEqual(expect.arrayContaining([interval(7, 1, 2), interval(8, 5)]));
  });

  it('of a task that is done take up time only when they have begun', async () => {
    const world = await connect();
    const { id: taskId } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 60,
    });
    await block(world, { taskId, ...span(0, 11, 2) });
    await block(world, { taskId, ...span(1, 9) });
    await setTaskDone(stack.database, world.workspaceId, taskId, true);
    expect(await read(world)).toMatchObject({ current: [], busy: [interval(0, 11, 2)] });
  });
});

it('reads habits with their skips, and orders only among those that are planned', async () => {
  const world = await connect();
  const habit = { rrule: 'FREQ=DAILY', durationMinutes: 45, minMinutes: 30, startDate: date(0) };
  const off = await createHabit(stack.database, world.workspaceId, {
    ...habit,
    title: 'Off',
    autoSchedule: false,
  });
  const run = await createHabit(stack.database, world.workspaceId, {
    ...habit,
    title: 'Run',
    before: off.id,
  });
  await createHabit(stack.database, world.workspaceId, { ...habit, title: 'Stretch', after: run.id });
  await skipHabit(stack.database, world.workspaceId, run.id, { day: date(2) });
  const { habits } = await read(world);
  expect(habits).toMatchObject([
    { id: run.id, title: 'Run', before: null, skippedDates: [date(2)], startDate: date(0), minMinutes: 30 },
    { title: 'Stretch', after: run.id },
  ]);
});

it('takes hours and policy from the workspace, and defaults for what it does not say', async () => {
  const world = await connect();
  expect(await read(world)).toMatchObject({
    days: 30,
    granularityMinutes: 15,
    hours: { work: { mon: [['09:00', '17:00']], sat: [] } },
    policy: { bufferMinutes: 0, freezeMinutes: 120, maxMinutesPerDay: {} },
  });
  await setHours(stack.database, world.workspaceId, { type: 'work', days: ['sat'], blocks: ['10:00-12:00'] });
  await setPolicy(stack.database, world.workspaceId, {
    days: 14,
    bufferMinutes: 10,
    granularityMinutes: 30,
    maxMinutesPerDay: { work: 360 },
  });
  expect(await read(world)).toMatchObject({
    days: 14,
    granularityMinutes: 30,
    hours: { work: { mon: [['09:00', '17:00']], sat: [['10:00', '12:00']] } },
    policy: { bufferMinutes: 10, maxMinutesPerDay: { work: 360 } },
  });
});

it('refuses a workspace that is not there', async () => {
  await expect(readPlanInput(stack.database, 'nobody', NOW)).rejects.toThrow(WorkspaceNotFoundError);
});

describe('the fingerprint', () => {
  it('does not depend on the clock, and changes with the calendar and the tasks', async () => {
    const world = await connect();
    const task = await createTask(stack.database, world.workspaceId, { title: 'Book', durationMinutes: 60 });
    await block(world, { taskId: task.id, ...span(0, 13) });
    const print = async (now = NOW) => fingerprint(await read(world, now));
    const before = await print();
    // The block begins in between.
    expect(await print(new Date(NOW.getTime() + 90 * 60_000))).toBe(before);
    await stack.google.insertEvent(world.email, { summary: 'Meeting', ...timed(1, 9) });
    await sync(world);
    const withMeeting = await print();
    expect(withMeeting).not.toBe(before);
    await changeTask(stack.database, world.workspaceId, task.id, { priority: 'low' });
    expect(await print()).not.toBe(withMeeting);
  });

  it('belongs to an input that the engine plans', async () => {
    const world = await connect();
    const { id } = await createTask(stack.database, world.workspaceId, {
      title: 'Book',
      durationMinutes: 60,
    });
    expect(plan(await read(world)).blocks).toMatchObject([{ refId: id, kind: 'task' }]);
  });
});
