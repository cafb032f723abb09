import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventWriteWorkflowId } from '../../contracts/workflow-ids.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { eventWriting, LUNCH, type WritableWorkspace, type Writes } from '../support/event-writing.ts';
import { logEqualsMirror } from '../support/log-equals-mirror.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.google.clearFaults());

const { client, connect, create, eventsAt, mailsOf, write } = eventWriting(() => stack);
const guests = [{ email: 'ada@example.org' }, { email: 'grace@example.org' }];
const shown = (id: string) => stack.database.workspaceCalendarEvent.findUniqueOrThrow({ where: { id } });

async function expectInStep({ workspaceId, google }: WritableWorkspace): Promise<void> {
  await expectMirrorEqualsGoogle(stack, google);
  expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
}

describe('a write', () => {
  it('creates an event that the next read and the change log show, without a sync', async () => {
    const calendar = await connect('created');
    const eventId = await create(calendar);
    expect(await shown(eventId)).toMatchObject({
      title: 'Lunch',
      startAt: new Date('2026-12-01T11:00:00Z'),
      endAt: new Date('2026-12-01T12:00:00Z'),
    });
    await expectInStep(calendar);
    const [change] = await stack.database.calendarChange.findMany({ where: { workspaceId: 'created' } });
    expect(change).toMatchObject({ operation: 'insert', kind: 'single' });
  });

  it('changes and deletes what the mirror shows', async () => {
    const calendar = await connect('changed');
    const eventId = await create(calendar);
    const [changed] = await write('changed', [{ operation: 'change', eventId, title: 'Brunch' }]);
    expect(changed).toMatchObject({ status: 'done', eventId });
    expect(await shown(eventId)).toMatchObject({ title: 'Brunch' });
    await expectInStep(calendar);
    const [deleted] = await write('changed', [{ operation: 'delete', eventId }]);
    expect(deleted).toMatchObject({ status: 'done' });
    expect(await stack.database.workspaceCalendarEvent.count({ where: { workspaceId: 'changed' } })).toBe(0);
    await expectInStep(calendar);
  });

  it('holds no content in the history, and forgets it in the database', async () => {
    const calendar = await connect('private');
    const writes: Writes = [
      {
        operation: 'create',
        calendarId: calendar.calendarId,
        ...LUNCH,
        title: 'Confidential',
        attendees: guests,
      },
    ];
    const batchId = await beginWrites(stack.database, 'private', writes);
    await client().makeWrites({ workspaceId: 'private', batchId });
    const handle = stack.temporal.client.workflow.getHandle(eventWriteWorkflowId('private', batchId));
    const history = JSON.stringify(await handle.fetchHistory(), (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
    expect(history).toContain(batchId);
    for (const secret of ['Confidential', 'ada@example.org', 'private@example.com'])
      expect(history).not.toContain(secret);
    const row = await stack.database.eventWrite.findFirstOrThrow({ where: { batchId } });
    expect(row).toMatchObject({ status: 'done', request: null, steps: null });
    expect(JSON.stringify(row.applied)).not.toContain('Confidential');
  });
});

describe('a write whose answer is lost', () => {
  it.each([
    ['is cut off', { resetConnection: true }],
    ['is an error of a proxy', { status: 502, htmlBody: '<html>' }],
    ['is truncated', { truncateBody: true }],
  ])('is one event and one mail to each guest, when the answer to an insert %s', async (_name, fault) => {
    const name = `insert-${Object.keys(fault)[0]!.toLowerCase()}`;
    const calendar = await connect(name);
    await stack.google.addFault({
      match: { method: 'POST', calendarId: calendar.google },
      times: 1,
      afterCommit: true,
      ...fault,
    });
    const eventId = await create(calendar, { attendees: guests });
    expect(await eventsAt(calendar.google)).toHaveLength(1);
    expect(await mailsOf(calendar.google)).toEqual([
      'invitation ada@example.org',
      'invitation grace@example.org',
    ]);
    expect(await shown(eventId)).toMatchObject({ title: 'Lunch' });
    await expectInStep(calendar);
  });

  it('changes an event once, and tells its guests once', async () => {
    const calendar = await connect('patch-lost');
    const eventId = await create(calendar, { attendees: guests.slice(0, 1) });
    await stack.google.addFault({
      match: { method: 'PATCH', calendarId: calendar.google },
      times: 1,
      afterCommit: true,
      resetConnection: true,
    });
    const [changed] = await write('patch-lost', [
      { operation: 'change', eventId, title: 'Brunch', sendUpdates: 'all' },
    ]);
    expect(changed).toMatchObject({ status: 'done' });
    expect(await mailsOf(calendar.google)).toEqual(['invitation ada@example.org', 'update ada@example.org']);
    await expectInStep(calendar);
  });

  it('does not overwrite what a person has changed since', async () => {
    const calendar = await connect('patch-overtaken');
    const eventId = await create(calendar);
    const [{ id } = { id: '' }] = await eventsAt(calendar.google);
    await stack.google.addFault({
      match: { method: 'PATCH', calendarId: calendar.google },
      times: 1,
      afterCommit: true,
      status: 503,
    });
    const writing = write('patch-overtaken', [{ operation: 'change', eventId, title: 'Brunch' }]);
    await expect.poll(async () => (await eventsAt(calendar.google))[0]!.summary).toBe('Brunch');
    await stack.google.patchEvent(calendar.google, id, { summary: 'Dinner' });
    expect((await writing)[0]).toMatchObject({ status: 'done' });
    expect(await shown(eventId)).toMatchObject({ title: 'Dinner' });
    await expectInStep(calendar);
  });

  it('deletes an event once, and counts it as done', async () => {
    const calendar = await connect('delete-lost');
    const eventId = await create(calendar, { attendees: guests.slice(0, 1) });
    await stack.google.addFault({
      match: { method: 'DELETE', calendarId: calendar.google },
      times: 1,
      afterCommit: true,
      resetConnection: true,
    });
    const [deleted] = await write('delete-lost', [{ operation: 'delete', eventId, sendUpdates: 'all' }]);
    expect(deleted).toMatchObject({ status: 'done' });
    expect(await mailsOf(calendar.google)).toEqual([
      'cancellation ada@example.org',
      'invitation ada@example.org',
    ]);
    await expectInStep(calendar);
  });
});

describe('a request that is repeated', () => {
  it('is the same write, while it runs and after it', async () => {
    const calendar = await connect('repeated');
    const writes: Writes = [{ operation: 'create', calendarId: calendar.calendarId, ...LUNCH }];
    const requestId = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => write('repeated', writes, requestId)));
    const later = await write('repeated', writes, requestId);
    expect(new Set([...answers, later].map(([outcome]) => outcome!.googleEventId)).size).toBe(1);
    expect(await eventsAt(calendar.google)).toHaveLength(1);
  });
});

