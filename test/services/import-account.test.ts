import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { disconnectAccount } from '../../services/accounts/disconnect-account.ts';
import { addAccount } from '../../services/accounts/accounts.ts';
import { importAccount } from '../../services/accounts/import-account.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import type { Database } from '../../prisma/client.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type ConsentStack, startConsentStack } from '../support/consent.ts';
import { runCli } from '../support/run-cli.ts';
import { connectTestTemporal } from '../support/temporal.ts';

let stack: ConsentStack;
let api: TestApi;
let database: Database;
let refreshToken: string;
let users = 0;
let email: string;

beforeAll(async () => {
  stack = await startConsentStack();
  ({ database } = stack.context);
  const { oauth } = stack.context;
  api = await startTestApi({
    stack: { prisma: database, temporal: await connectTestTemporal() },
    environment: {
      TOKEN_ENCRYPTION_KEY: [stack.encryptionKey],
      GOOGLE_CLIENT_ID: oauth.clientId,
      GOOGLE_CLIENT_SECRET: oauth.clientSecret,
      GOOGLE_API_ROOT_URL: oauth.apiRootUrl,
      GOOGLE_OAUTH_TOKEN_URL: oauth.tokenUrl,
      GOOGLE_OAUTH_REVOKE_URL: oauth.revokeUrl,
    },
  });
  for (const id of ['acme', 'beta']) await createWorkspace(database, { id, timeZone: 'UTC' });
});
afterAll(async () => {
  await api.close();
  await api.temporal.close();
  await stack.close();
});
beforeEach(async () => {
  users += 1;
  email = `user-${users}@example.com`;
  ({ refreshToken } = await stack.google.admin.createUser({ email }));
});
afterEach(() => stack.google.admin.clearFaults());

const rows = () => database.calendarAuthToken.findMany({ orderBy: { id: 'asc' } });
const post = async (workspaceId: string, body: object, key?: string) =>
  api.call(`/api/v1/workspaces/${workspaceId}/accounts`, { method: 'POST', body, ...(key && { key }) });
const remove = async (workspaceId: string, id: string, key?: string) =>
  api.call(`/api/v1/workspaces/${workspaceId}/accounts/${id}`, { method: 'DELETE', ...(key && { key }) });

/** Whether Google still gives access tokens for a grant. */
async function isAccepted(token: string): Promise<boolean> {
  const { tokenUrl, clientId, clientSecret } = stack.context.oauth;
  const form = {
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: clientId,
    client_secret: clientSecret,
  };
  return (await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) })).ok;
}

