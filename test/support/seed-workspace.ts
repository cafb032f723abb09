import { randomUUID } from 'node:crypto';
import type { Database } from '../../prisma/client.ts';

/** One row at least in every table that belongs to workspaces. Returns IDs to ask for. */
export async function seedWorkspace(database: Database, workspaceId: string) {
  const at = new Date('2026-12-01T09:00:00Z');
  const until = new Date('2026-12-01T10:00:00Z');
  const [accountId, calendarId, taskId, earlierTaskId, habitId, runId, blockId] = Array.from(
    { length: 7 },
    () => randomUUID(),
  ) as [string, string, string, string, string, string, string];
  const googleEventId = `event-${workspaceId}`;
  await database.workspace.create({ data: { id: workspaceId, timeZone: 'UTC' } });
  await database.calendarFeed.create({
    data: {
      id: `feed_${workspaceId}`,
      workspaceId,
      name: workspaceId,
      detail: 'busy',
      secretHash: new Uint8Array(32),
    },
  });
  const notifier = await database.notifier.create({
    data: {
      workspaceId,
      name: workspaceId,
      kind: 'slack',
      notices: ['dead-letter'],
      keyId: 'key',
      target: new Uint8Array(1),
      messages: { create: { workspaceId, notice: 'dead-letter' } },
    },
  });
  await database.notice.create({
    data: { notifierId: notifier.id, notice: 'dead-letter', subjectId: randomUUID() },
  });
  await database.webhookSubscription.create({
    data: {
      id: randomUUID(),
      workspaceId,
      url: 'https://example.com/hook',
      types: ['event.created'],
      payload: 'thin',
      keyId: 'key',
      secret: new Uint8Array(1),
      cursors: { create: { workspaceId } },
      workspaceCursors: { create: { workspaceId } },
      deliveries: { create: { number: 1, workspaceId, messageId: 'msg_1', changes: 1, latencyMs: 1 } },
    },
  });
  await database.apiKey.create({
    data: { id: `key-${workspaceId}`, workspaceId, name: 'key', secretHash: new Uint8Array(32) },
  });
  await database.consoleSession.create({
    data: {
      id: `ses-${workspaceId}`,
      kind: 'session',
      workspaceId,
      apiKeyId: `key-${workspaceId}`,
      tokenHash: new Uint8Array(32),
      expiresAt: until,
    },
  });
  await database.embedLink.create({
    data: {
      id: `emb-${workspaceId}`,
      workspaceId,
      timeZone: 'UTC',
      frameOrigin: 'https://app.example.com',
      secretHash: new Uint8Array(32),
      expiresAt: until,
    },
  });
  await database.calendarAuthToken.create({
    data: {
      id: accountId,
      workspaceId,
      email: `${workspaceId}@example.com`,
      keyId: 'key',
      refreshToken: new Uint8Array(1),
    },
  });
  await database.connectAttempt.create({
    data: {
      id: randomUUID(),
      workspaceId,
      callerHash: new Uint8Array(1),
      redirectUri: 'http://127.0.0.1/',
      keyId: 'key',
      codeVerifier: new Uint8Array(1),
      expiresAt: until,
    },
  });
  await database.calendar.create({
    data: {
      id: calendarId,
      workspaceId,
      accountId,
      googleCalendarId: `${workspaceId}@example.com`,
      summary: 'Work',
      timeZone: 'UTC',
      accessRole: 'owner',
    },
  });
  await database.calendarSyncState.create({ data: { calendarId, workspaceId } });
  await database.calendarEvent.create({
    data: {
      calendarId,
      googleEventId,
      kind: 'single',
      status: 'confirmed',
      startAt: at,
      endAt: until,
      resource: {},
    },
  });
  await database.workspaceCalendarEvent.create({
    data: {
      id: randomUUID(),
      workspaceId,
      calendarId,
      googleEventId,
      sourceEventId: googleEventId,
      title: `Title of ${workspaceId}`,
      status: 'confirmed',
      busy: true,
      eventType: 'default',
      allDay: false,
      startAt: at,
      endAt: until,
    },
  });
  await database.calendarListingPage.create({ data: { calendarId, page: 1 } });
  await database.calendarVerification.create({
    data: { calendarId, runId: 'run', step: 1, attempt: 1, syncToken: 'token' },
  });
  await database.calendarVerificationPage.create({ data: { calendarId, page: 1 } });
  await database.calendarDifference.create({ data: { calendarId, googleEventId, kind: 'missing' } });
  await database.workspaceCalendarSyncLog.create({
    data: {
      workspaceId,
      calendarId,
      workflowId: `calendar-sync/${workspaceId}`,
      runId: 'run',
      mode: 'full',
      source: 'manual',
      outcome: 'success',
    },
  });
  await database.$executeRaw`
    insert into calendar_change_positions (workspace_id, last_position) values (${workspaceId}, 1)`;
  await database.$executeRaw`
    insert into calendar_changes (workspace_id, position, calendar_id, google_event_id, operation)
    values (${workspaceId}, 1, ${calendarId}::uuid, ${googleEventId}, 'insert')`;
  const writeId = randomUUID();
  await database.eventWrite.create({
    data: {
      id: writeId,
      workspaceId,
      batchId: writeId,
      position: 0,
      calendarId,
      subject: googleEventId,
      operation: 'delete',
    },
  });
  await database.watchChannel.create({ data: { calendarId } });
  await database.workspaceUsage.create({
    data: { day: at, workspaceId, syncs: 1, changes: 1, apiCalls: 1 },
  });
  await database.googleRequest.create({ data: { day: at, workspaceId, method: 'events.list', requests: 1 } });
  const deadLetter = await database.deadLetter.create({
    data: {
      workspaceId,
      calendarId,
      operation: 'sync',
      workflowId: `calendar-sync/${workspaceId}`,
      runId: 'run',
      failureType: 'GoogleNotFound',
    },
  });
  for (const id of [taskId, earlierTaskId])
    await database.task.create({ data: { id, workspaceId, title: 'Task', durationMinutes: 60 } });
  await database.taskDependency.create({ data: { taskId, afterTaskId: earlierTaskId, workspaceId } });
  await database.declinedSlot.create({ data: { taskId, startAt: at, endAt: until } });
  await database.habit.create({
    data: {
      id: habitId,
      workspaceId,
      title: 'Habit',
      rrule: 'FREQ=DAILY',
      startDate: at,
      durationMinutes: 30,
      minMinutes: 30,
    },
  });
  await database.habitSkip.create({ data: { habitId, day: at } });
  await database.calendarHours.create({
    data: { workspaceId, type: 'work', weekday: 'mon', blocks: ['09:00-12:00'] },
  });
  await database.availabilityPermit.create({ data: { workspaceId, readerId: 'reader' } });
  await database.schedulePolicy.create({ data: { workspaceId, targetCalendarId: calendarId } });
  await database.scheduleRun.create({ data: { id: runId, workspaceId, mode: 'preview' } });
  await database.scheduledBlock.create({
    data: {
      id: blockId,
      workspaceId,
      kind: 'task',
      taskId,
      accountId,
      calendarId,
      runId,
      startAt: at,
      endAt: until,
    },
  });
  await database.scheduleWrite.create({
    data: { runId, position: 1, blockId, operation: 'insert', afterStart: at, afterEnd: until },
  });
  return { workspaceId, accountId, calendarId, taskId, habitId, runId, blockId, deadLetterId: deadLetter.id };
}
