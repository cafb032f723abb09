import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ownEventId } from '../../services/planning/write-back/own-event-id.ts';
import type { PlanRequest } from '../../contracts/planning.ts';
import type { EventResource, FaultInput } from '../../emulator/admin.ts';
import {
  blocksInDatabase,
  blocksInGoogle,
  eventsOf,
  hoursAfter,
  instantOf,
  nextMonday,
  ownCalendarId,
  runPlan,
  watching,
} from '../support/planning-stack.ts';
import { runActivity } from '../support/run-activity.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const monday = nextMonday();
const FIRST_PLAN = { created: 9, moved: 0, deleted: 0 };
const NOTHING = { created: 0, moved: 0, deleted: 0 };
let stack: WorkflowStack;
let workspaces = 0;

beforeAll(async () => {
  stack = await startServedStack();
});
afterEach(() => stack.google.clearFaults());
afterAll(() => stack.close());

interface Planned {
  workspaceId: string;
  email: string;
  plan(request?: Partial<PlanRequest>): ReturnType<typeof runPlan>;
}

/** A workspace in UTC with an account, two tasks of two hours and a daily habit. The clock stands at Monday, 08:00. */
async function planned(): Promise<Planned> {
  workspaces += 1;
  const [workspaceId, email] = [`plan-${workspaces}`, `planner-${workspaces}@example.com`];
  await stack.connect(workspaceId, email, 'UTC');
  stack.clock.now = hoursAfter(monday, 8);
  const task = { workspaceId, durationMinutes: 120, maxChunkMinutes: 120 };
  await stack.database.task.createMany({
    data: [
      { ...task, title: 'Report', priority: 'high' },
      { ...task, title: 'Slides' },
    ],
  });
  await stack.database.habit.create({
    data: {
      workspaceId,
      title: 'Run',
      rrule: 'FREQ=DAILY',
      startDate: monday,
      durationMinutes: 30,
      minMinutes: 30,
      idealTime: '18:00',
    },
  });
  const plan = (request: Partial<PlanRequest> = {}) =>
    runPlan(stack, { workspaceId, days: 7, mode: 'apply', ...request });
  return { workspaceId, email, plan };
}

const at = (hours: number) => ({ dateTime: hoursAfter(monday, hours).toISOString() });
const meeting = (from: number, to: number) => ({ summary: 'Meeting', start: at(from), end: at(to) });

async function block(email: string, title: string, index = 0): Promise<EventResource> {
  const events = (await eventsOf(stack, email)).filter(({ summary }) => summary === title);
  return events.toSorted((a, b) => (instantOf(a.start) < instantOf(b.start) ? -1 : 1))[index]!;
}

/** Writes to events, or to calendars, that Google was asked for since. */
async function writesSince(since: string): Promise<string[]> {
  const requests = await stack.google.requests({ since });
  return requests
    .filter(({ method, path }) => method !== 'GET' && path.startsWith('/calendar'))
    .map(({ method, path }) => `${method} ${path}`);
}

/** Waits until Google was asked to patch something whose path has this in it. */
async function patchReaches(part: string): Promise<void> {
  const requests = async () =>
    (await stack.google.requests()).some(({ method, path }) => method === 'PATCH' && path.includes(part));
  await expect.poll(requests, { timeout: 20_000 }).toBe(true);
}

/** The write number `index`, from 0, meets a fault. */
async function faultAt(
  index: number,
  match: FaultInput['match'],
  fault: Omit<FaultInput, 'match' | 'times'>,
) {
  if (index > 0) await stack.google.addFault({ match, times: index, delayMs: 0 });
  await stack.google.addFault({ match, times: 1, ...fault });
}

