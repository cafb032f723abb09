import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DELIVERY_LOGS } from '../../../contracts/delivery.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import { addAccount } from '../../../services/accounts/accounts.ts';
import { disconnectAccount } from '../../../services/accounts/disconnect-account.ts';
import { changeCalendar } from '../../../services/calendars.ts';
import { trimWorkspaceChanges } from '../../../services/change-log/trim-workspace-changes.ts';
import { discardDeadLetter, listDeadLetters } from '../../../services/dead-letters.ts';
import type { DeliveryContext } from '../../../services/delivery/context.ts';
import { deliverBatch } from '../../../services/delivery/deliver-batch.ts';
import { listDeliveries } from '../../../services/delivery/delivery-log.ts';
import { dueSubscriptions } from '../../../services/delivery/due-subscriptions.ts';
import { pauseWebhook, resumeWebhook } from '../../../services/delivery/pause.ts';
import { replayWebhook } from '../../../services/delivery/replay.ts';
import { changeWebhook, createWebhook, findWebhook } from '../../../services/delivery/webhooks.ts';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { setPolicy } from '../../../services/planning/policy.ts';
import { type ConnectedCalendar, connectCalendar } from '../../support/connected-calendar.ts';
import { ageMissingCalendars } from '../../support/missing-calendars.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { newRun, pullAll, runActivity } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

const RUN = { workflowId: 'delivery/x', runId: 'run' };
const TYPES = DELIVERY_LOGS.workspace.filter((type) => !/^(availability|occurrence)\./.test(type));

let stack: SyncStack;
let context: DeliveryContext;
let receiver: Receiver;
let workspaceId: string;
let calendar: ConnectedCalendar;
let workspaces = 0;

beforeAll(async () => {
  stack = await startSyncStack();
  const tokenCipher = createTokenCipher([stack.environment['TOKEN_ENCRYPTION_KEY'] ?? '']);
  context = { database: stack.database, tokenCipher, guard: { networks: ['127.0.0.0/8'], timeoutMs: 2_000 } };
});
afterAll(() => stack.close());

