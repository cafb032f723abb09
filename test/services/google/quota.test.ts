import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGoogleQuota, type RequestKind } from '../../../services/google/quota.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import { PriorityKey } from '../../../contracts/priorities.ts';
import { connectCalendar, type ConnectedCalendar } from '../../support/connected-calendar.ts';
import { pullAll, pullPage } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

/** A burst of ten, and 1.5 a second after it. */
const PER_MINUTE = 100;
/** A burst of four, and 36 a minute after it. */
const WRITES_PER_MINUTE = 40;
/** The burst of writes comes on top. */
const LIMITS = { project: 20 * PER_MINUTE, user: PER_MINUTE + 4, writes: WRITES_PER_MINUTE };

let stack: SyncStack;
beforeAll(async () => {
  stack = await startSyncStack({
    userRequestsPerMinute: LIMITS.user,
    userWritesPerMinute: LIMITS.writes,
  });
});
afterAll(() => stack.close());

let hers: ConnectedCalendar;
let his: ConnectedCalendar;
beforeEach(async () => {
  await stack.database.googleQuota.deleteMany();
  hers = await connectCalendar(stack);
  his = await connectCalendar(stack);
  await stack.database.googleQuota.deleteMany();
});

/** A worker process, as far as the quota can tell. */
function newWorker(priorityKey: number = PriorityKey.interactive) {
  return createGoogleQuota(stack.database, LIMITS, () => priorityKey);
}

async function takeMany(
  quota: ReturnType<typeof newWorker>,
  times: number,
  accountId = hers.accountId,
  kind: RequestKind = 'read',
) {
  const waits = await Promise.all(Array.from({ length: times }, () => quota.take(accountId, kind)));
  return waits.filter((wait) => wait === 0).length;
}

const listings = async (since: string) =>
  (await stack.google.requests({ since })).filter(({ path }) => path.endsWith('/events'));

describe('requests of activities beyond their first', () => {
  it('is one budget of the project for all workers, most of it for those who wait', async () => {
    const admitted = async (priorityKey: number) => {
      const workers = [newWorker(priorityKey), newWorker(priorityKey)];
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, index) => workers[index % 2]!.takeFurther()),
      );
      return taken.filter(Boolean).length;
    };
    expect(await admitted(PriorityKey.sweep)).toBe(5);
    expect(await admitted(PriorityKey.interactive)).toBe(5);
    expect(await takeMany(newWorker(), 1)).toBe(1);
  });

  it('is left to the next activity where that budget is spent', async () => {
    await stack.google.generateEvents(hers.google, { count: 12, recurringShare: 0, seed: 1 });
    await stack.google.setPageShape({ maxPageSize: 5 });
    const spentUntil = new Date(Date.now() + 30_000);
    await stack.database.googleQuota.create({ data: { scope: 'project/further', spentUntil } });
    const since = new Date().toISOString();
    const pulled = await pullPage(stack, hers.id, { pages: 20 });
    await stack.google.setPageShape({ maxPageSize: 2500 });
    expect(pulled).toMatchObject({ outcome: 'more', totals: { pages: 1 } });
    expect(await listings(since)).toHaveLength(1);
  });
});

describe("an account's quota", () => {
  it('is one budget for all workers', async () => {
    const admitted = await Promise.all([takeMany(newWorker(), 15), takeMany(newWorker(), 15)]);
    expect(admitted[0] + admitted[1]).toBe(10);
    const wait = await newWorker().take(hers.accountId, 'read');
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(667);
    expect(await takeMany(newWorker(), 1, his.accountId)).toBe(1);
  });

  it('goes to those who wait before the tick, and to the tick before a sweep', async () => {
    expect(await takeMany(newWorker(PriorityKey.sweep), 10)).toBe(5);
    expect(await takeMany(newWorker(PriorityKey.tick), 10)).toBe(2);
    expect(await takeMany(newWorker(PriorityKey.interactive), 10)).toBe(3);
  });

  it('is counted with the claim of a page, in no statement of its own', async () => {
    await pullAll(stack, hers.id);
    const { spentUntil } = await stack.database.googleQuota.findUniqueOrThrow({
      where: { scope: hers.accountId },
    });
    await pullAll(stack, hers.id);
    const later = await stack.database.googleQuota.findUniqueOrThrow({ where: { scope: hers.accountId } });
    expect(later.spentUntil.getTime()).toBeGreaterThan(spentUntil.getTime());
  });

  it('that is spent fails with the time at which to come back, and asks Google nothing', async () => {
    await stack.database.googleQuota.create({
      data: { scope: hers.accountId, spentUntil: new Date(Date.now() + 30_000) },
    });
    const since = new Date().toISOString();
    const failed = await pullPage(stack, hers.id).catch((error: unknown) => error);
    expect(failed).toMatchObject({ type: FailureType.googleRateLimited, nonRetryable: false });
    const { nextRetryDelay } = failed as { nextRetryDelay: number };
    expect(nextRetryDelay).toBeGreaterThan(20_000);
    expect(nextRetryDelay).toBeLessThan(40_000);
    expect(await listings(since)).toEqual([]);
    await pullAll(stack, his.id);
  });
});

