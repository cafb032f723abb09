import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventWriteWorkflowId } from '../../contracts/workflow-ids.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { readWrites } from '../../services/writing/read-writes.ts';
import { runWrite } from '../../services/writing/run-write.ts';
import { nextWrite } from '../../services/writing/write-rows.ts';
import { eventWriting, LUNCH, type Writes } from '../support/event-writing.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { startOwnTemporal } from '../support/temporal.ts';
import { startServedStack, startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const guests = [{ email: 'ada@example.org' }];

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.google.clearFaults());

const { client, connect, create, eventsAt, mailsOf, write } = eventWriting(() => stack);

describe('a request that is repeated', () => {
  it('is the write that it was, although its event is gone since', async () => {
    const calendar = await connect('deleted-twice');
    const eventId = await create(calendar, { attendees: guests });
    const requestId = randomUUID();
    const deletion: Writes = [{ operation: 'delete', eventId, sendUpdates: 'all' }];
    const [first] = await write('deleted-twice', deletion, requestId);
    const [again] = await write('deleted-twice', deletion, requestId);
    expect(again).toEqual(first);
    expect(again).toMatchObject({ status: 'done' });
    expect(await mailsOf(calendar.google)).toEqual([
      'cancellation ada@example.org',
      'invitation ada@example.org',
    ]);
  });

  it('is made once, however many callers wait for it', async () => {
    const calendar = await connect('crowd');
    await stack.google.addFault({
      match: { method: 'POST', calendarId: calendar.google },
      times: 1,
      delayMs: 2_000,
    });
    const writes: Writes = [{ operation: 'create', calendarId: calendar.calendarId, ...LUNCH }];
    const requestId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 25 }, () =>
        write('crowd', writes, requestId).then(([outcome]) => outcome!.status),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['done']));
    expect(await eventsAt(calendar.google)).toHaveLength(1);
    const batchId = await beginWrites(stack.database, 'crowd', writes, { requestId });
    const handle = stack.temporal.client.workflow.getHandle(eventWriteWorkflowId('crowd', batchId));
    const { events } = await handle.fetchHistory();
    const updates = events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
    expect(updates).toHaveLength(1);
  });

  it('goes on with writes whose run was terminated', async () => {
    const calendar = await connect('terminated');
    await stack.google.addFault({
      match: { method: 'POST', calendarId: calendar.google },
      times: 1,
      afterCommit: true,
      delayMs: 2_000,
    });
    const writes: Writes = [
      {
        operation: 'create',
        calendarId: calendar.calendarId,
        ...LUNCH,
        attendees: guests,
        sendUpdates: 'all',
      },
    ];
    const requestId = randomUUID();
    const lost = write('terminated', writes, requestId).catch(() => 'lost');
    await expect.poll(() => eventsAt(calendar.google)).toHaveLength(1);
    const batch = await beginWrites(stack.database, 'terminated', writes, { requestId });
    await stack.temporal.client.workflow.getHandle(eventWriteWorkflowId('terminated', batch)).terminate();
    expect(await lost).toBe('lost');
    const [outcome] = await write('terminated', writes, requestId);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await eventsAt(calendar.google)).toHaveLength(1);
    expect(await mailsOf(calendar.google)).toEqual(['invitation ada@example.org']);
  });
});

describe('a request that reaches Google late', () => {
  it('does not overwrite the write that came after it', { tags: ['slow'] }, async () => {
    const calendar = await connect('late');
    const eventId = await create(calendar);
    const batchId = await beginWrites(stack.database, 'late', [
      { operation: 'change', eventId, title: 'First' },
    ]);
    // The attempt sends its request, and is believed dead while that is on its way.
    await stack.google.addFault({
      match: { method: 'PATCH', calendarId: calendar.google },
      times: 1,
      delayMs: 4_000,
    });
    const context = { ...stack.dependencies, signal: new AbortController().signal };
    const attempt = () =>
      new MockActivityEnvironment().run(async () =>
        runWrite(context, (await nextWrite(context.database, 'late', batchId))!),
      );
    const late = attempt().catch((error: unknown) => error);
    await expect
      .poll(async () => (await readWrites(stack.database, 'late', batchId))[0]!.status)
      .toBe('sent');
    await sleep(500);
    await attempt();
    expect(await eventsAt(calendar.google)).toMatchObject([{ summary: 'First' }]);
    const [second] = await write('late', [{ operation: 'change', eventId, title: 'Second' }]);
    expect(second).toMatchObject({ status: 'done' });
    expect(await late).toMatchObject({ type: 'Fenced' });
    expect(await eventsAt(calendar.google)).toMatchObject([{ summary: 'Second' }]);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });
});

describe('a batch that takes long', () => {
  it('keeps the order of the writes of an event, also of those that it has not begun', async () => {
    const calendar = await connect('long');
    const eventId = await create(calendar);
    const batchId = await beginWrites(stack.database, 'long', [
      { operation: 'create', calendarId: calendar.calendarId, ...LUNCH, title: 'Slow' },
      { operation: 'change', eventId, title: 'First' },
    ]);
    await stack.google.addFault({
      match: { method: 'POST', calendarId: calendar.google },
      times: 1,
      delayMs: 3_000,
    });
    const batch = client().makeWrites({ workspaceId: 'long', batchId: batchId });
    await expect
      .poll(async () => (await readWrites(stack.database, 'long', batchId))[0]!.status)
      .toBe('sent');
    await stack.database.eventWrite.updateMany({
      where: { batchId },
      data: { createdAt: new Date(Date.now() - 5 * 60_000) },
    });
    await write('long', [{ operation: 'change', eventId, title: 'Second' }]);
    await batch;
    const titles = (await eventsAt(calendar.google)).map(({ summary }) => String(summary));
    expect(titles.toSorted()).toEqual(['Second', 'Slow']);
  });
});

