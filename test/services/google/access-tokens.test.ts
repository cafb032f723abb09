import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAccessTokens } from '../../../services/google/access-tokens.ts';
import { createGoogleCalendar } from '../../../services/google/google-calendar.ts';
import { createGoogleQuota } from '../../../services/google/quota.ts';
import { noMetrics } from '../../../services/metrics.ts';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { PriorityKey } from '../../../contracts/priorities.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import type { Emulator } from '../../../emulator/create-emulator.ts';
import { addAccount } from '../../../services/accounts/accounts.ts';
import { createWorkspace } from '../../../services/workspaces.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestEmulator } from '../../support/emulator.ts';

const KEY = randomBytes(32).toString('base64');
const NEWER_KEY = randomBytes(32).toString('base64');
const EMAIL = 'ada@example.com';

let database: TestDatabase;
let google: Emulator;
let accountId: string;
let since: string;

beforeAll(async () => {
  [database, google] = await Promise.all([createTestDatabase(), startTestEmulator()]);
  await createWorkspace(database.prisma, { id: 'acme', timeZone: 'UTC' });
});
afterAll(async () => {
  await google.close();
  await database.drop();
});
beforeEach(async () => {
  const { refreshToken } = await google.admin.createUser({ email: EMAIL });
  const context = { database: database.prisma, tokenCipher: createTokenCipher([KEY]) };
  accountId = (await addAccount(context, { workspaceId: 'acme', email: EMAIL, refreshToken })).id;
  since = new Date().toISOString();
});
afterEach(() => google.admin.reset());

/** A process with its own memory. */
function newProcess({ keys = [KEY], clientSecret = 'almanac-dev-secret' } = {}) {
  const cipher = createTokenCipher(keys);
  const tokens = createAccessTokens(
    database.prisma,
    cipher,
    {
      clientId: 'almanac-dev',
      clientSecret,
      tokenUrl: `${google.url}/token`,
    },
    noMetrics,
  );
  const quota = createGoogleQuota(
    database.prisma,
    { project: 600_000, user: 60_000, writes: 60_000 },
    () => PriorityKey.tick,
  );
  const api = createGoogleCalendar(google.url, tokens, quota, noMetrics);
  return {
    cipher,
    async get(grant?: Awaited<ReturnType<typeof row>>) {
      return tokens.get({ ...(grant ?? (await row())), accountId });
    },
    async list(signal = AbortSignal.timeout(10_000)) {
      const grant = { ...(await row()), accountId };
      return api.call(grant, signal, 'calendarList.list', (calendar, options) =>
        calendar.calendarList.list({}, options),
      );
    },
  };
}

const row = () => database.prisma.calendarAuthToken.findUniqueOrThrow({ where: { id: accountId } });

async function requests(path: string): Promise<number> {
  return (await google.admin.requests({ since })).filter((request) => request.path.endsWith(path)).length;
}

const failsWith = (type: FailureType, more = {}) =>
  expect.objectContaining({ failure: expect.objectContaining({ type, ...more }) });

describe('an access token', () => {
  it(
    'is asked for again where the token endpoint has never answered',
    { tags: ['slow'], timeout: 60_000 },
    async () => {
      const worker = newProcess();
      await google.admin.addFault({ match: { pathContains: '/token' }, times: 1, hang: true });
      await expect(worker.get()).rejects.toEqual(failsWith(FailureType.googleUnavailable));
      expect(await worker.get()).toBeTruthy();
    },
  );

  it('is fetched once for callers side by side, and kept', async () => {
    const worker = newProcess();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => worker.get()));
    expect(new Set([...tokens, await worker.get()]).size).toBe(1);
    expect(await requests('/token')).toBe(1);
  });

  it('is stored sealed, for the other processes', async () => {
    const token = await newProcess().get();
    const { accessToken, accessTokenExpiresAt } = await row();
    expect(Buffer.from(accessToken!).toString('latin1')).not.toContain(token);
    expect(accessTokenExpiresAt!.getTime() - Date.now()).toBeGreaterThan(3_500_000);
    expect(await newProcess().get()).toBe(token);
    expect(await requests('/token')).toBe(1);
  });

  it('is replaced before it expires', async () => {
    const before = await newProcess().get();
    const soon = new Date(Date.now() + 59_000);
    await database.prisma.calendarAuthToken.update({
      where: { id: accountId },
      data: { accessTokenExpiresAt: soon },
    });
    expect(await newProcess().get()).not.toBe(before);
  });

  it('is not believed to live longer than Google lets any live', async () => {
    const before = await newProcess().get();
    await database.prisma.calendarAuthToken.update({
      where: { id: accountId },
      data: { accessTokenExpiresAt: new Date(Date.now() + 2 * 86_400_000) },
    });
    expect(await newProcess().get()).not.toBe(before);
  });

  it.each([2, -2, 200, -200])('is used by a process whose clock is off by %i days', async (days) => {
    const token = await newProcess().get();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
    try {
      expect(await newProcess().get()).toBe(token);
    } finally {
      vi.useRealTimers();
    }
    expect(await requests('/token')).toBe(1);
  });

  it('of one account is no other’s', async () => {
    const worker = newProcess();
    const token = await worker.get();
    const { refreshToken } = await google.admin.createUser({ email: 'bob@example.com' });
    const context = { database: database.prisma, tokenCipher: worker.cipher };
    const bob = await addAccount(context, { workspaceId: 'acme', email: 'bob@example.com', refreshToken });
    accountId = bob.id;
    expect(await worker.get()).not.toBe(token);
  });
});