describe("an account's writes", () => {
  const takeWrites = (times: number) => takeMany(newWorker(), times, hers.accountId, 'write');
  const spent = () => stack.database.googleQuota.findMany({ orderBy: { scope: 'asc' } });

  it('have a bucket of their own for all workers, which a storm of reads does not touch', async () => {
    expect(await takeMany(newWorker(), 30)).toBe(10);
    const admitted = await Promise.all([takeWrites(3), takeWrites(3)]);
    expect(admitted[0] + admitted[1]).toBe(4);
    const wait = await newWorker().take(hers.accountId, 'write');
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(1_667);
    expect(await takeMany(newWorker(), 1, his.accountId, 'write')).toBe(1);
  });

  it('count as requests of the account, for which its reads make room', async () => {
    expect(await takeWrites(8)).toBe(4);
    expect(await takeMany(newWorker(), 30)).toBe(6);
  });

  it('charge nothing when they have to wait', async () => {
    expect(await takeWrites(8)).toBe(4);
    const before = await spent();
    expect(await takeWrites(3)).toBe(0);
    expect(await spent()).toEqual(before);
  });

  it('wait for a block of the account or of the project', async () => {
    await newWorker().block(hers.accountId, 'user', 20_000);
    expect(await newWorker().take(hers.accountId, 'write')).toBeGreaterThan(19_000);
    await newWorker().block(his.accountId, 'project', 30_000);
    expect(await newWorker().take(hers.accountId, 'write')).toBeGreaterThan(29_000);
    const scopes = (await spent()).filter(({ spentUntil }) => spentUntil.getTime() > Date.now());
    expect(scopes).toEqual([]);
  });

  it('stay with the reads within the quota of the account, in any minute', async () => {
    const quota = newWorker();
    const startedAt = Date.now();
    const sent: { kind: RequestKind; atMs: number }[] = [];
    for (let atMs = 0; atMs <= 120_000; atMs += 1_000) {
      await stack.setClock(new Date(startedAt + atMs));
      // Writes begin when the account is busy already.
      const kinds: RequestKind[] = atMs < 59_000 ? ['read'] : ['read', 'write'];
      for (const kind of kinds)
        while ((await quota.take(hers.accountId, kind)) === 0) sent.push({ kind, atMs });
    }
    await stack.setClock(null);
    const within = (from: number) => sent.filter(({ atMs }) => atMs >= from && atMs < from + 60_000);
    const most = (kind?: RequestKind) =>
      Math.max(
        ...sent.map(
          ({ atMs }) => within(atMs).filter((one) => kind === undefined || one.kind === kind).length,
        ),
      );
    expect(most()).toBeLessThanOrEqual(LIMITS.user);
    expect(most()).toBeGreaterThan(0.9 * LIMITS.user);
    expect(most('write')).toBeLessThanOrEqual(LIMITS.writes);
    expect(most('write')).toBeGreaterThan(0.9 * LIMITS.writes);
  });
});

describe('a refusal by Google', () => {
  it.each([
    ['userRateLimitExceeded', 403],
    ['rateLimitExceeded', 403],
    ['rateLimitExceeded', 429],
  ])('for the rate (%s, %i) holds up that account and no other', async (reason, status) => {
    const match = { calendarId: hers.google };
    await stack.google.addFault({
      match,
      times: 1,
      status,
      reason,
      domain: 'usageLimits',
      retryAfterSeconds: 20,
    });
    await expect(pullPage(stack, hers.id)).rejects.toMatchObject({ type: FailureType.googleRateLimited });
    const since = new Date().toISOString();
    await expect(pullPage(stack, hers.id)).rejects.toMatchObject({
      message: expect.stringContaining('Google was not asked'),
    });
    expect(await listings(since)).toEqual([]);
    expect(await pullAll(stack, his.id)).toMatchObject({ outcome: 'done' });
  });

  it("for the project's daily limit holds up every account", async () => {
    await stack.google.addFault({
      match: { calendarId: hers.google },
      times: 1,
      status: 403,
      reason: 'dailyLimitExceeded',
      domain: 'usageLimits',
    });
    await expect(pullPage(stack, hers.id)).rejects.toMatchObject({ type: FailureType.googleRateLimited });
    await expect(pullPage(stack, his.id)).rejects.toMatchObject({ type: FailureType.googleRateLimited });
    expect(await newWorker().take(his.accountId, 'read')).toBeGreaterThan(0);
  });

  it('of a write for the usage limits holds up the writes of that account for an hour, and no reading', async () => {
    const quota = newWorker();
    const waitMs = await quota.block(hers.accountId, 'writes', undefined);
    expect(waitMs).toBeGreaterThan(3_590_000);
    expect(await quota.take(hers.accountId, 'write')).toBeGreaterThan(3_590_000);
    expect(await quota.take(hers.accountId, 'read')).toBe(0);
    expect(await quota.take(his.accountId, 'write')).toBe(0);
    expect(await pullAll(stack, hers.id)).toMatchObject({ outcome: 'done' });
  });

  it('is one strike for all requests in flight, and doubles the wait when it comes back', async () => {
    const quota = newWorker();
    const accountId = randomUUID();
    const first = await Promise.all([1, 2, 3].map(() => quota.block(accountId, 'user', undefined)));
    expect(Math.max(...first)).toBeLessThanOrEqual(1_001);
    const waits: number[] = [];
    for (let strike = 2; strike <= 9; strike += 1) {
      await stack.database.googleQuota.update({
        where: { scope: accountId },
        data: { blockedUntil: new Date(Date.now() - 1_000) },
      });
      waits.push(await quota.block(accountId, 'user', undefined));
    }
    const seconds = waits.map((wait) => Math.round(wait / 1_000));
    expect(seconds).toEqual([2, 4, 8, 16, 32, 64, 64, 64]);
  });

  it('is forgotten when none has followed it for a while', async () => {
    const quota = newWorker();
    await stack.database.googleQuota.create({
      data: { scope: hers.accountId, strikes: 6, blockedUntil: new Date(Date.now() - 180_000) },
    });
    expect(await quota.block(hers.accountId, 'user', undefined)).toBeLessThanOrEqual(1_001);
  });
});
