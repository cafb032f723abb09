import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RetentionSubject } from '../../contracts/verification-activities.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
let calendarId: string;

beforeAll(async () => {
  stack = await startSyncStack();
  ({ id: calendarId } = await connectCalendar(stack));
});
afterAll(() => stack.close());

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const retain = (subject: RetentionSubject) => runActivity(stack.activities.deleteExpired, { subject });

const run = (startedAt: Date, ofCalendar = calendarId) => ({
  workspaceId: 'acme',
  calendarId: ofCalendar,
  workflowId: 'calendar-sync/acme',
  runId: randomUUID(),
  mode: 'incremental',
  source: 'schedule',
  outcome: 'success',
  startedAt,
});

it('deletes old runs in bounded statements, and keeps the latest of each calendar however old', async () => {
  const idle = randomUUID();
  const old = Array.from({ length: 12_000 }, (_, index) => run(daysAgo(91 + (index % 50))));
  await stack.database.workspaceCalendarSyncLog.createMany({
    data: [...old, run(daysAgo(89)), run(daysAgo(1)), run(daysAgo(400), idle), run(daysAgo(300), idle)],
  });
  expect(await retain('run-log')).toBe(12_001);
  const left = await stack.database.workspaceCalendarSyncLog.findMany({ orderBy: { startedAt: 'asc' } });
  expect(
    left.map((row) => [row.calendarId, Math.round((Date.now() - row.startedAt.getTime()) / 86_400_000)]),
  ).toEqual([
    [idle, 300],
    [calendarId, 89],
    [calendarId, 1],
  ]);
  expect(await retain('run-log')).toBe(0);
});

it('deletes dead letters that have been closed for long, and no open one', async () => {
  const deadLetter = (status: string, closedAt: Date | null) => ({
    workspaceId: 'acme',
    operation: 'sync',
    workflowId: 'calendar-sync/acme',
    runId: randomUUID(),
    failureType: randomUUID(),
    status,
    closedAt,
    firstFailedAt: daysAgo(400),
  });
  await stack.database.deadLetter.createMany({
    data: [
      deadLetter('resolved', daysAgo(91)),
      deadLetter('discarded', daysAgo(89)),
      deadLetter('open', null),
    ],
  });
  expect(await retain('dead-letters')).toBe(1);
  expect(await stack.database.deadLetter.count()).toBe(2);
});

it('forgets sessions of the console that have expired, and embed links a day later', async () => {
  const { consoleSession, embedLink } = stack.database;
  const session = (id: string, expiresAt: Date) => ({
    id,
    kind: 'session',
    tokenHash: new Uint8Array(1),
    expiresAt,
  });
  const link = (id: string, expiresAt: Date) => ({
    id,
    workspaceId: 'acme',
    timeZone: 'UTC',
    frameOrigin: 'https://app.example.com',
    secretHash: new Uint8Array(1),
    expiresAt,
  });
  await consoleSession.createMany({ data: [session('ended', daysAgo(0.1)), session('open', daysAgo(-0.1))] });
  await embedLink.createMany({ data: [link('gone', daysAgo(1.1)), link('ended', daysAgo(0.9))] });
  await retain('idempotency-keys');
  expect((await consoleSession.findMany()).map(({ id }) => id)).toEqual(['open']);
  expect((await embedLink.findMany()).map(({ id }) => id)).toEqual(['ended']);
});

it('deletes receipts of workspaces three years after their deletion', async () => {
  const receipt = (workspaceId: string, finishedAt: Date | null) => ({
    workspaceId,
    finishedAt,
    ownCalendars: false,
  });
  await stack.database.workspaceReceipt.createMany({
    data: [
      receipt('old', daysAgo(3 * 365 + 1)),
      receipt('young', daysAgo(3 * 365 - 1)),
      receipt('open', null),
    ],
  });
  await retain('dead-letters');
  const kept = await stack.database.workspaceReceipt.findMany({ orderBy: { workspaceId: 'asc' } });
  expect(kept.map(({ workspaceId }) => workspaceId)).toEqual(['open', 'young']);
});

