import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextSync, nextTick, nextTickAfterFailures } from '../../../services/mirror/next-sync.ts';
import { Prisma } from '../../../prisma/generated/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let fixture: TestDatabase;

beforeAll(async () => {
  fixture = await createTestDatabase();
});
afterAll(() => fixture.drop());

/** Value of an expression at a time of Postgres's clock. */
async function at(clock: string, expression: Prisma.Sql): Promise<string> {
  const strings = expression.strings.map((text) => text.replaceAll('now()', `timestamptz '${clock}'`));
  const moved = new Prisma.Sql(strings, expression.values);
  const [row] = await fixture.prisma.$queryRaw<{ instant: Date }[]>`select ${moved} as instant`;
  return row!.instant.toISOString();
}

describe('the next tick', () => {
  it.each([
    ['2026-01-05T09:00:00.000Z', '2026-01-05T09:15:00.000Z'],
    ['2026-01-05T09:00:00.001Z', '2026-01-05T09:15:00.000Z'],
    ['2026-01-05T09:14:59.999Z', '2026-01-05T09:15:00.000Z'],
    ['2026-01-05T23:59:00.000Z', '2026-01-06T00:00:00.000Z'],
  ])('after %s is %s', async (now, expected) => {
    expect(await at(now, nextTick(Prisma.sql`now()`))).toBe(expected);
  });

  it.each([
    [0, '2026-01-05T09:15:00.000Z'],
    [1, '2026-01-05T09:15:00.000Z'],
    [2, '2026-01-05T09:30:00.000Z'],
    [3, '2026-01-05T10:00:00.000Z'],
    [5, '2026-01-05T13:00:00.000Z'],
    [6, '2026-01-05T15:00:00.000Z'],
    [1_000, '2026-01-05T15:00:00.000Z'],
  ])('after %i failures in a row is %s', async (times, expected) => {
    expect(await at('2026-01-05T09:07:00Z', nextTickAfterFailures(times))).toBe(expected);
  });
});

describe('the next sync', () => {
  const FIRST_ID = '00000000-0000-4000-8000-000000000000';
  const LAST_ID = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
  const next = (minutes: number, calendarId: string, which: 'plain' | 'withPush') => {
    const ms = minutes * 60_000;
    return at('2026-01-05T09:07:00Z', nextSync({ plainMs: ms, withPushMs: ms }, calendarId)[which]);
  };

  it.each([
    [15, '2026-01-05T09:15:00.000Z'],
    [30, '2026-01-05T09:30:00.000Z'],
    [60, '2026-01-05T10:00:00.000Z'],
    [1_440, '2026-01-06T09:00:00.000Z'],
  ])('of a calendar that is polled every %i minutes is at %s', async (minutes, expected) => {
    expect(await next(minutes, FIRST_ID, 'plain')).toBe(expected);
    expect(await next(minutes, LAST_ID, 'plain')).toBe(expected);
  });

  it('is up to a quarter earlier where a push channel is live, so that calendars come back one by one', async () => {
    expect(await next(360, FIRST_ID, 'withPush')).toBe('2026-01-05T15:00:00.000Z');
    expect(await next(360, LAST_ID, 'withPush')).toBe('2026-01-05T13:30:00.000Z');
    expect(await next(15, LAST_ID, 'withPush')).toBe('2026-01-05T09:15:00.000Z');
  });
});
