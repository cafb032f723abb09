import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, signIn, start } from '../support/emulator/start.ts';

describe('quota windows', () => {
  it('refuse a user above the limit until a minute has passed', async () => {
    let nowMs = Date.parse('2026-03-01T00:00:00Z');
    const { emulator, api, admin } = await start({ now: () => new Date(nowMs) });
    await admin.setQuota({ perUserPerMinute: 2, status: 403 });
    const list = () => api.events.list({ calendarId: ADA });
    await list();
    nowMs += 30_000;
    await list();
    expect(await failureOf(list())).toMatchObject({ status: 403, reason: 'userRateLimitExceeded' });

    const bob = await admin.createUser({ email: 'bob@example.com' });
    const other = signIn(emulator.url, bob.refreshToken).api;
    expect((await other.events.list({ calendarId: 'primary' })).status).toBe(200);

    nowMs += 31_000;
    expect((await list()).status).toBe(200);
    expect(await failureOf(list())).toMatchObject({ status: 403 });
  });

  it('refuse all users of a project with 429 and Retry-After', async () => {
    const { emulator, api, admin } = await start();
    const bob = await admin.createUser({ email: 'bob@example.com' });
    await admin.setQuota({ perProjectPerMinute: 1, status: 429, retryAfterSeconds: 30 });
    await api.events.list({ calendarId: ADA });
    const other = signIn(emulator.url, bob.refreshToken).api;
    expect(await failureOf(other.events.list({ calendarId: 'primary' }))).toMatchObject({
      status: 429,
      reason: 'rateLimitExceeded',
      retryAfter: '30',
    });
  });
});