describe('a plan', () => {
  it('is shown without writing anything', async () => {
    const { email, plan } = await planned();
    expect(await plan({ mode: 'preview' })).toMatchObject({
      success: true,
      applied: false,
      placed: 9,
      ...NOTHING,
    });
    expect(await ownCalendarId(stack, email)).toBeUndefined();
  });

  it('is applied to a calendar of its own, and a second time writes nothing', async () => {
    const { workspaceId, email, plan } = await planned();
    await stack.google.insertEvent(email, meeting(9, 10));
    const { result, seen } = await watching(stack, email, () => plan());
    expect(result).toMatchObject({ success: true, applied: true, ...FIRST_PLAN });
    expect(seen).toEqual([]);
    expect(await blocksInGoogle(stack, email)).toEqual(await blocksInDatabase(stack, workspaceId));
    const event = await block(email, 'Report');
    expect(event).toMatchObject({ status: 'confirmed', extendedProperties: { private: { app: 'almanac' } } });
    expect(event.attendees).toBeUndefined();
    const since = new Date().toISOString();
    expect(await plan()).toMatchObject({ success: true, applied: true, ...NOTHING });
    expect(await writesSince(since)).toEqual([]);
  });

  it('respects what a person moves, deletes and adds, and moves nothing else', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const before = await blocksInGoogle(stack, email);
    const [report, slides, run] = [
      await block(email, 'Report'),
      await block(email, 'Slides'),
      await block(email, 'Run', 2),
    ];
    await stack.google.patchEvent(own, report.id, { start: at(24 + 14), end: at(24 + 16) });
    await stack.google.deleteEvent(own, slides.id);
    await stack.google.insertEvent(email, meeting(48 + 17, 48 + 19));

    const { result, seen } = await watching(stack, email, () => plan());
    expect(result).toMatchObject({
      applied: true,
      created: 1,
      moved: 1,
      deleted: 0,
      edits: { pinned: 1, declined: 1 },
    });
    // What the person did themselves overlaps until we have moved away.
    expect(seen.filter((pair) => !pair.includes('Meeting'))).toEqual([]);
    const after = await blocksInGoogle(stack, email);
    expect(after).toEqual(await blocksInDatabase(stack, workspaceId));
    const changed = (a: string[], b: string[]) => a.filter((line) => !b.includes(line));
    expect(changed(before, after)).toHaveLength(3);
    expect(changed(after, before)).toHaveLength(3);
    expect(instantOf((await block(email, 'Report')).start)).toBe(hoursAfter(monday, 38).toISOString());
    expect((await block(email, 'Slides')).id).not.toBe(slides.id);
    expect(instantOf((await block(email, 'Slides')).start)).not.toBe(instantOf(slides.start));
    expect((await block(email, 'Run', 2)).id).toBe(run.id);

    const since = new Date().toISOString();
    expect(await plan()).toMatchObject({ ...NOTHING, edits: { pinned: 0, declined: 0 } });
    expect(await writesSince(since)).toEqual([]);
  });

  it('skips a habit on the day its block was deleted, and takes a restored block back', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const run = await block(email, 'Run', 3);
    await stack.google.deleteEvent(own, run.id);
    expect(await plan()).toMatchObject({ ...NOTHING, edits: { declined: 1 } });
    expect(await stack.database.habitSkip.count({ where: { habit: { workspaceId } } })).toBe(1);
    await stack.google.undeleteEvent(own, run.id);
    expect(await plan()).toMatchObject({ ...NOTHING, edits: { pinned: 1, declined: 0 } });
    expect(await stack.database.habitSkip.count({ where: { habit: { workspaceId } } })).toBe(0);
    expect(await blocksInGoogle(stack, email)).toEqual(await blocksInDatabase(stack, workspaceId));
  });

  it('has a dragged habit for the day that it was made for, and skips that day when it is deleted', async () => {
    const { email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const runs = async () =>
      (await blocksInGoogle(stack, email))
        .filter((text) => text.endsWith('Run'))
        .map((text) => text.slice(8, 16));
    const dayAndHour = (hours: number) => hoursAfter(monday, hours).toISOString().slice(8, 16);
    const evenings = [1, 2, 3, 4, 5, 6].map((day) => dayAndHour(day * 24 + 18));
    const dragged = await block(email, 'Run');
    await stack.google.patchEvent(own, dragged.id, { start: at(24 + 7), end: at(24 + 7.5) });
    expect(await plan()).toMatchObject({ success: true, ...NOTHING });
    expect(await runs()).toEqual([dayAndHour(24 + 7), ...evenings].toSorted());

    // Made anew, each day keeps its own.
    expect(await plan({ force: true })).toMatchObject({ success: true, ...NOTHING });
    await stack.google.deleteEvent(own, dragged.id);
    expect(await plan()).toMatchObject({ success: true, ...NOTHING });
    expect(await runs()).toEqual(evenings.toSorted());
  });

  it('has no second one of a habit that was dragged beyond the window', async () => {
    const { email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    await stack.google.patchEvent(own, (await block(email, 'Run')).id, { start: at(240), end: at(240.5) });
    expect(await plan()).toMatchObject({ success: true, ...NOTHING });
  });

  it('leaves what is over as it was', async () => {
    const { email, plan } = await planned();
    await plan();
    const before = await blocksInGoogle(stack, email);
    stack.clock.now = hoursAfter(monday, 12);
    expect(await plan()).toMatchObject({ success: true, ...NOTHING });
    expect(await plan({ force: true })).toMatchObject({ success: true, ...NOTHING });
    expect(await blocksInGoogle(stack, email)).toEqual(before);
  });

  it('releases the future blocks of a task that is done', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    await stack.database.task.updateMany({
      where: { workspaceId, title: 'Slides' },
      data: { status: 'done' },
    });
    expect(await plan()).toMatchObject({ created: 0, moved: 0, deleted: 1 });
    expect(await block(email, 'Slides')).toBeUndefined();
  });

  it('writes a new title and leaves the time alone; a title from Google stays', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const slides = await block(email, 'Slides');
    await stack.google.patchEvent(own, slides.id, { summary: 'Slides, room 5' });
    await stack.database.task.updateMany({
      where: { workspaceId, title: 'Report' },
      data: { title: 'Annual report' },
    });
    expect(await plan()).toMatchObject({ ...NOTHING, applied: true, edits: { pinned: 0 } });
    expect(await block(email, 'Annual report')).toBeDefined();
    expect(await block(email, 'Slides, room 5')).toBeDefined();
  });

  it('takes a copy that a person makes of a block for an event like any other', async () => {
    const { email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const { extendedProperties } = await block(email, 'Report');
    const copy = { ...meeting(9 + 24, 10 + 24), extendedProperties };
    const { id } = await stack.google.insertEvent(own, copy);
    expect(await plan()).toMatchObject(NOTHING);
    expect((await stack.google.listEvents(own)).map((event) => event.id)).toContain(id);
  });

  it('shows no double booking while blocks change places', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const priority = async (title: string, value: string) =>
      stack.database.task.updateMany({ where: { workspaceId, title }, data: { priority: value } });
    await priority('Report', 'low');
    await priority('Slides', 'critical');
    await stack.google.addFault({ match: { pathContains: '/events/' }, times: 100, delayMs: 20 });
    const { result, seen, looks } = await watching(stack, email, () => plan({ force: true }));
    expect(result).toMatchObject({ applied: true, created: 0, moved: 2, deleted: 0 });
    expect(seen).toEqual([]);
    expect(looks).toBeGreaterThan(10);
    const [slides, report] = [await block(email, 'Slides'), await block(email, 'Report')];
    expect(instantOf(slides.start) < instantOf(report.start)).toBe(true);
  });
});

