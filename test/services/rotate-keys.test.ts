import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAccessTokens } from '../../services/google/access-tokens.ts';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { noMetrics } from '../../services/metrics.ts';
import { addAccount } from '../../services/accounts/accounts.ts';
import { disconnectAccount } from '../../services/accounts/disconnect-account.ts';
import { rotateKeys, type RotationProgress } from '../../services/keys/rotate-keys.ts';
import {
  beginBrowserConnection,
  comeBack,
  openTicket,
  redeemConnection,
} from '../../services/oauth/browser-connection.ts';
import { readRedirect } from '../../services/oauth/redirect-answer.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { consent, type ConsentStack, startConsentStack } from '../support/consent.ts';
import { runCli } from '../support/run-cli.ts';

const [OLD, NEW] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const [oldCipher, newCipher] = [createTokenCipher([OLD]), createTokenCipher([NEW])];
const both = createTokenCipher([NEW, OLD]);

let stack: ConsentStack;
beforeAll(async () => {
  stack = await startConsentStack();
  for (const id of ['acme', 'globex']) await createWorkspace(stack.context.database, { id, timeZone: 'UTC' });
});
afterAll(() => stack.close());
beforeEach(async () => {
  await stack.google.admin.reset();
  await stack.context.database.calendarAuthToken.deleteMany();
});

const database = () => stack.context.database;
const rows = () => database().calendarAuthToken.findMany({ orderBy: { id: 'asc' } });

/** Accounts under the old key, in one workspace or two: each may have a hundred. */
async function addAccounts(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const workspaceId = index < 100 ? 'acme' : 'globex';
    const email = `user-${index}@example.com`;
    const { refreshToken } = await stack.google.admin.createUser({ email });
    await addAccount({ database: database(), tokenCipher: oldCipher }, { workspaceId, email, refreshToken });
  }
}

/** Access tokens of a worker that has been restarted with both keys. */
const newWorker = () =>
  createAccessTokens(
    database(),
    both,
    {
      clientId: 'almanac-dev',
      clientSecret: 'almanac-dev-secret',
      tokenUrl: stack.context.oauth.tokenUrl,
    },
    noMetrics,
  );

const rotate = (tokenCipher = both, onProgress?: (progress: RotationProgress) => void) =>
  rotateKeys({ database: database(), tokenCipher, onProgress });

