import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginWrites } from '../../../services/writing/begin-writes.ts';
import { readWrites, type WriteOutcome } from '../../../services/writing/read-writes.ts';
import { type ConnectedCalendar, connectCalendar } from '../../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle, mirroredOccurrences } from '../../support/mirror.ts';
import { pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

type Write = Parameters<typeof beginWrites>[2][number];

let stack: SyncStack;
let calendar: ConnectedCalendar;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  calendar = await connectCalendar(stack);
  await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: true } });
  await pullAll(stack, calendar.id);
});

async function write(...writes: Write[]): Promise<WriteOutcome[]> {
  const batchId = await beginWrites(stack.database, 'acme', writes);
  await runActivity(stack.activities.applyEventWrites, { workspaceId: 'acme', batchId });
  return readWrites(stack.database, 'acme', batchId);
}

/** Five stand-ups, Monday to Friday of one week, at 9 o'clock in Berlin. */
async function createStandUps(): Promise<void> {
  const [created] = await write({
    operation: 'create',
    calendarId: calendar.id,
    title: 'Stand-up',
    start: '2026-12-07T09:00:00',
    end: '2026-12-07T09:15:00',
    recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
  });
  expect(created).toMatchObject({ status: 'done' });
}

async function occurrenceOn(day: string): Promise<string> {
  const { id } = await stack.database.workspaceCalendarEvent.findFirstOrThrow({
    where: {
      calendarId: calendar.id,
      startAt: { gte: new Date(`${day}T00:00:00Z`), lt: new Date(`${day}T23:59:59Z`) },
    },
  });
  return id;
}

/** Day, time in UTC and title of each occurrence. */
async function shown(): Promise<string[]> {
  const lines = await mirroredOccurrences(stack, calendar.google);
  return lines.map((line) => line.replace(/2026-12-(\d\d)T(\d\d:\d\d):00Z \S+ /, '$1 $2 '));
}

/** The mirror equals Google at once, and a sync finds nothing that Google lists otherwise. */
async function expectInStep(): Promise<void> {
  await expectMirrorEqualsGoogle(stack, calendar.google);
  const before = await shown();
  await pullAll(stack, calendar.id);
  await expectMirrorEqualsGoogle(stack, calendar.google);
  expect(await shown()).toEqual(before);
}

describe('one occurrence of a series', () => {
  it('is changed, changed again and deleted, and the others stay', async () => {
    await createStandUps();
    const eventId = await occurrenceOn('2026-12-09');
    const [changed] = await write({ operation: 'change', eventId, title: 'Demo' });
    expect(changed).toMatchObject({ status: 'done', eventId });
    await write({
      operation: 'change',
      eventId,
      start: '2026-12-09T10:00:00',
      end: '2026-12-09T11:00:00',
    });
    expect(await shown()).toEqual([
      '07 08:00 Stand-up',
      '08 08:00 Stand-up',
      '09 09:00 Demo',
      '10 08:00 Stand-up',
      '11 08:00 Stand-up',
    ]);
    await expectInStep();
    const [deleted] = await write({ operation: 'delete', eventId });
    expect(deleted).toMatchObject({ status: 'done' });
    expect(await shown()).toHaveLength(4);
    await expectInStep();
    await expect(write({ operation: 'delete', eventId })).rejects.toThrow('has no event');
  });
});