describe('a grant that is replaced while its access token is refreshed', () => {
  /** Starts the refresh, which Google takes its time for, and connects the account again meanwhile. */
  async function overtake(worker: ReturnType<typeof newProcess>) {
    const old = await row();
    await google.admin.addFault({ match: { pathContains: '/token' }, times: 1, delayMs: 300 });
    const refreshing = worker.get(old).catch((error: unknown) => error);
    const { refreshToken } = await google.admin.createUser({ email: EMAIL });
    const context = { database: database.prisma, tokenCipher: worker.cipher };
    await addAccount(context, { workspaceId: 'acme', email: EMAIL, refreshToken });
    return { refreshing };
  }

  it('leaves nothing of its own with the new one', async () => {
    const worker = newProcess();
    const { refreshing } = await overtake(worker);
    const token = await refreshing;
    expect(await row()).toMatchObject({ accessToken: null });
    expect(await worker.get()).not.toBe(token);
  });

  it('is refused for itself alone', async () => {
    const worker = newProcess();
    await google.admin.revokeGrant(EMAIL);
    const { refreshing } = await overtake(worker);
    expect(await worker.get()).toBeTypeOf('string');
    expect(await refreshing).toEqual(failsWith(FailureType.googleAuthRevoked));
  });
});

describe('a 401', () => {
  it('refreshes the token once and repeats the call', async () => {
    const worker = newProcess();
    const before = await worker.get();
    await google.admin.expireAccessTokens(EMAIL);
    expect(await worker.list()).toMatchObject({ items: [{ id: EMAIL }] });
    expect(await worker.get()).not.toBe(before);
    expect(await requests('/token')).toBe(2);
    expect(await requests('/calendarList')).toBe(2);
  });

  it('that comes again says nothing of the consent, and has the token replaced once in a while only', async () => {
    const pathContains = 'calendarList';
    await database.prisma.calendarAuthToken.updateMany({ data: { refreshForcedAt: null } });
    await google.admin.addFault({ match: { pathContains }, times: 50, status: 401, reason: 'authError' });
    const refused = failsWith(FailureType.googleTokenRefused, { status: 401 });
    await expect(newProcess().list()).rejects.toEqual(refused);
    expect(await requests('/calendarList')).toBe(2);
    const before = await requests('/token');
    const worker = newProcess();
    for (let index = 0; index < 5; index += 1) await expect(worker.list()).rejects.toEqual(refused);
    expect(await requests('/token')).toBe(before);
    await database.prisma.$executeRaw`
      update calendar_auth_tokens set refresh_forced_at = refresh_forced_at - interval '31 seconds'`;
    await expect(worker.list()).rejects.toEqual(refused);
    expect(await requests('/token')).toBe(before + 1);
    await google.admin.clearFaults();
    expect(await worker.list()).toMatchObject({ items: [{ id: EMAIL }] });
  });
});

describe('the token endpoint', () => {
  it('says that consent is revoked', async () => {
    await google.admin.revokeGrant(EMAIL);
    const failed = failsWith(FailureType.googleAuthRevoked, { status: 400, reason: 'invalid_grant' });
    await expect(newProcess().list()).rejects.toEqual(failed);
  });

  it('says that it does not know our client', async () => {
    const failed = failsWith(FailureType.googleClientRejected, { reason: 'invalid_client' });
    await expect(newProcess({ clientSecret: 'wrong' }).list()).rejects.toEqual(failed);
  });

  it.each([500, 503])('may fail for a while with %i', async (status) => {
    const fault = { match: { pathContains: '/token' }, times: 10, status, reason: 'internal_failure' };
    await google.admin.addFault(fault);
    const worker = newProcess();
    await expect(worker.list()).rejects.toEqual(failsWith(FailureType.googleUnavailable, { status }));
    await google.admin.clearFaults();
    expect(await worker.list()).toMatchObject({ items: [{ id: EMAIL }] });
  });

  it('lets no token into an error', async () => {
    await google.admin.revokeGrant(EMAIL);
    const worker = newProcess();
    const { refreshToken } = await row();
    const secret = worker.cipher.open(
      { keyId: worker.cipher.keyId, bytes: new Uint8Array(refreshToken) },
      accountId,
    );
    const error: unknown = await worker.list().catch((thrown: unknown) => thrown);
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  });
});

describe('a key that was rotated', () => {
  it('still opens what it sealed, and nothing is sealed with a key that the row does not name', async () => {
    const worker = newProcess({ keys: [NEWER_KEY, KEY] });
    expect(await worker.list()).toMatchObject({ items: [{ id: EMAIL }] });
    const token = await worker.get();
    expect(await row()).toMatchObject({ keyId: createTokenCipher([KEY]).keyId });
    expect(await newProcess().get()).toBe(token);
  });

  it('that is missing is named, and no token with it', async () => {
    await expect(newProcess({ keys: [NEWER_KEY] }).list()).rejects.toMatchObject({
      type: FailureType.tokenUndecryptable,
      nonRetryable: true,
      message: expect.stringContaining(createTokenCipher([KEY]).keyId),
    });
  });
});

it('a call that is cancelled is no failure of Google', async () => {
  const worker = newProcess();
  await worker.get();
  await google.admin.addFault({ match: { pathContains: 'calendarList' }, times: 1, hang: true });
  await expect(worker.list(AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'TimeoutError' });
});