describe('a block that a person makes a meeting of', () => {
  const WEEKLY = ['RRULE:FREQ=WEEKLY;COUNT=3'];
  const GUESTS = { attendees: [{ email: 'bob@example.com' }] };
  const done = (workspaceId: string, title: string) =>
    stack.database.task.updateMany({ where: { workspaceId, title }, data: { status: 'done' } });

  it('by making it repeat keeps all its occurrences, and nothing is planned over one', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const report = await block(email, 'Report');
    await stack.google.patchEvent(own, report.id, {
      recurrence: WEEKLY,
      start: { ...at(9), timeZone: 'UTC' },
      end: { ...at(11), timeZone: 'UTC' },
    });
    // Long enough that it would take the hour of the second occurrence, too.
    await stack.database.task.create({
      data: { workspaceId, title: 'Thesis', durationMinutes: 40 * 60, maxChunkMinutes: 480 },
    });
    const planTwoWeeks = () => plan({ days: 14 });
    expect(await planTwoWeeks()).toMatchObject({ applied: true, edits: { pinned: 1, declined: 0 } });
    const secondWeek = [168 + 9, 168 + 11].map((hours) => hoursAfter(monday, hours).getTime());
    const overlapping = (await eventsOf(stack, email)).filter(
      ({ start, end, recurrence }) =>
        recurrence === undefined &&
        Date.parse(instantOf(start)) < secondWeek[1]! &&
        Date.parse(instantOf(end)) > secondWeek[0]!,
    );
    expect(overlapping).toEqual([]);

    // Neither a meeting over its first occurrence moves it, nor does its task take it along.
    await stack.google.insertEvent(email, meeting(9, 11));
    await planTwoWeeks();
    await done(workspaceId, 'Report');
    expect(await planTwoWeeks()).toMatchObject({ applied: true, deleted: 0 });
    const series = await block(email, 'Report');
    expect(series).toMatchObject({ id: report.id, status: 'confirmed', recurrence: WEEKLY });
    expect(instantOf(series.start)).toBe(hoursAfter(monday, 9).toISOString());
  });

  it('by inviting guests stays where it is, whatever is planned and whatever becomes of its task', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const report = await block(email, 'Report');
    await stack.google.patchEvent(own, report.id, { ...GUESTS, summary: 'Report with Bob' });
    await stack.database.task.create({
      data: {
        workspaceId,
        title: 'Urgent',
        priority: 'critical',
        durationMinutes: 60,
        deadline: hoursAfter(monday, 10),
      },
    });
    const since = new Date().toISOString();
    expect(await plan()).toMatchObject({ applied: true, deleted: 0, edits: { pinned: 1, declined: 0 } });
    expect((await writesSince(since)).filter((line) => line.includes(report.id))).toEqual([]);
    expect(
      await stack.database.scheduledBlock.findFirst({ where: { googleEventId: report.id } }),
    ).toMatchObject({ pinnedBecause: 'meeting', startAt: hoursAfter(monday, 9) });

    await done(workspaceId, 'Report');
    await stack.database.task.create({ data: { workspaceId, title: 'Call', durationMinutes: 120 } });
    expect(await plan({ force: true })).toMatchObject({ applied: true });
    const kept = await block(email, 'Report with Bob');
    expect(kept).toMatchObject({ id: report.id, ...GUESTS });
    const during = (await eventsOf(stack, email)).filter(
      ({ start, end }) => instantOf(start) < instantOf(kept.end) && instantOf(end) > instantOf(kept.start),
    );
    expect(during.map(({ id }) => id)).toEqual([report.id]);
  });

  it('between plan and write is left alone', { tags: ['slow'] }, async () => {
    const { email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const report = await block(email, 'Report');
    await stack.google.insertEvent(email, meeting(9, 13));
    await stack.google.addFault({ match: { calendarId: own, method: 'PATCH' }, times: 1, delayMs: 1_500 });
    const running = plan();
    await patchReaches(report.id);
    await stack.google.patchEvent(own, report.id, GUESTS);
    expect(await running).toMatchObject({ success: true, applied: true, edits: { pinned: 1 } });
    expect(instantOf((await block(email, 'Report')).start)).toBe(hoursAfter(monday, 9).toISOString());
  });

  it('is a block again, and pinned, when its guests have gone', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const report = await block(email, 'Report');
    await stack.google.patchEvent(own, report.id, GUESTS);
    await plan();
    await stack.google.patchEvent(own, report.id, { attendees: [] });
    await plan();
    expect(
      await stack.database.scheduledBlock.findFirst({ where: { googleEventId: report.id } }),
    ).toMatchObject({ pinnedBecause: 'moved' });
    await done(workspaceId, 'Report');
    expect(await plan()).toMatchObject({ deleted: 1 });
  });

  it('is no block any more when the first occurrence of its series alone is moved', async () => {
    const { email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const report = await block(email, 'Report');
    const times = { start: { ...at(9), timeZone: 'UTC' }, end: { ...at(11), timeZone: 'UTC' } };
    await stack.google.patchEvent(own, report.id, { recurrence: WEEKLY, ...times });
    await plan();
    const first = `${report.id}_${hoursAfter(monday, 9)
      .toISOString()
      .replaceAll(/[-:]|\.000/gu, '')}`;
    await stack.google.patchEvent(own, first, { start: at(24 + 19), end: at(24 + 21) });
    expect(await plan()).toMatchObject({ applied: true, created: 1, moved: 0, deleted: 0 });
    const titles = (await eventsOf(stack, email)).filter(({ summary }) => summary === 'Report');
    expect(titles.map(({ id }) => id)).toEqual(expect.arrayContaining([report.id, first]));
    expect(titles).toHaveLength(3);
  });
});

