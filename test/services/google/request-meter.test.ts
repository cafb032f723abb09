import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createImmediateMeter, createRequestMeter } from '../../../services/google/request-meter.ts';
import { connectCalendar, type ConnectedCalendar } from '../../support/connected-calendar.ts';
import { pullAll } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

let stack: SyncStack;
let calendar: ConnectedCalendar;
beforeAll(async () => {
  stack = await startSyncStack();
  calendar = await connectCalendar(stack, { events: 3 });
});
afterAll(() => stack.close());
beforeEach(async () => {
  await stack.meter.flush();
  await stack.database.googleRequest.deleteMany();
  await stack.database.googleRequestDay.deleteMany();
});

async function counted() {
  const rows = await stack.database.googleRequest.findMany({
    orderBy: [{ workspaceId: 'asc' }, { method: 'asc' }],
  });
  return rows.map(({ workspaceId, method, requests }) => [workspaceId, method, requests]);
}

async function days() {
  const rows = await stack.database.googleRequestDay.findMany({ orderBy: { day: 'asc' } });
  return rows.map(({ day, requests }) => [day.toISOString().slice(0, 10), requests]);
}

async function total(): Promise<number> {
  const { _sum } = await stack.database.googleRequestDay.aggregate({ _sum: { requests: true } });
  return _sum.requests ?? 0;
}

describe('requests to Google', () => {
  it('are counted per workspace and method, also those that Google refuses', async () => {
    await pullAll(stack, calendar.id);
    await pullAll(stack, calendar.id);
    await stack.google.addFault({ match: { calendarId: calendar.google }, times: 1, status: 503 });
    await expect(pullAll(stack, calendar.id)).rejects.toThrow();
    await stack.meter.flush();
    expect(await counted()).toEqual([['acme', 'events.list', 3]]);
    expect(await total()).toBe(3);
  });

  it('cost a sync no statement before they are flushed', async () => {
    await pullAll(stack, calendar.id);
    expect(await counted()).toEqual([]);
    await stack.meter.flush();
    await stack.meter.flush();
    expect(await counted()).toEqual([['acme', 'events.list', 1]]);
  });

  it('belong to the day of Pacific time in which they are flushed', async () => {
    for (const at of ['2026-12-02T07:59:30Z', '2026-12-02T08:00:30Z', '2027-07-02T06:59:30Z']) {
      await stack.setClock(new Date(at));
      stack.meter.count(calendar.accountId, 'events.list');
      await stack.meter.flush();
    }
    await stack.setClock(null);
    expect(await days()).toEqual([
      ['2026-12-01', 1],
      ['2026-12-02', 1],
      ['2027-07-01', 1],
    ]);
  });

  it('are still counted by the next flush when Postgres refuses one', async () => {
    stack.meter.count(calendar.accountId, 'events.list');
    await stack.database.$executeRaw`alter table google_requests rename to elsewhere`;
    await expect(stack.meter.flush()).rejects.toThrow();
    await stack.database.$executeRaw`alter table elsewhere rename to google_requests`;
    stack.meter.count(calendar.accountId, 'events.list');
    await stack.meter.flush();
    expect(await counted()).toEqual([['acme', 'events.list', 2]]);
    expect(await total()).toBe(2);
  });

  it('add up from several processes that flush at the same time', async () => {
    const other = await connectCalendar(stack, { workspaceId: 'globex' });
    const before = await total();
    const meters = Array.from({ length: 6 }, () => createRequestMeter(stack.database));
    for (let round = 0; round < 10; round += 1) {
      for (const [index, meter] of meters.entries()) {
        const accounts = [calendar.accountId, other.accountId];
        for (const accountId of index % 2 === 0 ? accounts : accounts.toReversed())
          for (const method of ['events.list', 'events.get']) meter.count(accountId, method);
      }
      await Promise.all(meters.map((meter) => meter.flush()));
    }
    expect(await counted()).toEqual([
      ['acme', 'events.get', 60],
      ['acme', 'events.list', 60],
      ['globex', 'events.get', 60],
      ['globex', 'events.list', 60],
    ]);
    expect((await total()) - before).toBe(240);
  });

  it('count for the project alone when their account is gone, or too many are waiting', async () => {
    const meter = createRequestMeter(stack.database, 1);
    meter.count(calendar.accountId, 'events.list');
    meter.count('00000000-0000-4000-8000-000000000000', 'events.list');
    meter.count(calendar.accountId, 'events.get');
    await meter.flush();
    expect(await counted()).toEqual([['acme', 'events.list', 1]]);
    expect(await total()).toBe(3);
  });
});

describe('a request of the API or the command line', () => {
  it('is counted before it is sent, and sent even if it cannot be counted', async () => {
    const meter = createImmediateMeter(stack.database);
    await meter.count(calendar.accountId, 'channels.stop');
    expect(await counted()).toEqual([['acme', 'channels.stop', 1]]);
    await stack.database.$executeRaw`alter table google_requests rename to elsewhere`;
    await meter.count(calendar.accountId, 'channels.stop');
    await stack.database.$executeRaw`alter table elsewhere rename to google_requests`;
    expect(await total()).toBe(1);
  });
});
