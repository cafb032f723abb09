import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCalendarNumbers } from '../../worker/calendar-numbers.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { openChannelRow } from '../support/push.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

let stack: SyncStack;
beforeAll(async () => {
  stack = await startSyncStack();
});
beforeEach(async () => {
  await stack.database.calendarNumbers.deleteMany();
});
afterAll(() => stack.close());

const read = () => readCalendarNumbers(stack.dependencies);
const pending = async () => (await read())?.numbers.byHealth?.pending ?? 0;

async function age(seconds: number): Promise<void> {
  await stack.database.$executeRaw`
    update calendar_numbers set measured_at = now() - ${seconds}::float8 * interval '1 second'`;
}

describe('the numbers of all calendars', () => {
  it('are measured by one of many workers, and read by the others', async () => {
    await read();
    await age(60);
    const rounds = await Promise.all(Array.from({ length: 12 }, read));
    const instants = new Set(rounds.map((measured) => measured?.measuredAt.getTime()));
    // Those who came while one was measuring have its numbers from before.
    expect(instants.size).toBeLessThanOrEqual(2);
    const { measuredAt } = await stack.database.calendarNumbers.findFirstOrThrow();
    expect(Math.max(...[...instants].map((instant) => instant ?? 0))).toBe(measuredAt.getTime());
  });

  it('are good for half a minute', async () => {
    const before = await pending();
    await connectCalendar(stack);
    await age(20);
    expect(await pending()).toBe(before);
    await age(30);
    expect(await pending()).toBe(before + 1);
  });

  it('count the push channels that Google has, by status', async () => {
    const { id: calendarId } = await connectCalendar(stack);
    for (const status of ['live', 'live', 'opening', 'stopping', 'stopped'])
      await openChannelRow(stack.database, calendarId, { status });
    const expired = await openChannelRow(stack.database, calendarId);
    await stack.database.watchChannel.update({
      where: { id: expired.channelId },
      data: { expiresAt: new Date(Date.now() - 1_000) },
    });
    expect((await read())?.numbers.channels).toEqual({ live: 2, opening: 1, stopping: 1 });
  });

  it('tell the requests to Google of the day, and whose polls are stretched for them', async () => {
    const { id: calendarId } = await connectCalendar(stack);
    await stack.database.calendarSyncState.update({
      where: { calendarId },
      data: { stretchedSeconds: 3_600 },
    });
    await stack.meter.flush();
    await stack.database.googleRequestDay.updateMany({ data: { requests: 1_000 } });
    const numbers = (await read())?.numbers;
    expect(numbers?.google.requests).toBe(1_000);
    expect(numbers?.google.forecast).toBeGreaterThanOrEqual(1_000);
    expect(numbers?.stretched).toBe(1);
  });

  it('that a worker of another version has left are measured anew', async () => {
    const before = await pending();
    await stack.database.calendarNumbers.updateMany({ data: { numbers: { pending: 'many' } } });
    expect(await pending()).toBe(before);
  });
});