describe('an apply that is disturbed', () => {
  it('ends the same wherever the answer to a write is lost', { tags: ['slow'] }, async () => {
    for (const index of [0, 4, 8]) {
      const { workspaceId, email, plan } = await planned();
      await faultAt(
        index,
        { email, method: 'POST', pathContains: '/events' },
        { afterCommit: true, status: 503 },
      );
      expect(await plan()).toMatchObject({ success: true, applied: true, ...FIRST_PLAN });
      expect(await blocksInGoogle(stack, email)).toHaveLength(9);
      expect(await blocksInGoogle(stack, email)).toEqual(await blocksInDatabase(stack, workspaceId));
    }
  });

  it(
    'goes on in the next run, wherever one has failed, whether the write had arrived or not',
    { tags: ['slow'] },
    async () => {
      const reference = await planned();
      await reference.plan();
      const expected = await blocksInGoogle(stack, reference.email);
      for (const index of [0, 1, 4, 8]) {
        for (const afterCommit of [true, false]) {
          const { workspaceId, email, plan } = await planned();
          // Refused for good: the run ends there, as if its worker had died for long.
          const match = { email, method: 'POST', pathContains: '/events' };
          await faultAt(index, match, { afterCommit, status: 403, reason: 'forbidden' });
          const failed = await plan();
          expect(failed).toMatchObject({
            success: false,
            applied: false,
            error: 'GoogleForbidden',
            created: index,
          });
          const next = await plan();
          expect(next).toMatchObject({ success: true, applied: true, edits: { pinned: 0, declined: 0 } });
          expect(next.created).toBe(9 - index - (afterCommit ? 1 : 0));
          expect(await blocksInGoogle(stack, email)).toEqual(expected);
          expect(await blocksInDatabase(stack, workspaceId)).toEqual(expected);
        }
      }
    },
  );

  it(
    'ends the same wherever a change of places is interrupted, and shows no double booking',
    { tags: ['slow'] },
    async () => {
      for (const index of [0, 1, 2]) {
        for (const afterCommit of [true, false]) {
          const { workspaceId, email, plan } = await planned();
          await plan();
          const own = (await ownCalendarId(stack, email))!;
          const { updateMany } = stack.database.task;
          await updateMany({ where: { workspaceId, title: 'Report' }, data: { priority: 'low' } });
          await updateMany({ where: { workspaceId, title: 'Slides' }, data: { priority: 'critical' } });
          const fault = { afterCommit, status: 403, reason: 'forbidden' };
          // Delete, move, insert.
          const method = ['DELETE', 'PATCH', 'POST'][index]!;
          await stack.google.addFault({ match: { calendarId: own, method }, times: 1, ...fault });
          const { result, seen } = await watching(stack, email, async () => {
            const failed = await plan({ force: true });
            return { failed, next: await plan({ force: true }) };
          });
          expect(result.failed).toMatchObject({ success: false, error: 'GoogleForbidden' });
          expect(result.next).toMatchObject({
            success: true,
            applied: true,
            edits: { pinned: 0, declined: 0 },
          });
          expect(seen).toEqual([]);
          const [slides, report] = [await block(email, 'Slides'), await block(email, 'Report')];
          expect([slides, report].map(({ start }) => instantOf(start))).toEqual([
            hoursAfter(monday, 9).toISOString(),
            hoursAfter(monday, 11).toISOString(),
          ]);
          expect(await blocksInGoogle(stack, email)).toEqual(await blocksInDatabase(stack, workspaceId));
        }
      }
    },
  );

  it(
    'makes one calendar only, also when the answer to its creation is lost',
    { tags: ['slow'] },
    async () => {
      const { email, plan } = await planned();
      const match = { email, method: 'POST', pathPrefix: '/calendar/v3/calendars' };
      await stack.google.addFault({ match, times: 1, afterCommit: true, status: 503 });
      expect(await plan()).toMatchObject({ success: true, ...FIRST_PLAN });
      const calendars = await stack.google.calendars(email);
      expect(calendars.filter(({ summary }) => summary === 'Almanac')).toHaveLength(1);
    },
  );

  it('plans anew when a person edits a block that is about to be written', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const report = await block(email, 'Report');
    await stack.google.insertEvent(email, meeting(9, 13));
    // The edit lands between the sync and the write.
    await stack.google.addFault({ match: { calendarId: own, method: 'PATCH' }, times: 1, delayMs: 1_500 });
    const running = plan();
    await patchReaches(own);
    await stack.google.patchEvent(own, report.id, { start: at(15), end: at(17) });
    await stack.google.patchEvent(own, (await block(email, 'Slides')).id, { start: at(19), end: at(21) });
    expect(await running).toMatchObject({ success: true, applied: true, edits: { pinned: 2 } });
    expect(instantOf((await block(email, 'Report')).start)).toBe(hoursAfter(monday, 15).toISOString());
    expect(await blocksInGoogle(stack, email)).toEqual(await blocksInDatabase(stack, workspaceId));
  });

  it('stops when Google refuses writes, says so, and goes on later', async () => {
    const { email, plan } = await planned();
    const match = { email, method: 'POST', pathContains: '/events' };
    await faultAt(3, match, { status: 403, reason: 'quotaExceeded', domain: 'usageLimits' });
    expect(await plan()).toMatchObject({
      success: false,
      applied: false,
      error: 'GoogleRateLimited',
      created: 3,
    });
    await stack.database.googleQuota.deleteMany();
    expect(await plan()).toMatchObject({ success: true, applied: true, created: 6 });
    expect(await blocksInGoogle(stack, email)).toHaveLength(9);
  });

  it('starts over in a new calendar when its own was deleted', { tags: ['slow'] }, async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    await stack.google.removeCalendar((await ownCalendarId(stack, email))!);
    expect(await plan()).toMatchObject({ success: true, applied: true, created: 9, edits: { declined: 0 } });
    expect(await blocksInGoogle(stack, email)).toEqual(await blocksInDatabase(stack, workspaceId));
  });

  it('takes the late arrival of an insert that was given up away again', async () => {
    const { email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const blockId = randomUUID();
    await stack.google.insertEvent(own, {
      ...meeting(33, 34),
      id: ownEventId(blockId, 0),
      extendedProperties: { private: { app: 'almanac', blockId, rev: '0' } },
    });
    expect(await plan()).toMatchObject(NOTHING);
    expect(await blocksInGoogle(stack, email)).toHaveLength(9);
  });

  it('writes nothing from a plan that has waited for too long', async () => {
    const { workspaceId, email } = await planned();
    const run = { workspaceId, source: 'manual', correlationId: 'late' } as const;
    const { runId } = await runActivity(stack.activities.planWorkspace, {
      ...run,
      mode: 'apply',
      days: 7,
      force: false,
      safe: false,
      expectedFingerprint: null,
    });
    stack.clock.now = hoursAfter(monday, 8.5);
    expect(await runActivity(stack.activities.applyWrites, { ...run, runId })).toEqual({
      outcome: 'stale',
      totals: NOTHING,
    });
    expect(await ownCalendarId(stack, email)).toBeUndefined();
  });
});