it('forgets messages to notifiers after a month, and what they were about once it is no longer kept', async () => {
  const { database } = stack;
  const notifier = await database.notifier.create({
    data: { name: 'N', kind: 'slack', notices: ['dead-letter'], keyId: 'key', target: new Uint8Array(1) },
  });
  const open = await database.deadLetter.create({
    data: {
      workspaceId: 'acme',
      operation: 'kept',
      workflowId: 'calendar-sync/acme',
      runId: randomUUID(),
      failureType: 'GoogleForbidden',
    },
  });
  const message = (createdAt: Date) => ({
    notifierId: notifier.id,
    notice: 'dead-letter',
    status: 'delivered',
    createdAt,
  });
  await database.notifierMessage.createMany({ data: [message(daysAgo(31)), message(daysAgo(29))] });
  const told = (notice: string, subjectId: string, createdAt: Date) => ({
    notifierId: notifier.id,
    notice,
    subjectId,
    createdAt,
  });
  const [gone, oldPlan, plan] = [randomUUID(), randomUUID(), randomUUID()];
  const [agenda, summary] = [randomUUID(), randomUUID()];
  await database.notice.createMany({
    data: [
      told('dead-letter', open.id, daysAgo(400)),
      told('dead-letter', gone, daysAgo(1)),
      told('plan-applied', oldPlan, daysAgo(3)),
      told('plan-applied', plan, daysAgo(1)),
      told('daily-agenda', randomUUID(), daysAgo(15)),
      told('daily-agenda', agenda, daysAgo(13)),
      told('weekly-summary', randomUUID(), daysAgo(15)),
      told('weekly-summary', summary, daysAgo(13)),
    ],
  });
  expect(await retain('dead-letters')).toBe(5);
  const kept = (await database.notice.findMany()).map(({ subjectId }) => subjectId);
  expect(kept.toSorted()).toEqual([open.id, plan, agenda, summary].toSorted());
  expect(await database.notifierMessage.count()).toBe(1);
});

it('deletes quotas that were idle for a day, unless they are blocked', async () => {
  await stack.database.googleQuota.deleteMany();
  await stack.database.googleQuota.createMany({
    data: [
      { scope: 'idle', spentUntil: daysAgo(2) },
      { scope: 'used', spentUntil: daysAgo(0.5) },
      { scope: 'blocked', spentUntil: daysAgo(2), blockedUntil: daysAgo(-1) },
    ],
  });
  expect(await retain('google-quotas')).toBe(1);
  expect((await stack.database.googleQuota.findMany()).map(({ scope }) => scope).toSorted()).toEqual([
    'blocked',
    'used',
  ]);
});

it('keeps usage and the counts of requests to Google for 400 days', async () => {
  const days = [daysAgo(402), daysAgo(399), daysAgo(0)];
  await stack.database.googleRequest.createMany({
    data: days.map((day) => ({ day, workspaceId: 'acme', method: 'events.list', requests: 1 })),
  });
  await stack.database.workspaceUsage.createMany({
    data: days.slice(0, 2).map((day) => ({ day, workspaceId: 'acme', syncs: 1, changes: 0, eventWrites: 0 })),
  });
  await stack.database.googleRequestDay.createMany({ data: days.map((day) => ({ day, requests: 1 })) });
  expect(await retain('google-quotas')).toBe(3);
  expect(await stack.database.workspaceUsage.count({ where: { day: { lt: daysAgo(390) } } })).toBe(1);
  expect(await stack.database.googleRequest.count()).toBe(2);
  expect(await stack.database.googleRequestDay.count()).toBe(2);
});