describe('a rotation', () => {
  it('seals every token with the newest key, so that the old one can go', async () => {
    await addAccounts(3);
    const worker = newWorker();
    const [first] = await rows();
    const token = await worker.get({ ...first!, accountId: first!.id });
    const grants = (await rows()).map((row) =>
      oldCipher.open({ keyId: row.keyId, bytes: row.refreshToken }, row.id),
    );
    expect(await rotate()).toEqual({ keyId: newCipher.keyId, sealed: 3, left: 0, missingKeyIds: [] });
    const after = await rows();
    expect(after.map((row) => newCipher.open({ keyId: row.keyId, bytes: row.refreshToken }, row.id))).toEqual(
      grants,
    );
    const { id, keyId, accessToken } = after[0]!;
    expect(newCipher.open({ keyId, bytes: accessToken! }, id)).toBe(token);
    expect(await rotate(newCipher)).toMatchObject({ sealed: 0, left: 0 });
  });

  it('goes on where another one was cut short, batch after batch', async () => {
    await addAccounts(120);
    const seen: RotationProgress[] = [];
    const cut = rotate(both, (progress) => {
      seen.push(progress);
      throw new Error('killed');
    });
    await expect(cut).rejects.toThrow('killed');
    expect(seen).toEqual([{ sealed: 100, total: 120 }]);
    expect(await rotate()).toMatchObject({ sealed: 20, left: 0 });
  });

  it('loses no token that is refreshed meanwhile, and workers go on all the while', async () => {
    await addAccounts(30);
    const accounts = await rows();
    const workers = [newWorker(), newWorker()];
    const refreshing = accounts.flatMap((account) =>
      workers.map((worker) => worker.get({ ...account, accountId: account.id })),
    );
    const rotating = rotate();
    const tokens = await Promise.all(refreshing);
    expect(await rotating).toMatchObject({ sealed: 30, left: 0 });
    const after = await rows();
    const kept = after.map((row) => newCipher.open({ keyId: row.keyId, bytes: row.accessToken! }, row.id));
    expect(kept).toEqual(tokens.filter((_, index) => index % workers.length === 0));
    expect(kept).toEqual(tokens.filter((_, index) => index % workers.length === 1));
  });

  it('leaves what no key opens, and names the key', async () => {
    await addAccounts(2);
    expect(await rotate(newCipher)).toEqual({
      keyId: newCipher.keyId,
      sealed: 0,
      left: 2,
      missingKeyIds: [oldCipher.keyId],
    });
    expect((await rows()).every(({ keyId }) => keyId === oldCipher.keyId)).toBe(true);
  });

  it('has nothing to do with accounts that are disconnected', async () => {
    await addAccounts(1);
    const [account] = await rows();
    const { revokeUrl } = stack.context.oauth;
    await disconnectAccount(
      { database: database(), google: stack.calendarApi, tokenCipher: both, revokeUrl },
      { workspaceId: 'acme', account: account!.id },
    );
    expect(await rotate()).toMatchObject({ sealed: 0, left: 0, missingKeyIds: [] });
  });

  it('lets a sign-in that has begun come to its end', async () => {
    const email = 'late@example.com';
    await stack.google.admin.createUser({ email });
    stack.context.tokenCipher = oldCipher;
    const redirect = await consent(await stack.begin('acme'), { email });
    expect(await rotate()).toMatchObject({ sealed: 1, left: 0 });
    stack.context.tokenCipher = both;
    const { id } = await stack.complete(redirect);
    const row = await database().calendarAuthToken.findUniqueOrThrow({ where: { id } });
    expect(row.keyId).toBe(newCipher.keyId);
  });

  it('keeps what a user brings to the product redeemable', async () => {
    const email = 'returning@example.com';
    const returnUrl = 'https://app.example.com/';
    await stack.google.admin.createUser({ email });
    const publicUrl = 'https://almanac.example.com';
    const context = { ...stack.context, publicUrl, returnOrigins: [new URL(returnUrl).origin] };
    const before = { ...context, tokenCipher: oldCipher };
    const begun = await beginBrowserConnection(before, { workspaceId: 'acme', returnUrl });
    const opened = await openTicket(before, new URL(begun.url).searchParams.get('ticket') ?? '');
    const answer = readRedirect((await consent(opened.url, { email })).searchParams);
    const back = await comeBack(before, answer!, () => opened.browser);
    expect(await rotate()).toMatchObject({ sealed: 1, left: 0 });
    const goOnTo = 'goOnTo' in back ? back.goOnTo : '';
    const connection = new URL(goOnTo).searchParams.get('connection') ?? '';
    const after = { ...context, tokenCipher: newCipher };
    expect(await redeemConnection(after, { workspaceId: 'acme', connection })).toMatchObject({ email });
  });
});

describe('almanac encryption-key rotate', () => {
  const run = (keys: string[], ...args: string[]) =>
    runCli(['encryption-key', 'rotate', ...args], {
      env: { DATABASE_URL: stack.databaseUrl, TOKEN_ENCRYPTION_KEY: keys.join(',') },
    });

  it('says that the old key can be removed, and how far it is', async () => {
    await addAccounts(2);
    const { code, stdout, stderr } = await run([NEW, OLD]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '2 of 2 encrypted anew\n' });
    expect(stdout).toMatch(/^2 rows were encrypted anew with key \w{8}\.\nNo row needs an older key/);
  });

  it('exits with 1 where a key is missing', async () => {
    await addAccounts(1);
    const { code, stdout, stderr } = await run([NEW], '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ sealed: 0, left: 1, missingKeyIds: [oldCipher.keyId] });
    expect(stderr).toContain(oldCipher.keyId);
    expect(stdout + stderr).not.toContain(NEW);
  });
});