describe('a whole series', () => {
  it('gets another title and place', async () => {
    await createStandUps();
    const eventId = await occurrenceOn('2026-12-09');
    await write({ operation: 'change', eventId, series: 'all', title: 'Sync', location: 'Room 1' });
    expect(await shown()).toEqual(['07', '08', '09', '10', '11'].map((day) => `${day} 08:00 Sync`));
    await expectInStep();
  });

  it('moves with the occurrence that was moved', async () => {
    await createStandUps();
    const eventId = await occurrenceOn('2026-12-09');
    const [moved] = await write({
      operation: 'change',
      eventId,
      series: 'all',
      start: '2026-12-09T11:30:00',
      end: '2026-12-09T12:00:00',
    });
    expect(moved).toMatchObject({ status: 'done' });
    expect(await shown()).toEqual(['07', '08', '09', '10', '11'].map((day) => `${day} 10:30 Stand-up`));
    await expectInStep();
  });

  it('is deleted with its changed occurrences', async () => {
    await createStandUps();
    const eventId = await occurrenceOn('2026-12-09');
    await write({ operation: 'change', eventId, title: 'Demo' });
    await write({ operation: 'delete', eventId, series: 'all' });
    expect(await shown()).toEqual([]);
    await expectInStep();
  });
});

describe('an occurrence and those that follow', () => {
  it('become a series of their own, and the old one ends before it', async () => {
    await createStandUps();
    const eventId = await occurrenceOn('2026-12-09');
    const [split] = await write({
      operation: 'change',
      eventId,
      series: 'following',
      title: 'Late stand-up',
      start: '2026-12-09T14:00:00',
      end: '2026-12-09T14:15:00',
    });
    expect(split).toMatchObject({ status: 'done' });
    expect(await shown()).toEqual([
      '07 08:00 Stand-up',
      '08 08:00 Stand-up',
      '09 13:00 Late stand-up',
      '10 13:00 Late stand-up',
      '11 13:00 Late stand-up',
    ]);
    const { title } = await stack.database.workspaceCalendarEvent.findUniqueOrThrow({
      where: { id: split!.eventId! },
    });
    expect(title).toBe('Late stand-up');
    await expectInStep();
  });

  it('keep what was changed and deleted before and after', async () => {
    await createStandUps();
    await write({ operation: 'change', eventId: await occurrenceOn('2026-12-08'), title: 'Before' });
    await write({ operation: 'change', eventId: await occurrenceOn('2026-12-10'), title: 'After' });
    await write({ operation: 'delete', eventId: await occurrenceOn('2026-12-11') });
    const eventId = await occurrenceOn('2026-12-09');
    const [split] = await write({ operation: 'change', eventId, series: 'following', title: 'New' });
    expect(split).toMatchObject({ status: 'done' });
    expect(await shown()).toEqual(['07 08:00 Stand-up', '08 08:00 Before', '09 08:00 New', '10 08:00 After']);
    await expectInStep();
  });

  it('keep what was changed about an occurrence, but not its time, when they move', async () => {
    await createStandUps();
    await write({ operation: 'change', eventId: await occurrenceOn('2026-12-10'), title: 'After' });
    const eventId = await occurrenceOn('2026-12-09');
    const times = { start: '2026-12-09T14:00:00', end: '2026-12-09T15:00:00' };
    await write({ operation: 'change', eventId, series: 'following', ...times });
    expect(await shown()).toEqual([
      '07 08:00 Stand-up',
      '08 08:00 Stand-up',
      '09 13:00 Stand-up',
      '10 13:00 After',
      '11 13:00 Stand-up',
    ]);
    await expectInStep();
  });

  it('may follow another rule', async () => {
    await createStandUps();
    const eventId = await occurrenceOn('2026-12-09');
    const recurrence = ['RRULE:FREQ=DAILY;INTERVAL=2;COUNT=2'];
    await write({ operation: 'change', eventId, series: 'following', recurrence });
    expect(await shown()).toEqual(['07', '08', '09', '11'].map((day) => `${day} 08:00 Stand-up`));
    await expectInStep();
  });

  it('are deleted with what was changed about them, and the series ends before them', async () => {
    await createStandUps();
    await write({ operation: 'change', eventId: await occurrenceOn('2026-12-08'), title: 'Stand-up' });
    await write({ operation: 'change', eventId: await occurrenceOn('2026-12-09'), title: 'Changed' });
    await write({ operation: 'change', eventId: await occurrenceOn('2026-12-11'), title: 'Changed' });
    await write({ operation: 'delete', eventId: await occurrenceOn('2026-12-09'), series: 'following' });
    expect(await shown()).toEqual(['07 08:00 Stand-up', '08 08:00 Stand-up']);
    await expectInStep();
  });

  it('are the whole series where none comes before', async () => {
    await createStandUps();
    const eventId = await occurrenceOn('2026-12-07');
    await write({ operation: 'change', eventId, series: 'following', title: 'All' });
    expect(await shown()).toEqual(['07', '08', '09', '10', '11'].map((day) => `${day} 08:00 All`));
    await write({ operation: 'delete', eventId: await occurrenceOn('2026-12-07'), series: 'following' });
    expect(await shown()).toEqual([]);
    await expectInStep();
  });
});

