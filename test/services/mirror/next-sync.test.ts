import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextSync, nextTick, nextTickAfterFailures } from '../../../services/mirror/next-sync.ts';
import { Prisma } from '../../../prisma/generated/client.ts';
import { type ClientFixture, createClientFixture } from '../../support/client-fixture.ts';

const FIRST_ID = '00000000-0000-4000-8000-000000000000';
const LAST_ID = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

let fixture: ClientFixture;

beforeAll(async () => {
  fixture = await createClientFixture();
  const { accountId } = await fixture.connect('acme');
  for (const id of [FIRST_ID, LAST_ID]) await fixture.addCalendar('acme', accountId, { id });
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
  const next = (minutes: number, calendarId: string, withPush = 360) => {
    const [plainMs, withPushMs] = [minutes * 60_000, withPush * 60_000];
    const settings = { plainMs, withPushMs, mostMs: 24 * 3_600_000, stretch: { quiet: 0, busy: 0 } };
    return at(
      '2026-01-05T09:07:00Z',
      Prisma.sql`(
        select next.due from calendar_sync_states s cross join lateral (${nextSync(settings, calendarId, false)}) next
        where s.calendar_id = ${calendarId}::uuid)`,
    );
  };

  it.each([
    [15, '2026-01-05T09:15:00.000Z'],
    [30, '2026-01-05T09:30:00.000Z'],
    [60, '2026-01-05T10:00:00.000Z'],
    [1_440, '2026-01-06T09:00:00.000Z'],
  ])('of a calendar that is polled every %i minutes is at %s', async (minutes, expected) => {
    expect(await next(minutes, FIRST_ID)).toBe(expected);
    expect(await next(minutes, LAST_ID)).toBe(expected);
  });

  it('is up to a quarter earlier where a push channel is live, so that calendars come back one by one', async () => {
    const expiresAt = new Date('2026-01-10T00:00:00Z');
    await fixture.prisma.watchChannel.createMany({
      data: [FIRST_ID, LAST_ID].map((calendarId) => ({ calendarId, status: 'live', expiresAt })),
    });
    expect(await next(15, FIRST_ID)).toBe('2026-01-05T15:00:00.000Z');
    expect(await next(15, LAST_ID)).toBe('2026-01-05T13:30:00.000Z');
    expect(await next(15, LAST_ID, 15)).toBe('2026-01-05T09:15:00.000Z');
  });
});
