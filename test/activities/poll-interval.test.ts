import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectCalendar, type ConnectedCalendar } from '../support/connected-calendar.ts';
import { pullAll } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const HOUR_MS = 3_600_000;

let stack: SyncStack;
let calendar: ConnectedCalendar;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  calendar = await connectCalendar(stack);
});

async function open(status: string, expiresInMs: number): Promise<void> {
  const expiresAt = new Date(Date.now() + expiresInMs);
  await stack.database.watchChannel.create({ data: { calendarId: calendar.id, status, expiresAt } });
}

/** Milliseconds from a sync that goes well to the next one. */
async function interval(): Promise<number> {
  const syncedAt = Date.now();
  await pullAll(stack, calendar.id);
  const { nextSyncAt } = await stack.database.calendarSyncState.findUniqueOrThrow({
    where: { calendarId: calendar.id },
  });
  return nextSyncAt!.getTime() - syncedAt;
}

describe('a calendar that has been synced', () => {
  it('is due with the next tick', async () => {
    expect(await interval()).toBeLessThanOrEqual(HOUR_MS / 4);
  });

  it('is due hours later where a push channel is live', async () => {
    await open('live', 72 * HOUR_MS);
    const ms = await interval();
    expect(ms).toBeGreaterThan(4 * HOUR_MS);
    expect(ms).toBeLessThanOrEqual(6 * HOUR_MS);
  });

  it('is due when its push channel ends', async () => {
    await open('live', 2 * HOUR_MS);
    const ms = await interval();
    expect(ms).toBeGreaterThan(1.9 * HOUR_MS);
    expect(ms).toBeLessThanOrEqual(2.1 * HOUR_MS);
  });

  it.each([
    ['opening', 72 * HOUR_MS],
    ['stopped', 72 * HOUR_MS],
    ['live', -1_000],
  ])('is due with the next tick where the channel is %s and ends in %i ms', async (status, expiresInMs) => {
    await open(status, expiresInMs);
    expect(await interval()).toBeLessThanOrEqual(HOUR_MS / 4);
  });
});

describe('the proof that a calendar is in step', () => {
  it('is as old as the first question of the listing, not as its last commit', async () => {
    await stack.google.generateEvents(calendar.google, { count: 10, recurringShare: 0, seed: 1 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 2, delayMs: 400 });
    await pullAll(stack, calendar.id);
    await stack.google.setPageShape({ maxPageSize: 2_500 });
    const { provenAt, lastSyncedAt } = await stack.database.calendarSyncState.findUniqueOrThrow({
      where: { calendarId: calendar.id },
    });
    expect(lastSyncedAt!.getTime() - provenAt!.getTime()).toBeGreaterThanOrEqual(800);
  });
});
