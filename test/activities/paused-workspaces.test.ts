import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChannelLookup } from '../../api/push/known-channel.ts';
import { findStaleCalendars } from '../../services/reading/stale-calendars.ts';
import { readWorkspaceStatus } from '../../services/reading/status.ts';
import { changeWorkspace } from '../../services/workspaces.ts';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { pullAll, runActivity } from '../support/run-activity.ts';
import { openChannelRow } from '../support/push.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
let calendar: ConnectedCalendar;

beforeAll(async () => {
  stack = await startSyncStack();
  calendar = await connectCalendar(stack, { events: 3 });
  await pullAll(stack, calendar.id);
  await stack.database.schedulePolicy.create({ data: { workspaceId: 'acme', autoApply: true } });
  await stack.database.task.create({
    data: { workspaceId: 'acme', title: 'Write', durationMinutes: 30 },
  });
  stack.dependencies.push.address = 'http://127.0.0.1:9/webhooks/google-calendar';
});
afterAll(() => stack.close());

const EVERYTHING = { range: { after: null, upTo: null }, limit: 10 };
const listed = async () => ({
  synced: (await runActivity(stack.activities.listWorkspaces, { ...EVERYTHING, dueAt: null })).length,
  partitions: (await runActivity(stack.activities.partitionWorkspaces, { dueAt: null })).length,
  planned: (await runActivity(stack.activities.listPlannedWorkspaces, EVERYTHING)).length,
  audited: (await runActivity(stack.activities.sampleCalendars, { limit: 10 })).length,
  channels: (await runActivity(stack.activities.listChannelWork, { afterCalendarId: null })).work.length,
});
const set = (status: 'active' | 'paused') => changeWorkspace(stack.database, 'acme', { status });

describe('a paused workspace', () => {
  it('is in no fan-out until it is resumed', async () => {
    const all = { synced: 1, partitions: 1, planned: 1, audited: 1, channels: 1 };
    expect(await listed()).toEqual(all);
    await set('paused');
    expect(await listed()).toEqual({ synced: 0, partitions: 0, planned: 0, audited: 0, channels: 0 });
    await set('active');
    expect(await listed()).toEqual(all);
  });

  it('has no sync and no plan, whoever starts it', async () => {
    await set('paused');
    const paused = expect.objectContaining({ type: 'WorkspacePaused', nonRetryable: true }) as Error;
    const plan = { workspaceId: 'acme', days: null, force: false, safe: false, expectedFingerprint: null };
    await expect(runActivity(stack.activities.loadSyncTargets, { workspaceId: 'acme' })).rejects.toThrow(
      paused,
    );
    await expect(
      runActivity(stack.activities.planWorkspace, {
        ...plan,
        mode: 'preview',
        source: 'manual',
        correlationId: 'test',
      }),
    ).rejects.toThrow(paused);
  });

  it('ignores notifications, is neither overdue nor stale for alerts, and says why a proof is old', async () => {
    const { channelId } = await openChannelRow(stack.database, calendar.id);
    await set('paused');
    expect(await createChannelLookup(stack.database)(channelId)).toMatchObject({ syncable: false });
    const status = await readWorkspaceStatus(stack.database, 'acme', { poll: stack.dependencies.poll });
    expect(status.calendars).toMatchObject([{ health: 'disabled', reason: { code: 'paused' } }]);
    const stale = await findStaleCalendars(stack.database, { workspaceId: 'acme', maxAgeSeconds: 0 });
    expect(stale).toMatchObject([{ obstacle: 'paused' }]);
  });

  it('is due at once when it is resumed, because its notifications were ignored', async () => {
    const later = new Date(Date.now() + 3_600_000);
    await stack.database.calendarSyncState.updateMany({ data: { nextSyncAt: later } });
    await set('paused');
    await set('active');
    const state = await stack.database.calendarSyncState.findUniqueOrThrow({
      where: { calendarId: calendar.id },
    });
    expect(state.nextSyncAt?.getTime()).toBeLessThan(later.getTime());
  });
});
