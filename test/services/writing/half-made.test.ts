import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../emulator/admin.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import { beginWrites } from '../../../services/writing/begin-writes.ts';
import { readWrites, type WriteOutcome } from '../../../services/writing/read-writes.ts';
import { type ConnectedCalendar, connectCalendar } from '../../support/connected-calendar.ts';
import { expectMirrorEqualsGoogle, mirroredOccurrences } from '../../support/mirror.ts';
import { pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

type Write = Parameters<typeof beginWrites>[2][number];

const attendees = [{ email: 'ada@example.org' }];
const LOST = { times: 1, afterCommit: true, resetConnection: true } as const;
const WHOLE = ['07', '08', '09', '10', '11'].map((day) => `${day} 08:00 Stand-up`);
const SPLIT = [...WHOLE.slice(0, 2), ...['09', '10', '11'].map((day) => `${day} 08:00 Late`)];

let stack: SyncStack;
let calendar: ConnectedCalendar;
let seriesId: string;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());

/** Five stand-ups, Monday to Friday of one week, whose guest was told. */
beforeEach(async () => {
  await stack.google.clearFaults();
  calendar = await connectCalendar(stack);
  await stack.database.workspace.update({ where: { id: 'acme' }, data: { writing: true } });
  await pullAll(stack, calendar.id);
  const [created] = await write({
    operation: 'create',
    calendarId: calendar.id,
    title: 'Stand-up',
    start: '2026-12-07T09:00:00',
    end: '2026-12-07T09:15:00',
    recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
    attendees,
    sendUpdates: 'all',
  });
  seriesId = created!.googleEventId!;
});

const apply = (batchId: string) =>
  runActivity(stack.activities.applyEventWrites, { workspaceId: 'acme', batchId });

async function write(...writes: Write[]): Promise<WriteOutcome[]> {
  const batchId = await beginWrites(stack.database, 'acme', writes);
  await apply(batchId);
  return readWrites(stack.database, 'acme', batchId);
}

async function occurrenceOn(day: string): Promise<string> {
  const { id } = await stack.database.workspaceCalendarEvent.findFirstOrThrow({
    where: { calendarId: calendar.id, startAt: new Date(`2026-12-${day}T08:00:00Z`) },
  });
  return id;
}

const split = async (): Promise<Write> => ({
  operation: 'change',
  eventId: await occurrenceOn('09'),
  series: 'following',
  title: 'Late',
  sendUpdates: 'all',
});

const fault = (method: string, answer: Omit<FaultInput, 'match'> = LOST) =>
  stack.google.addFault({ match: { method, calendarId: calendar.google }, ...answer });

/** A split that dies with a fault, and whose account then lacks consent. */
async function failSplit(): Promise<string> {
  const batchId = await beginWrites(stack.database, 'acme', [await split()]);
  await expect(apply(batchId)).rejects.toThrow();
  await stack.google.revokeGrant(calendar.google);
  await apply(batchId);
  expect(await readWrites(stack.database, 'acme', batchId)).toMatchObject([
    { status: 'failed', error: FailureType.googleAuthRevoked },
  ]);
  return batchId;
}

const connectAgain = () => stack.connect('acme', calendar.google);

/** Day, time in UTC and title of each occurrence in Google. */
async function inGoogle(): Promise<string[]> {
  const found = await stack.google.listOccurrences(
    calendar.google,
    '2026-12-01T00:00:00Z',
    '2026-12-31T00:00:00Z',
  );
  return found.map(({ start, summary }) => {
    const [, day, time] = /-(\d\d)T(\d\d:\d\d)/.exec(new Date(start!.dateTime!).toISOString())!;
    return `${day} ${time} ${summary}`;
  });
}

/** Kinds of the mails to the guest, without the first invitation. */
const mails = async () =>
  (await stack.google.mails())
    .filter(({ calendarId }) => calendarId === calendar.google)
    .map(({ kind }) => kind)
    .slice(1);

async function expectSettled(batchId: string, status = 'failed'): Promise<void> {
  await expectMirrorEqualsGoogle(stack, calendar.google);
  expect(await stack.database.eventWrite.findFirstOrThrow({ where: { batchId } })).toMatchObject({
    status,
    request: null,
    steps: null,
  });
  const before = await mirroredOccurrences(stack, calendar.google);
  await pullAll(stack, calendar.id);
  expect(await mirroredOccurrences(stack, calendar.google)).toEqual(before);
}