describe('a series whose occurrence moves to another day', () => {
  it('needs a rule where it names days, and nothing is changed without one', async () => {
    const [created] = await write({
      operation: 'create',
      calendarId: calendar.id,
      title: 'Weekly',
      start: '2026-12-07T09:00:00',
      end: '2026-12-07T10:00:00',
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2'],
    });
    const times = { start: '2026-12-08T09:00:00', end: '2026-12-08T10:00:00' };
    const change = { operation: 'change', eventId: created!.eventId!, series: 'all', ...times } as const;
    expect((await write(change))[0]).toMatchObject({ status: 'refused', refusal: 'rule-needed' });
    expect(await shown()).toEqual(['07 08:00 Weekly', '14 08:00 Weekly']);
    const recurrence = ['RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2'];
    expect((await write({ ...change, recurrence }))[0]).toMatchObject({ status: 'done' });
    expect(await shown()).toEqual(['08 08:00 Weekly', '15 08:00 Weekly']);
    await expectInStep();
  });
});

describe('an event that moves', () => {
  it('leaves its calendar and is in the other one, with its guests', async () => {
    const { id } = await stack.google.createCalendar(calendar.google, { summary: 'Second', timeZone: 'UTC' });
    const list = { workspaceId: 'acme', accountId: calendar.accountId, correlationId: 'test' };
    await runActivity(stack.activities.refreshCalendarList, list);
    const second = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: id } });
    await pullAll(stack, second.id);
    const [created] = await write({
      operation: 'create',
      calendarId: calendar.id,
      title: 'Lunch',
      start: '2026-12-01',
      end: '2026-12-02',
      attendees: [{ email: 'ada@example.org' }],
    });
    const [moved] = await write({
      operation: 'change',
      eventId: created!.eventId!,
      title: 'Brunch',
      calendarId: second.id,
    });
    expect(moved).toMatchObject({
      status: 'done',
      calendarId: second.id,
      googleEventId: created!.googleEventId,
    });
    expect(await mirroredOccurrences(stack, calendar.google)).toEqual([]);
    expect(await mirroredOccurrences(stack, id)).toEqual(['2026-12-01 2026-12-02 Brunch']);
    await expectMirrorEqualsGoogle(stack, id);
    await expectInStep();
  });
});

describe('guests who stay', () => {
  it('keep their answers when others are added', async () => {
    const [created] = await write({
      operation: 'create',
      calendarId: calendar.id,
      title: 'Meeting',
      start: '2026-12-01T09:00:00Z',
      end: '2026-12-01T10:00:00Z',
      attendees: [{ email: 'ada@example.org' }],
    });
    await stack.google.patchEvent(calendar.google, created!.googleEventId!, {
      attendees: [{ email: 'ada@example.org', responseStatus: 'accepted' }],
    });
    await write({
      operation: 'change',
      eventId: created!.eventId!,
      attendees: [{ email: 'ada@example.org' }, { email: 'grace@example.org', optional: true }],
    });
    const [event] = await stack.google.listEvents(calendar.google);
    expect(event!.attendees).toMatchObject([
      { email: 'ada@example.org', responseStatus: 'accepted' },
      { email: 'grace@example.org', responseStatus: 'needsAction', optional: true },
    ]);
  });
});