describe('a version that the caller expects', () => {
  it('refuses a write to an event that a person has changed, and names the version', async () => {
    const calendar = await connect('version');
    const eventId = await create(calendar);
    const { googleEventId, etag } = await stack.database.calendarEvent.findFirstOrThrow({
      where: { calendarId: calendar.calendarId },
    });
    await stack.google.patchEvent(calendar.google, googleEventId, { summary: 'Mine' });
    const change = { operation: 'change', eventId, title: 'Yours', ifMatch: etag! } as const;
    const [refused] = await write('version', [change]);
    const [event] = await eventsAt(calendar.google);
    expect(refused).toMatchObject({ status: 'refused', refusal: 'changed', currentEtag: event!.etag });
    expect(event).toMatchObject({ summary: 'Mine' });
    const [done] = await write('version', [{ ...change, ifMatch: event!.etag }]);
    expect(done).toMatchObject({ status: 'done' });
    await expectInStep(calendar);
  });
});

describe('writes of one event', () => {
  it('are made in the order in which they were requested', async () => {
    const calendar = await connect('ordered');
    const eventId = await create(calendar);
    await stack.google.addFault({
      match: { method: 'PATCH', calendarId: calendar.google },
      times: 1,
      delayMs: 1_500,
    });
    const titles = ['First', 'Second', 'Third'];
    const batches: string[] = [];
    for (const title of titles)
      batches.push(await beginWrites(stack.database, 'ordered', [{ operation: 'change', eventId, title }]));
    await Promise.all(
      batches.toReversed().map((batchId) => client().makeWrites({ workspaceId: 'ordered', batchId })),
    );
    expect(await shown(eventId)).toMatchObject({ title: 'Third' });
    const changes = await stack.database.calendarChange.findMany({
      where: { workspaceId: 'ordered', operation: 'update' },
      orderBy: { position: 'asc' },
    });
    expect(changes.map(({ resource }) => (resource as { summary: string }).summary)).toEqual(titles);
  });
});

describe('a listing that began before a write', () => {
  it.each([
    ['incremental', 0],
    ['full', 0],
    // Clocks of servers differ: an event that is changed later may have an earlier time of change.
    ['incremental', -600],
  ] as const)('does not undo it, in %s mode, with the clock of Google set by %d s', async (mode, shift) => {
    const calendar = await connect(`stale-${mode}${shift}`);
    const { workspaceId, google, calendarId } = calendar;
    const [kept, gone] = [await create(calendar), await create(calendar)];
    await stack.google.insertEvent(google, {
      summary: 'Else',
      start: { dateTime: '2026-12-02T12:00:00Z' },
      end: { dateTime: '2026-12-02T13:00:00Z' },
    });
    // The answer of the listing waits until the writes have been made.
    await stack.google.addFault({
      match: { method: 'GET', calendarId: google, pathContains: '/events' },
      times: 1,
      afterCommit: true,
      delayMs: 4_000,
    });
    const sync = await stack.startSync({ workspaceId }, mode);
    await expect
      .poll(async () => {
        const state = await stack.database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
        return state.listingStartedAt! > state.provenAt!;
      })
      .toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stack.google.setClock({ offsetSeconds: shift });
    const [created, changed, deleted] = await write(workspaceId, [
      { operation: 'create', calendarId, ...LUNCH, title: 'New' },
      { operation: 'change', eventId: kept, title: 'Changed' },
      { operation: 'delete', eventId: gone },
    ]);
    expect([created, changed, deleted].map((outcome) => outcome?.status)).toEqual(['done', 'done', 'done']);
    await stack.google.setClock({ offsetSeconds: 0 });
    await sync.result();
    expect(await shown(created!.eventId!)).toMatchObject({ title: 'New' });
    expect(await shown(kept)).toMatchObject({ title: 'Changed' });
    expect(await stack.database.workspaceCalendarEvent.count({ where: { id: gone } })).toBe(0);
    await expectInStep(calendar);
    await stack.sync(workspaceId);
    await expectInStep(calendar);
  });
});
