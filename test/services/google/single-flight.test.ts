import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAccessTokens } from '../../../services/google/access-tokens.ts';
import type { SealedGrant } from '../../../services/google/sealed-grant.ts';
import { releaseLease, takeLease } from '../../../services/google/refresh-lease.ts';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { noMetrics } from '../../../services/metrics.ts';
import { addAccount } from '../../../services/accounts/accounts.ts';
import { createWorkspace } from '../../../services/workspaces.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import type { Emulator } from '../../../emulator/create-emulator.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestEmulator } from '../../support/emulator.ts';

const KEY = randomBytes(32).toString('base64');
const EMAIL = 'ada@example.com';
/** Longer than any process takes to see that another one has the lease. */
const SLOW_ANSWER_MS = 600;

let database: TestDatabase;
let google: Emulator;
let accountId: string;

beforeAll(async () => {
  [database, google] = await Promise.all([createTestDatabase(), startTestEmulator()]);
  await createWorkspace(database.prisma, { id: 'acme', timeZone: 'UTC' });
});
afterAll(async () => {
  await google.close();
  await database.drop();
});
beforeEach(() => connect());
afterEach(() => google.admin.reset());

async function connect(): Promise<void> {
  const { refreshToken } = await google.admin.createUser({ email: EMAIL });
  const context = { database: database.prisma, tokenCipher: createTokenCipher([KEY]) };
  accountId = (await addAccount(context, { workspaceId: 'acme', email: EMAIL, refreshToken })).id;
}

/** Access tokens of a process with its own memory. */
const newProcess = () =>
  createAccessTokens(
    database.prisma,
    createTokenCipher([KEY]),
    { clientId: 'almanac-dev', clientSecret: 'almanac-dev-secret', tokenUrl: `${google.url}/token` },
    noMetrics,
  );

const processes = (count: number) => Array.from({ length: count }, newProcess);

async function grant(): Promise<SealedGrant> {
  const row = await database.prisma.calendarAuthToken.findUniqueOrThrow({ where: { id: accountId } });
  return { ...row, accountId };
}

/** Requests to the token endpoint while `work` runs. */
async function counted<T>(work: () => Promise<T>): Promise<{ result: T; requests: number }> {
  const since = new Date().toISOString();
  const result = await work();
  const made = await google.admin.requests({ since });
  return { result, requests: made.filter(({ path }) => path.endsWith('/token')).length };
}

const delay = (delayMs: number) =>
  google.admin.addFault({ match: { pathContains: '/token' }, times: 1, delayMs });

describe('processes that need a token of one account at once', () => {
  it('ask Google once between them', async () => {
    await delay(SLOW_ANSWER_MS);
    const row = await grant();
    const { result, requests } = await counted(() => Promise.all(processes(5).map((one) => one.get(row))));
    expect(requests).toBe(1);
    expect(new Set(result).size).toBe(1);
  });

  it('ask once more when Google has rejected that token, whichever of them notices', async () => {
    const [one, two] = [newProcess(), newProcess()];
    const rejected = await one.get(await grant());
    expect(await two.get(await grant())).toBe(rejected);
    await delay(SLOW_ANSWER_MS);
    const row = await grant();
    const { result, requests } = await counted(() =>
      Promise.all([one.get(row, rejected), two.get(row, rejected)]),
    );
    expect(requests).toBe(1);
    expect(result[0]).toBe(result[1]);
    expect(result).not.toContain(rejected);
  });

  it('are all told that consent is revoked, without waiting for each other', async () => {
    await google.admin.revokeGrant(EMAIL);
    const row = await grant();
    const startedAt = Date.now();
    const failures = await Promise.all(
      processes(3).map((one) => one.get(row).catch((error: unknown) => error)),
    );
    const revoked = expect.objectContaining({ type: FailureType.googleAuthRevoked });
    expect(failures).toEqual(Array.from(failures, () => expect.objectContaining({ failure: revoked })));
    expect(Date.now() - startedAt).toBeLessThan(4_000);
  });

  it('hold up no other account', async () => {
    const { refreshToken } = await google.admin.createUser({ email: 'bob@example.com' });
    const context = { database: database.prisma, tokenCipher: createTokenCipher([KEY]) };
    const bob = await addAccount(context, { workspaceId: 'acme', email: 'bob@example.com', refreshToken });
    const row = await database.prisma.calendarAuthToken.findUniqueOrThrow({ where: { id: bob.id } });
    const lease = await takeLease(database.prisma, await grant());
    let isWaiting = true;
    const waiting = newProcess()
      .get(await grant())
      .finally(() => (isWaiting = false));
    expect(await newProcess().get({ ...row, accountId: bob.id })).toBeTypeOf('string');
    expect(isWaiting).toBe(true);
    await releaseLease(database.prisma, accountId, lease!);
    await waiting;
  });
});

describe('a process that dies while it asks', () => {
  it('delays the others by a few seconds', { tags: ['slow'] }, async () => {
    expect(await takeLease(database.prisma, await grant())).toBeInstanceOf(Date);
    const startedAt = Date.now();
    const { requests } = await counted(async () => newProcess().get(await grant()));
    expect(requests).toBe(1);
    expect(Date.now() - startedAt).toBeGreaterThan(4_000);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  it('delays no process once the account is connected again', async () => {
    await takeLease(database.prisma, await grant());
    await connect();
    const startedAt = Date.now();
    await newProcess().get(await grant());
    expect(Date.now() - startedAt).toBeLessThan(4_000);
  });
});

it('a lease is held by one, until it is used', async () => {
  const row = await grant();
  const leases = await Promise.all(Array.from({ length: 8 }, () => takeLease(database.prisma, row)));
  expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
  await database.prisma.calendarAuthToken.update({
    where: { id: accountId },
    data: { refreshingUntil: null, accessToken: new Uint8Array([1]), accessTokenExpiresAt: new Date() },
  });
  expect(await takeLease(database.prisma, row)).toBeNull();
});