beforeEach(async () => {
  workspaces += 1;
  workspaceId = `changing-${workspaces}`;
  calendar = await connectCalendar(stack, { workspaceId });
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

async function subscribe(input: object = {}): Promise<string> {
  const created = await createWebhook(context, workspaceId, { url: receiver.url, types: TYPES, ...input });
  receiver.secret = created.secret;
  return created.id;
}

async function drain(id: string) {
  for (;;) {
    const delivered = await deliverBatch(context, id, RUN);
    if (delivered.outcome !== 'more') return delivered;
  }
}

/** Entries of all deliveries, without position and time. */
const received = () =>
  receiver.received
    .flatMap(({ message }) => message.data.changes as object[])
    .map((change) => {
      const { position: _position, changedAt: _at, ...entry } = change as Record<string, unknown>;
      return entry;
    });
const ranges = () =>
  receiver.received.map(({ message: { type, data } }) => [type, data.generation, data.after, data.position]);

const fail = (input: { calendarId?: string; accountId?: string; failureType?: FailureType }) =>
  runActivity(stack.activities.recordSyncFailure, {
    workspaceId,
    source: 'schedule' as const,
    correlationId: 'run-1',
    runStartedAt: newRun().runStartedAt,
    calendarId: null,
    accountId: null,
    mode: 'incremental' as const,
    failureType: FailureType.googleUnavailable,
    ...input,
  });
const sync = () => pullAll(stack, calendar.id, { run: newRun(workspaceId) });

describe('changes of a workspace itself', () => {
  it('are delivered when a sync begins to fail and when it has recovered, and not in between', async () => {
    const id = await subscribe();
    await sync();
    for (let time = 0; time < 2; time += 1) await fail({ calendarId: calendar.id });
    expect((await dueSubscriptions(stack.database, [workspaceId])).due).toEqual([{ id, workspaceId }]);
    await drain(id);
    const [{ id: deadLetterId } = { id: '' }] = await listDeadLetters(stack.database, { workspaceId });
    const failure = { calendarId: calendar.id, failureType: 'GoogleUnavailable' };
    const deadLetter = { deadLetterId, operation: 'sync', ...failure };
    expect(received()).toEqual([
      { type: 'sync.failed', ...failure },
      { type: 'dead_letter.opened', ...deadLetter },
    ]);
    await sync();
    await sync();
    await drain(id);
    expect(received().slice(2)).toEqual([
      { type: 'sync.recovered', calendarId: calendar.id },
      { type: 'dead_letter.resolved', ...deadLetter, status: 'resolved' },
    ]);
    const last = receiver.received.at(-1)!.message;
    expect(last.type).toBe('workspace.changed');
    expect(last.data.changes.map(({ position }) => position)).toEqual([
      last.data.after + 1,
      last.data.position,
    ]);
  });

  it('are delivered when an account needs a new consent, is connected again and disconnected', async () => {
    const id = await subscribe({ types: TYPES.filter((type) => type.startsWith('account.')) });
    const { accountId } = calendar;
    await fail({ accountId, failureType: FailureType.googleAuthRevoked });
    await addAccount(context, { workspaceId, email: calendar.google, refreshToken: 'another' });
    const google = stack.dependencies.google;
    const revokeUrl = `${stack.environment['GOOGLE_API_ROOT_URL']}/revoke`;
    await disconnectAccount({ ...context, google, revokeUrl }, { workspaceId, account: accountId });
    await drain(id);
    expect(received()).toEqual(
      ['account.needs_reconnect', 'account.connected', 'account.disconnected'].map((type) => ({
        type,
        accountId,
      })),
    );
  });

  it('are delivered when a dead letter is discarded, and vanish with a transaction that is rolled back', async () => {
    await fail({ calendarId: calendar.id });
    const id = await subscribe({ types: ['dead_letter.resolved'] });
    const [{ id: deadLetterId } = { id: '' }] = await listDeadLetters(stack.database, { workspaceId });
    const discard = stack.database.$transaction(async (transaction) => {
      await transaction.deadLetter.update({ where: { id: deadLetterId }, data: { status: 'discarded' } });
      throw new Error('crash');
    });
    await expect(discard).rejects.toThrow('crash');
    expect(await drain(id)).toEqual({ outcome: 'idle' });
    await discardDeadLetter(stack.database, deadLetterId);
    await drain(id);
    expect(received()).toMatchObject([{ deadLetterId, status: 'discarded' }]);
  });

  it('are delivered when calendars are added to a workspace, removed and purged with their account', async () => {
    const id = await subscribe({ types: ['calendar.added', 'calendar.removed'] });
    const { accountId } = calendar;
    const shared = await stack.google.createCalendar(calendar.google, { summary: 'Shared', timeZone: 'UTC' });
    const refresh = () =>
      runActivity(stack.activities.refreshCalendarList, { workspaceId, accountId, correlationId: 'refresh' });
    const [calendarId = ''] = (await refresh()).newCalendarIds;
    await refresh();
    await stack.google.setAccessRole(calendar.google, shared.id, 'none');
    await refresh();
    await ageMissingCalendars(stack.database, accountId);
    await refresh();
    const google = stack.dependencies.google;
    const revokeUrl = `${stack.environment['GOOGLE_API_ROOT_URL']}/revoke`;
    await disconnectAccount(
      { ...context, google, revokeUrl },
      { workspaceId, account: accountId, purge: true },
    );
    await drain(id);
    expect(received()).toEqual([
      { type: 'calendar.added', calendarId, accountId },
      { type: 'calendar.removed', calendarId, accountId },
      { type: 'calendar.removed', calendarId: calendar.id, accountId },
    ]);
  });

  it('are delivered when a plan is applied, with the number of blocks it has written', async () => {
    const id = await subscribe({ types: ['plan.applied', 'plan.changed'] });
    const { database } = stack;
    const run = { workspaceId, mode: 'apply', status: 'applying' };
    const [at, until] = [new Date('2026-12-01T09:00:00Z'), new Date('2026-12-01T10:00:00Z')];
    const [{ id: runId }, { id: unchanged }] = [
      await database.scheduleRun.create({ data: run }),
      await database.scheduleRun.create({ data: run }),
    ];
    const task = await database.task.create({ data: { workspaceId, title: 'Write', durationMinutes: 60 } });
    const { id: blockId } = await database.scheduledBlock.create({
      data: { workspaceId, kind: 'task', taskId: task.id, startAt: at, endAt: until },
    });
    const write = { operation: 'insert', afterStart: at, afterEnd: until, status: 'done', doneAt: at };
    await database.scheduleWrite.create({ data: { runId, position: 1, blockId, ...write } });
    for (const one of [runId, unchanged])
      await runActivity(stack.activities.applyWrites, {
        workspaceId,
        source: 'manual',
        correlationId: 'plan',
        runId: one,
      });
    await drain(id);
    expect(received()).toEqual([
      { type: 'plan.applied', runId, created: 1, moved: 0, deleted: 0 },
      { type: 'plan.changed', runId, status: 'applied' },
      { type: 'plan.applied', runId: unchanged, created: 0, moved: 0, deleted: 0 },
    ]);
  });

  it('have positions without a gap in the order of commits, however many transactions write at once', async () => {
    const turns = Array.from({ length: 12 }, (_, turn) =>
      stack.database.deadLetter.create({
        data: {
          workspaceId,
          operation: 'plan',
          failureType: `Failure${turn}`,
          workflowId: 'w',
          runId: 'r',
        },
      }),
    );
    await Promise.all(turns);
    const rows = await stack.database.workspaceChange.findMany({
      where: { workspaceId },
      orderBy: { position: 'asc' },
    });
    expect(rows.map(({ position }) => Number(position))).toEqual(rows.map((_, index) => index + 1));
    const times = rows.map(({ changedAt }) => +changedAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('cost a sync that changes nothing no row and no position', async () => {
    await sync();
    const before = await stack.database.$queryRaw`
      select xmin::text, last_position from workspace_change_positions where workspace_id = ${workspaceId}`;
    await sync();
    expect(
      await stack.database.$queryRaw`
        select xmin::text, last_position from workspace_change_positions where workspace_id = ${workspaceId}`,
    ).toEqual(before);
  });
});

describe('changes of availability', () => {
  const times = (hour: number) => ({
    start: { dateTime: `2031-03-04T${hour}:00:00Z` },
    end: { dateTime: `2031-03-04T${hour + 1}:00:00Z` },
  });
  const at = (hour: number) => `2031-03-04T${hour}:00:00.000Z`;
  const span = (from: number, to: number) => ({ calendarId: calendar.id, from: at(from), to: at(to) });
  const changed = () => received().map(({ type: _type, ...change }) => change);
  const withCalendar = (changes: { enabled?: boolean; takesTime?: boolean }) =>
    changeCalendar(stack.database, calendar.id, changes);

  beforeEach(() => stack.setClock(new Date('2031-03-01T00:00:00Z')));
  afterEach(() => stack.setClock(null));

  it('are delivered with their span when an event takes up other time, and not when it is renamed', async () => {
    const { google } = calendar;
    const id = await subscribe({ types: ['availability.changed'] });
    const event = await stack.google.insertEvent(google, { summary: 'Lunch', ...times(12) });
    await stack.google.insertEvent(google, { summary: 'Free', transparency: 'transparent', ...times(18) });
    await sync();
    await stack.google.patchEvent(google, event.id, { summary: 'Late lunch' });
    await sync();
    await stack.google.patchEvent(google, event.id, times(14));
    await sync();
    await stack.google.patchEvent(google, event.id, { transparency: 'transparent' });
    await sync();
    await stack.google.deleteEvent(google, event.id);
    await sync();
    await drain(id);
    expect(changed()).toEqual([span(12, 13), span(12, 15), span(14, 15)]);
  });

  it('are delivered when a calendar or a rule takes up time no longer', async () => {
    const id = await subscribe({ types: ['availability.changed'] });
    await withCalendar({ takesTime: false });
    await withCalendar({ enabled: false });
    await withCalendar({ takesTime: true });
    await withCalendar({ enabled: true });
    await setPolicy(stack.database, workspaceId, { tentative: 'free' });
    await setPolicy(stack.database, workspaceId, { tentative: 'free', bufferMinutes: 5 });
    await stack.database.workspace.update({ where: { id: workspaceId }, data: { timeZone: 'Asia/Tokyo' } });
    await drain(id);
    expect(changed()).toEqual([{ calendarId: calendar.id }, { calendarId: calendar.id }, {}, {}]);
  });
});

describe('a subscription to both logs', () => {
  it('gets each in order with positions of its own, and is replayed by log', async () => {
    const id = await subscribe({ types: ['event.created', 'sync.failed'], from: 0 });
    await stack.google.insertEvent(calendar.google, {
      summary: 'Lunch',
      start: { dateTime: '2026-12-01T12:00:00Z' },
      end: { dateTime: '2026-12-01T13:00:00Z' },
    });
    await sync();
    await fail({ calendarId: calendar.id });
    await drain(id);
    const last = Number(
      (await stack.database.workspaceChangePosition.findUniqueOrThrow({ where: { workspaceId } }))
        .lastPosition,
    );
    const byType = ranges().toSorted(([a], [b]) => String(a).localeCompare(String(b)));
    expect(byType).toEqual([
      ['events.changed', 0, 0, 1],
      ['workspace.changed', 0, 0, last],
    ]);
    await replayWebhook(stack.database, workspaceId, id, { from: 0, log: 'workspace' });
    await drain(id);
    expect(ranges().slice(2)).toEqual([['workspace.changed', 1, 0, last]]);
    const logged = await listDeliveries(stack.database, workspaceId, id);
    expect(logged.map(({ log }) => log)).toEqual(['workspace', 'workspace', 'events']);
  });

  it('begins with what changes from then on, when a type of the other log is added', async () => {
    const id = await subscribe({ types: ['event.created'] });
    await fail({ calendarId: calendar.id });
    expect((await dueSubscriptions(stack.database, [workspaceId])).due).toEqual([]);
    await changeWebhook(context, workspaceId, id, { types: ['sync.failed', 'sync.recovered'] });
    await sync();
    await drain(id);
    expect(received()).toEqual([{ type: 'sync.recovered', calendarId: calendar.id }]);
  });

  it('leaves out changes of other calendars, but not those that name none', async () => {
    const other = await connectCalendar(stack, { workspaceId });
    const id = await subscribe({ calendarIds: [calendar.id] });
    await fail({ calendarId: other.id });
    await fail({ accountId: other.accountId });
    await fail({ calendarId: calendar.id });
    await drain(id);
    const failed = received().filter(({ type }) => type === 'sync.failed');
    expect(failed.map(({ calendarId, accountId }) => calendarId ?? accountId)).toEqual([
      other.accountId,
      calendar.id,
    ]);
  });

  it('is paused when what comes next has been deleted, until it is replayed', async () => {
    const id = await subscribe({ types: ['sync.failed'] });
    await pauseWebhook(stack.database, workspaceId, id);
    await fail({ calendarId: calendar.id });
    const { signal } = new AbortController();
    const trim = () => trimWorkspaceChanges(stack.database, new Date(Date.now() + 86_400_000), signal);
    expect(await trim()).toBeGreaterThan(0);
    expect(await trim()).toBe(0);
    await resumeWebhook(stack.database, workspaceId, id);
    await drain(id);
    expect(await findWebhook(stack.database, workspaceId, id)).toMatchObject({ pauseReason: 'behind' });
    await replayWebhook(stack.database, workspaceId, id, { from: 0, log: 'workspace' });
    await sync();
    await fail({ calendarId: calendar.id });
    await drain(id);
    expect(received()).toMatchObject([{ type: 'sync.failed' }]);
    expect(await findWebhook(stack.database, workspaceId, id)).toMatchObject({ status: 'active' });
  });
});