describe('a preview that is applied', () => {
  it('is planned anew when the calendar has changed since, or refused with `safe`', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan({ mode: 'preview' });
    const { fingerprint } = await stack.database.scheduleRun.findFirstOrThrow({ where: { workspaceId } });
    const expectedFingerprint = fingerprint ?? '';
    await stack.google.insertEvent(email, meeting(9, 10));
    expect(await plan({ safe: true, expectedFingerprint })).toMatchObject({
      success: false,
      applied: false,
      refused: 'changed-since-preview',
      ...NOTHING,
    });
    expect(await ownCalendarId(stack, email)).toBeUndefined();
    expect(await plan({ expectedFingerprint })).toMatchObject({
      applied: true,
      replanned: true,
      ...FIRST_PLAN,
    });
  });

  it('is applied as it was shown when nothing has changed', async () => {
    const { workspaceId, plan } = await planned();
    await plan({ mode: 'preview' });
    const { fingerprint } = await stack.database.scheduleRun.findFirstOrThrow({ where: { workspaceId } });
    const result = await plan({ safe: true, expectedFingerprint: fingerprint ?? '' });
    expect(result).toMatchObject({ applied: true, replanned: false, ...FIRST_PLAN });
  });

  it('is not written on top of a calendar that could not be synced', async () => {
    const { email, plan } = await planned();
    await plan({ mode: 'preview' });
    const match = { email, method: 'GET', calendarId: email };
    await stack.google.addFault({ match, times: 1, status: 403, reason: 'forbidden' });
    expect(await plan({ safe: true })).toMatchObject({ success: false, refused: 'not-synced', ...NOTHING });
  });
});