describe('a split whose account loses its consent half-way', () => {
  it('is undone by the first sync after the account is connected again', async () => {
    await write({ operation: 'change', eventId: await occurrenceOn('10'), location: 'Room 1' });
    await fault('POST');
    const batchId = await failSplit();
    expect(await inGoogle()).toHaveLength(8);
    await connectAgain();
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(WHOLE);
    expect(await mails()).toEqual(['invitation', 'cancellation']);
    await expectSettled(batchId);
  });

  it('keeps no content for that', async () => {
    await fault('POST');
    const batchId = await failSplit();
    const { request, steps } = await stack.database.eventWrite.findFirstOrThrow({ where: { batchId } });
    expect(steps).toHaveLength(2);
    expect(JSON.stringify([request, steps])).not.toMatch(/Late|Stand-up|example\.org/);
  });

  it('stays as it is if the old series was ended', async () => {
    await fault('PATCH');
    const batchId = await failSplit();
    await connectAgain();
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(SPLIT);
    expect(await mails()).toEqual(['invitation', 'update']);
    await expectSettled(batchId);
  });

  it('stays as it is if a person has ended the old series since', async () => {
    await fault('POST');
    const batchId = await failSplit();
    await stack.google.patchEvent(calendar.google, seriesId, { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] });
    await connectAgain();
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(SPLIT);
    await expectSettled(batchId);
  });

  it('waits while Google hides the calendar', async () => {
    await fault('POST');
    const batchId = await failSplit();
    await connectAgain();
    await fault('GET', { times: 1, status: 404, reason: 'notFound' });
    await pullAll(stack, calendar.id);
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(WHOLE);
    await expectSettled(batchId);
  });

  it('is undone before the next write in the calendar', async () => {
    const eventId = await occurrenceOn('10');
    await fault('POST');
    const batchId = await failSplit();
    await connectAgain();
    const [changed] = await write({ operation: 'change', eventId, series: 'following', title: 'Next' });
    expect(changed).toMatchObject({ status: 'done' });
    expect(await inGoogle()).toEqual([...WHOLE.slice(0, 3), '10 08:00 Next', '11 08:00 Next']);
    await expectSettled(batchId);
  });
});

describe('a split that Google refuses half-way, after an answer was lost', () => {
  it('is undone at once where the account still works', async () => {
    const batchId = await beginWrites(stack.database, 'acme', [await split()]);
    await fault('PATCH', { times: 1, status: 503 });
    await expect(apply(batchId)).rejects.toThrow();
    await fault('GET', { times: 1, status: 403, reason: 'forbidden' });
    await apply(batchId);
    expect(await readWrites(stack.database, 'acme', batchId)).toMatchObject([
      { status: 'refused', refusal: 'forbidden' },
    ]);
    expect(await inGoogle()).toEqual(WHOLE);
    expect(await mails()).toEqual(['invitation', 'cancellation']);
    await expectSettled(batchId, 'refused');
  });
});

describe('a split whose second half Google refuses', () => {
  const refuse = (status: number) => fault('PATCH', { times: 1, status, reason: 'forbidden' });

  it.each([
    [403, 'forbidden'],
    [400, 'rejected'],
  ])('is refused, with nothing left of it: %i', async (status, refusal) => {
    await refuse(status);
    const [outcome] = await write(await split());
    expect(outcome).toMatchObject({ status: 'refused', refusal });
    expect(await inGoogle()).toEqual(WHOLE);
  });

  it('is not made after all by who resumes when the first half is undone', async () => {
    const batchId = await beginWrites(stack.database, 'acme', [await split()]);
    await refuse(403);
    await fault('DELETE');
    await apply(batchId);
    await apply(batchId);
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(WHOLE);
    expect(await mails()).toEqual(['invitation', 'cancellation']);
    await expectSettled(batchId, 'refused');
  });
});

describe('settling that is cut off', () => {
  it.each([
    ['after the old series was kept', 'PATCH'],
    ['after the continuation was deleted', 'DELETE'],
  ])('is resumed by the next sync, and tells guests once: %s', async (_place, method) => {
    await fault('PATCH', { times: 1, status: 503 });
    const batchId = await failSplit();
    await connectAgain();
    await fault(method);
    await pullAll(stack, calendar.id);
    expect(await stack.database.eventWrite.findFirstOrThrow({ where: { batchId } })).not.toMatchObject({
      steps: null,
    });
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(WHOLE);
    expect(await mails()).toEqual(['invitation', 'cancellation']);
    await expectSettled(batchId);
  });

  it('waits for an insert that may still be on its way', async () => {
    await fault('POST', { times: 1, status: 503 });
    const batchId = await failSplit();
    await connectAgain();
    await pullAll(stack, calendar.id);
    expect(await stack.database.eventWrite.count({ where: { batchId, NOT: { settledAt: null } } })).toBe(1);
    const [waiting] = await stack.database.$queryRaw<{ waits: boolean }[]>`
      select steps is not null as waits from event_writes where batch_id = ${batchId}::uuid`;
    expect(waiting!.waits).toBe(true);
    await stack.database.$executeRaw`
      update event_writes set settled_at = now() - interval '16 minutes' where batch_id = ${batchId}::uuid`;
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(WHOLE);
    await expectSettled(batchId);
  });

  it('is done once by a sync and a write at the same time', async () => {
    const next = await split();
    await fault('PATCH', { times: 1, status: 503 });
    const batchId = await failSplit();
    await connectAgain();
    await Promise.all([pullAll(stack, calendar.id).catch(() => null), write(next)]);
    await pullAll(stack, calendar.id);
    expect(await inGoogle()).toEqual(SPLIT);
    await expectSettled(batchId);
  });
});