describe('a grant that is imported', () => {
  it('is stored under the address that Google names, with the access token it was verified with', async () => {
    const added = await post('acme', { email: ` ${email.toUpperCase()}`, refreshToken });
    expect(added).toMatchObject({ status: 201, body: { email, status: 'connected', mayWrite: true } });
    const row = await database.calendarAuthToken.findUniqueOrThrow({ where: { id: added.body.id } });
    expect(row.addressVerifiedAt).not.toBeNull();
    expect(row.accessToken).not.toBeNull();
    expect(row.scopes).toEqual(['https://www.googleapis.com/auth/calendar']);
    const sealed = { keyId: row.keyId, bytes: row.refreshToken };
    expect(stack.context.tokenCipher.open(sealed, row.id)).toBe(refreshToken);
  });

  it.each(['garbage', '1//0gOtherClient', 'sample-grant'])(
    'is refused where Google does not know %s',
    async (token) => {
      const before = await rows();
      const key = await api.createKey('acme');
      const refused = await post('acme', { email, refreshToken: token }, key);
      expect(refused).toMatchObject({ status: 400, body: { type: 'invalid-input', field: 'refreshToken' } });
      expect(JSON.stringify(refused.body)).not.toContain(token);
      expect(await rows()).toEqual(before);
    },
  );

  it('is refused under another address than its own, also that of an account which is there', async () => {
    const other = `other-${email}`;
    await stack.google.admin.createUser({ email: other });
    await stack.connect('beta', other);
    const before = await rows();
    for (const claimed of [other, `nobody-${email}`]) {
      const refused = await post('acme', { email: claimed, refreshToken });
      expect(refused).toMatchObject({ status: 400, body: { type: 'invalid-input', field: 'email' } });
      expect(JSON.stringify(refused.body)).not.toContain(email);
    }
    expect(await rows()).toEqual(before);
  });

  it('does not replace the grant of an account by one that is refused', async () => {
    await post('acme', { email, refreshToken });
    const before = await rows();
    expect((await post('acme', { email, refreshToken: 'garbage' })).status).toBe(400);
    expect(await rows()).toEqual(before);
  });

  it.each([
    ['the token endpoint', '/token', 503],
    ['the token endpoint for a while', '/token', 429],
    ['the calendar list', '/users/me/calendarList', 503],
  ])('waits for better days where %s does not answer', async (_name, pathContains, status) => {
    const before = await rows();
    await stack.google.admin.addFault({ match: { pathContains }, times: 20, status });
    const refused = await post('acme', { email, refreshToken });
    expect(refused).toMatchObject({ status: 503, headers: expect.anything() });
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(await rows()).toEqual(before);
  });

  it('waits for better days where nothing listens at all', async () => {
    const oauth = { ...stack.context.oauth, tokenUrl: 'http://127.0.0.1:9/token' };
    const importing = importAccount(
      { ...stack.context, oauth },
      { workspaceId: 'acme', email, refreshToken },
    );
    await expect(importing).rejects.toMatchObject({ name: 'ConnectionError', reason: 'google-failed' });
  });

  it('has to be of our OAuth client, and opens no dead letter where it is not', async () => {
    const oauth = { ...stack.context.oauth, clientId: 'another', clientSecret: 'secret' };
    const importing = importAccount(
      { ...stack.context, oauth },
      { workspaceId: 'acme', email, refreshToken },
    );
    await expect(importing).rejects.toMatchObject({ name: 'ConnectionError', reason: 'client-rejected' });
    expect(await database.deadLetter.count()).toBe(0);
  });

  it('asks Google once for each, in a workspace that is there', async () => {
    const since = new Date().toISOString();
    expect((await post('nowhere', { email, refreshToken })).status).toBe(404);
    expect(await stack.google.admin.requests({ since })).toEqual([]);
    await post('acme', { email, refreshToken });
    const made = await stack.google.admin.requests({ since });
    expect(made.map(({ path }) => path)).toEqual(['/token', '/calendar/v3/users/me/calendarList/primary']);
  });

  it('is verified by the command line as well', async () => {
    const { oauth } = stack.context;
    const env = {
      DATABASE_URL: stack.databaseUrl,
      TOKEN_ENCRYPTION_KEY: stack.encryptionKey,
      GOOGLE_CLIENT_ID: oauth.clientId,
      GOOGLE_CLIENT_SECRET: oauth.clientSecret,
      GOOGLE_API_ROOT_URL: oauth.apiRootUrl,
      GOOGLE_OAUTH_TOKEN_URL: oauth.tokenUrl,
    };
    const add = (address: string, input: string) =>
      runCli(['account', 'add', 'acme', '--email', address, '--refresh-token', '-'], { env, input });
    const before = await rows();
    const mistaken = await add(`nobody-${email}`, refreshToken);
    expect(mistaken).toMatchObject({ code: 2, stdout: '' });
    expect(mistaken.stderr).toContain('email must be the address');
    const refused = await add(email, 'garbage');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('refresh-token must be a refresh token that Google accepts');
    expect(await rows()).toEqual(before);
    expect(await add(email, refreshToken)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a grant that is given back', () => {
  it('is revoked although another workspace claims the same account without proof', async () => {
    const { id } = await stack.connect('beta', email);
    const account = await database.calendarAuthToken.findUniqueOrThrow({ where: { id } });
    const grant = stack.context.tokenCipher.open({ keyId: account.keyId, bytes: account.refreshToken }, id);
    // Like a row of an older version; current versions do not create such rows.
    await addAccount(stack.context, { workspaceId: 'acme', email, refreshToken: 'garbage' });
    expect(await remove('beta', id)).toMatchObject({ status: 200, body: { revocation: 'revoked' } });
    expect(await isAccepted(grant)).toBe(false);
  });

  it('is kept where another workspace has the account, which is for admins to know', async () => {
    const [one, two] = [await stack.connect('acme', email), await stack.connect('beta', email)];
    const key = await api.createKey('acme');
    const kept = await remove('acme', one.id, key);
    expect(kept).toMatchObject({ status: 200, body: { revocation: 'kept' } });
    expect(JSON.stringify(kept.body)).not.toMatch(/shared|another|beta/);
    const again = await stack.connect('acme', email);
    expect(await remove('acme', again.id)).toMatchObject({ status: 200, body: { revocation: 'shared' } });
    expect(await remove('beta', two.id)).toMatchObject({ status: 200, body: { revocation: 'revoked' } });
  });

  it('ends where the last two workspaces that have it let go of it at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const accounts = { acme: await stack.connect('acme', email), beta: await stack.connect('beta', email) };
      const { keyId, refreshToken: bytes } = await database.calendarAuthToken.findUniqueOrThrow({
        where: { id: accounts.beta.id },
      });
      const grant = stack.context.tokenCipher.open({ keyId, bytes }, accounts.beta.id);
      await Promise.all(
        Object.entries(accounts).map(([workspaceId, { id }]) =>
          disconnectAccount(
            { ...stack.context, google: stack.calendarApi, revokeUrl: stack.context.oauth.revokeUrl },
            { workspaceId, account: id },
          ),
        ),
      );
      expect(await isAccepted(grant)).toBe(false);
    }
  });
});