describe('a write that Google refuses', () => {
  it('leaves a series whole that was to be split, and tells its guests so', async () => {
    const calendar = await connect('split-refused');
    const { workspaceId, google } = calendar;
    await create(calendar, { recurrence: ['RRULE:FREQ=DAILY;COUNT=6'], attendees: guests });
    const shown = () =>
      stack.database.workspaceCalendarEvent.findMany({
        where: { workspaceId },
        orderBy: { startAt: 'asc' },
      });
    const [, , third, fourth] = await shown();
    const [moved] = await write(workspaceId, [
      { operation: 'change', eventId: fourth!.id, title: 'A change of one occurrence' },
    ]);
    expect(moved).toMatchObject({ status: 'done' });
    const before = await eventsAt(google);
    // The changed occurrence cannot be changed in the continuation.
    await stack.google.addFault({
      match: { method: 'PATCH', calendarId: google, pathContains: '_20261204T' },
      times: 1,
      status: 403,
      reason: 'forbidden',
    });
    const [refused] = await write(workspaceId, [
      { operation: 'change', eventId: third!.id, series: 'following', title: 'Later', sendUpdates: 'all' },
    ]);
    expect(refused).toMatchObject({ status: 'refused', refusal: 'forbidden' });
    expect(await eventsAt(google)).toEqual(before);
    expect(await mailsOf(google)).toEqual([
      'cancellation ada@example.org',
      'invitation ada@example.org',
      'invitation ada@example.org',
    ]);
    await expectMirrorEqualsGoogle(stack, google);
  });

  it('is done, if Google has made the event before it refuses the repetition', async () => {
    const calendar = await connect('made-then-refused');
    const match = { method: 'POST', calendarId: calendar.google };
    await stack.google.addFault({ match, times: 1, afterCommit: true, resetConnection: true });
    await stack.google.addFault({ match, times: 1, status: 403, reason: 'forbidden' });
    await create(calendar, { attendees: guests });
    expect(await eventsAt(calendar.google)).toHaveLength(1);
    expect(await mailsOf(calendar.google)).toEqual(['invitation ada@example.org']);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('is not called refused, if Google may have made it and does not show the event', async () => {
    const calendar = await connect('unknown');
    const eventId = await create(calendar);
    const at = { calendarId: calendar.google, pathContains: '/events/' };
    await stack.google.addFault({
      match: { ...at, method: 'PATCH' },
      times: 1,
      afterCommit: true,
      resetConnection: true,
    });
    await stack.google.addFault({
      match: { ...at, method: 'GET' },
      times: 1,
      status: 403,
      reason: 'forbidden',
    });
    const [unknown] = await write('unknown', [{ operation: 'change', eventId, title: 'Made' }]);
    expect(unknown).toMatchObject({ status: 'failed', error: 'GoogleForbidden' });
    expect(await eventsAt(calendar.google)).toMatchObject([{ summary: 'Made' }]);
  });

  it('is not called refused, if a part of it was made', async () => {
    const calendar = await connect('half-way');
    const eventId = await create(calendar);
    const { id } = await stack.google.createCalendar(calendar.google, {
      summary: 'Other',
      timeZone: 'UTC',
    });
    await stack.database.calendarAuthToken.updateMany({
      where: { workspaceId: 'half-way' },
      data: { calendarListDueAt: new Date() },
    });
    await stack.sync('half-way');
    const other = await stack.database.calendar.findFirstOrThrow({ where: { googleCalendarId: id } });
    await stack.google.addFault({
      match: { method: 'POST', calendarId: calendar.google, pathContains: '/move' },
      times: 1,
      status: 403,
      reason: 'forbidden',
    });
    const [half] = await write('half-way', [
      { operation: 'change', eventId, title: 'Changed', calendarId: other.id },
    ]);
    expect(half).toMatchObject({ status: 'failed', error: 'GoogleForbidden' });
    expect(await eventsAt(calendar.google)).toMatchObject([{ summary: 'Changed' }]);
    await expectMirrorEqualsGoogle(stack, calendar.google);
  });

  it('stops no other write of its batch, even if its account has to be connected again', async () => {
    const calendar = await connect('two-accounts');
    await stack.connect('two-accounts', 'revoked@example.com');
    await stack.sync('two-accounts');
    const revoked = await stack.database.calendar.findFirstOrThrow({
      where: { googleCalendarId: 'revoked@example.com' },
    });
    await stack.google.revokeGrant('revoked@example.com');
    await stack.google.expireAccessTokens('revoked@example.com');
    const outcomes = await write('two-accounts', [
      { operation: 'create', calendarId: revoked.id, ...LUNCH },
      { operation: 'create', calendarId: calendar.calendarId, ...LUNCH },
    ]);
    expect(outcomes).toMatchObject([{ status: 'failed', error: 'GoogleAuthRevoked' }, { status: 'done' }]);
    expect(await eventsAt(calendar.google)).toHaveLength(1);
  });
});

it('a write is waited for, and made once, where the server has no Update-with-Start', async () => {
  const own = await startWorkflowStack(() =>
    startOwnTemporal({ 'frontend.enableExecuteMultiOperation': 'false' }),
  );
  const writing = eventWriting(() => own);
  try {
    await own.withWorkers(async () => {
      const calendar = await writing.connect('plain');
      const requestId = randomUUID();
      const writes: Writes = [{ operation: 'create', calendarId: calendar.calendarId, ...LUNCH }];
      for (let count = 0; count < 2; count += 1)
        expect(await writing.write('plain', writes, requestId)).toMatchObject([{ status: 'done' }]);
      expect(await writing.eventsAt(calendar.google)).toHaveLength(1);
    });
  } finally {
    await own.close();
  }
});