describe('a run that was applied', () => {
  it('is undone, except for what people have touched since', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const before = await blocksInGoogle(stack, email);
    const own = (await ownCalendarId(stack, email))!;
    await stack.google.insertEvent(email, meeting(48 + 17, 48 + 19));
    await stack.database.task.create({ data: { workspaceId, title: 'Call', durationMinutes: 60 } });
    const { runId, created, moved } = await plan();
    expect({ created, moved }).toEqual({ created: 1, moved: 1 });
    await stack.google.patchEvent(own, (await block(email, 'Run', 4)).id, {
      start: at(96 + 20),
      end: at(96 + 21),
    });

    const undone = await plan({ mode: 'undo', undoRunId: runId ?? '' });
    // The habit cannot go back to where the meeting is now.
    expect(undone).toMatchObject({ success: true, applied: true, created: 0, moved: 0, deleted: 1 });
    const after = await blocksInGoogle(stack, email);
    expect(after.filter((line) => !before.includes(line))).toHaveLength(2);
    expect(await block(email, 'Call')).toBeUndefined();
    expect(await plan({ mode: 'undo', undoRunId: runId ?? '' })).toMatchObject({
      refused: 'nothing-to-undo',
    });
  });

  it('comes back as it was: moves and deletions, too', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    const before = await blocksInGoogle(stack, email);
    await stack.database.task.updateMany({
      where: { workspaceId, title: 'Report' },
      data: { priority: 'low' },
    });
    await stack.database.task.updateMany({
      where: { workspaceId, title: 'Slides' },
      data: { priority: 'critical' },
    });
    await stack.database.habit.updateMany({ where: { workspaceId }, data: { idealTime: '20:00' } });
    const { runId, moved } = await plan({ force: true });
    expect(moved).toBe(9);
    const { result, seen } = await watching(stack, email, () =>
      plan({ mode: 'undo', undoRunId: runId ?? '' }),
    );
    expect(result).toMatchObject({ success: true, applied: true, created: 0, moved: 9, deleted: 0 });
    expect(seen).toEqual([]);
    expect(await blocksInGoogle(stack, email)).toEqual(before);
  });
});