it('deletes push channels that ended long ago, and what crashed verifications have left', async () => {
  const channel = (status: string, expiresAt: Date) => ({ calendarId, status, expiresAt });
  await stack.database.watchChannel.createMany({
    data: [channel('stopped', daysAgo(31)), channel('stopped', daysAgo(29)), channel('live', daysAgo(40))],
  });
  expect(await retain('watch-channels')).toBe(1);

  const verification = { calendarId, runId: 'gone', step: 0, attempt: 1, syncToken: 't' };
  await stack.database.calendarVerification.create({ data: { ...verification, startedAt: daysAgo(2) } });
  await stack.database.calendarDifference.create({
    data: { calendarId, googleEventId: 'e1', kind: 'extra' },
  });
  expect(await retain('verifications')).toBe(1);
  expect(await stack.database.calendarDifference.count()).toBe(0);
});

it('deletes answers that the API no longer repeats', async () => {
  const answer = (key: string, createdAt: Date) => ({
    caller: 'alm_0123456789abcdef',
    key,
    route: 'POST /',
    requestHash: new Uint8Array(32),
    lockedUntil: createdAt,
    createdAt,
  });
  await stack.database.idempotencyKey.createMany({
    data: [answer('old', daysAgo(1.01)), answer('new', daysAgo(0.99))],
  });
  expect(await retain('idempotency-keys')).toBe(1);
  expect(await stack.database.idempotencyKey.findMany({ select: { key: true } })).toEqual([{ key: 'new' }]);
});

it('deletes attempts of deliveries after a month', async () => {
  const subscriptionId = randomUUID();
  const attempt = (number: number, attemptedAt: Date) => ({
    number,
    attemptedAt,
    messageId: `msg_${number}`,
    changes: 1,
    latencyMs: 1,
  });
  await stack.database.webhookSubscription.create({
    data: {
      id: subscriptionId,
      url: 'https://example.com/hook',
      types: ['event.created'],
      payload: 'thin',
      keyId: 'key',
      secret: new Uint8Array(1),
      deliveries: { create: [attempt(1, daysAgo(30.1)), attempt(2, daysAgo(29.9))] },
    },
  });
  expect(await retain('idempotency-keys')).toBe(1);
  const kept = await stack.database.webhookDelivery.findMany({ select: { messageId: true } });
  expect(kept).toEqual([{ messageId: 'msg_2' }]);
});

it('deletes outcomes of writes after a month, and writes that no run has begun after a day', async () => {
  const write = (createdAt: Date, position: number) => ({
    id: randomUUID(),
    workspaceId: 'acme',
    batchId: '00000000-0000-4000-8000-00000000e001',
    position,
    calendarId,
    subject: 'event',
    operation: 'delete',
    createdAt,
  });
  const kept = { ...write(daysAgo(29.9), 0), status: 'done' };
  await stack.database.eventWrite.createMany({
    data: [kept, { ...write(daysAgo(30.1), 1), status: 'done' }, write(daysAgo(1.1), 2)],
  });
  expect(await retain('idempotency-keys')).toBe(2);
  expect(await stack.database.eventWrite.findMany({ select: { id: true } })).toEqual([{ id: kept.id }]);
});

it('deletes sign-ins that came to nothing, in every workspace, and none that can still be completed', async () => {
  await stack.database.workspace.create({ data: { id: 'quiet', timeZone: 'UTC' } });
  const attempt = (workspaceId: string, expiresAt: Date) => ({
    id: randomUUID(),
    workspaceId,
    callerHash: new Uint8Array(1),
    redirectUri: 'http://127.0.0.1/',
    keyId: 'key',
    codeVerifier: new Uint8Array(1),
    expiresAt,
  });
  const open = attempt('acme', daysAgo(-0.001));
  await stack.database.connectAttempt.createMany({
    data: [
      ...Array.from({ length: 6_000 }, () => attempt('acme', daysAgo(2))),
      attempt('quiet', daysAgo(0.01)),
      open,
    ],
  });
  expect(await retain('idempotency-keys')).toBe(6_001);
  expect(await stack.database.connectAttempt.findMany({ select: { id: true } })).toEqual([{ id: open.id }]);
});