describe('a purge', () => {
  it('removes all that was written, and the own calendar with it, also after the account was connected anew', async () => {
    const { workspaceId, email, plan } = await planned();
    await plan();
    await stack.google.revokeGrant(email);
    expect(await plan({ mode: 'preview' })).toMatchObject({ mode: 'preview' });
    expect(await plan({ mode: 'purge' })).toMatchObject({
      success: false,
      applied: false,
      error: 'GoogleAuthRevoked',
      deleted: 0,
    });
    await stack.connect(workspaceId, email, 'UTC');
    expect(await plan({ mode: 'purge' })).toMatchObject({ success: true, deleted: 9 });
    expect(await ownCalendarId(stack, email)).toBeUndefined();
    expect(await plan({ mode: 'purge' })).toMatchObject({ success: true, deleted: 0 });
    expect(await plan()).toMatchObject({ success: true, created: 9 });
  });

  it('leaves what people have put into the calendar', async () => {
    const { email, plan } = await planned();
    await plan();
    const own = (await ownCalendarId(stack, email))!;
    const { extendedProperties } = await block(email, 'Report');
    await stack.google.insertEvent(own, { ...meeting(33, 34), extendedProperties });
    const slides = await block(email, 'Slides');
    await stack.google.patchEvent(own, slides.id, { attendees: [{ email: 'bob@example.com' }] });
    expect(await plan({ mode: 'purge' })).toMatchObject({ success: true, deleted: 8 });
    const left = (await stack.google.listEvents(own)).map(({ summary }) => summary);
    expect(new Set(left)).toEqual(new Set(['Meeting', 'Slides']));
  });
});

describe('a request', () => {
  it('that is malformed, or names no workspace, fails at once', async () => {
    await expect(runPlan(stack, { workspaceId: 'plan-1', days: 3 })).rejects.toMatchObject({
      cause: { type: 'InvalidInput', message: 'days must be a whole number from 7 to 90.' },
    });
    await expect(runPlan(stack, { workspaceId: 'nobody' })).rejects.toMatchObject({
      cause: { type: 'WorkspaceNotFound' },
    });
  });

  it('waits for a sync that is running, and plans on what it has found', async () => {
    const { workspaceId, email, plan } = await planned();
    await stack.sync(workspaceId);
    await stack.google.insertEvent(email, meeting(9, 10));
    await stack.google.addFault({ match: { calendarId: email }, times: 1, delayMs: 1_500 });
    const running = await stack.startSync({ workspaceId });
    expect(await plan()).toMatchObject({ success: true, ...FIRST_PLAN });
    await running.result();
    expect(instantOf((await block(email, 'Report')).start)).toBe(hoursAfter(monday, 10).toISOString());
  });
});
