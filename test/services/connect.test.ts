import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConnectionRefusal } from '../../services/oauth/connection-error.ts';
import { beginConnection } from '../../services/oauth/begin-connection.ts';
import { readRedirect } from '../../services/oauth/redirect-answer.ts';
import { REQUIRED_SCOPES } from '../../services/oauth/scopes.ts';
import { InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { CALLER, consent, type ConsentStack, REDIRECT_URI, startConsentStack } from '../support/consent.ts';

const ADA = 'ada@example.com';
const MINUTE_MS = 60_000;

let stack: ConsentStack;
beforeAll(async () => {
  stack = await startConsentStack();
});
afterAll(() => stack.close());
afterEach(() => stack.google.admin.clearFaults());

const database = () => stack.context.database;
const stored = (id: string) => database().calendarAuthToken.findUniqueOrThrow({ where: { id } });
const refusedFor = (reason: ConnectionRefusal) => expect.objectContaining({ reason });
const accountsOf = (workspaceId: string) => database().calendarAuthToken.count({ where: { workspaceId } });

async function addUser(email = ADA): Promise<string> {
  await stack.google.admin.createUser({ email });
  return email;
}

/** A calendar of the account that has been synced. */
async function addSynced(workspaceId: string, accountId: string) {
  const { id } = await database().calendar.create({
    data: {
      workspaceId,
      accountId,
      googleCalendarId: randomUUID(),
      summary: 'Work',
      timeZone: 'UTC',
      accessRole: 'owner',
    },
  });
  await database().calendarSyncState.create({
    data: { calendarId: id, workspaceId, syncToken: 'token-1', nextSyncAt: null, failures: 3 },
  });
  return id;
}

describe('the address that a user consents at', () => {
  it('asks for the least scopes, offline, with PKCE, and shows neither workspace nor verifier', async () => {
    const url = new URL(await stack.begin('asks'));
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      access_type: 'offline',
      prompt: 'consent',
      response_type: 'code',
      client_id: 'almanac-dev',
      redirect_uri: REDIRECT_URI,
      scope: REQUIRED_SCOPES.join(' '),
      code_challenge_method: 'S256',
    });
    expect(query['code_challenge']).toMatch(/^[\w-]{43}$/);
    expect(query['state']).not.toContain('asks');
    const [attempt] = await database().connectAttempt.findMany({ where: { workspaceId: 'asks' } });
    const verifier = stack.context.tokenCipher.open(
      { keyId: attempt!.keyId, bytes: attempt!.codeVerifier },
      attempt!.id,
    );
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(query['code_challenge']);
    expect(url.href).not.toContain(verifier);
    expect(attempt!.expiresAt.getTime() - Date.now()).toBeGreaterThan(9.9 * MINUTE_MS);
    expect(attempt!.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(10 * MINUTE_MS);
  });

  it.each(['http://example.com/callback', 'https://u:p@example.com/', 'https://example.com/#x', 'nonsense'])(
    'never leads back to %s',
    async (redirectUri) => {
      const input = { workspaceId: 'asks', caller: CALLER, redirectUri };
      await expect(beginConnection(stack.context, input)).rejects.toThrow(InvalidInputError);
    },
  );

  it('is refused for an account that the workspace does not have', async () => {
    await addUser('carol@example.com');
    const { id } = await stack.connect('owner', 'carol@example.com');
    await expect(stack.begin('asks', { accountId: id })).rejects.toThrow(NotFoundError);
  });
});

describe('connecting an account', () => {
  it('stores its grant, sealed, under the address of its primary calendar', async () => {
    const account = await stack.connect('acme', ADA);
    expect(account).toMatchObject({ workspaceId: 'acme', email: ADA, status: 'connected' });
    const row = await stored(account.id);
    expect([...row.scopes].toSorted()).toEqual([...REQUIRED_SCOPES].toSorted());
    const sealed = { keyId: row.keyId, bytes: row.refreshToken };
    expect(stack.context.tokenCipher.open(sealed, account.id)).toMatch(/^1\/\//);
    expect(JSON.stringify(account)).not.toMatch(/1\/\/|ya29/);
    expect(await database().connectAttempt.count({ where: { workspaceId: 'acme' } })).toBe(0);
  });

  it('again replaces the grant of the same row, keeps sync tokens, and has everything due', async () => {
    const before = await stack.connect('again', ADA);
    const calendarId = await addSynced('again', before.id);
    const { refreshToken } = await stored(before.id);
    await database().calendarAuthToken.update({
      where: { id: before.id },
      data: { status: 'needs_reconnect' },
    });
    const url = await stack.begin('again', { accountId: before.id });
    // The account to be connected again is suggested to Google.
    const after = await stack.complete(await consent(url, {}));
    expect(after).toMatchObject({ id: before.id, status: 'connected' });
    expect((await stored(before.id)).refreshToken).not.toEqual(refreshToken);
    const state = await database().calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
    expect(state).toMatchObject({ syncToken: 'token-1', failures: 0, nextSyncAt: expect.any(Date) });
  });

  it('again refuses another address and keeps the grant that is there', async () => {
    const { id } = await stack.connect('strict', ADA);
    const before = await stored(id);
    const email = await addUser('bob@example.com');
    const url = await stack.begin('strict', { accountId: id });
    await expect(stack.complete(await consent(url, { email }))).rejects.toEqual(
      refusedFor(ConnectionRefusal.otherAccount),
    );
    expect(await stored(id)).toEqual(before);
    expect(await accountsOf('strict')).toBe(1);
  });

  it('names the scope that the user has unticked, and stores nothing', async () => {
    await addUser();
    const scopes = REQUIRED_SCOPES.filter((scope) => !scope.endsWith('events.readonly'));
    const redirect = await consent(await stack.begin('unticked'), { email: ADA, scopes });
    const refused = expect.objectContaining({
      reason: ConnectionRefusal.scopeMissing,
      message: expect.stringContaining('calendar.events.readonly'),
    });
    await expect(stack.complete(redirect)).rejects.toEqual(refused);
    expect(await accountsOf('unticked')).toBe(0);
  });

  it('distinguishes an unknown OAuth client from a failure of the user', async () => {
    await addUser();
    const redirect = await consent(await stack.begin('misconfigured'), { email: ADA });
    const { oauth } = stack.context;
    const secret = oauth.clientSecret;
    oauth.clientSecret = 'wrong';
    try {
      const refused = refusedFor(ConnectionRefusal.clientRejected);
      await expect(stack.complete(redirect)).rejects.toEqual(refused);
    } finally {
      oauth.clientSecret = secret;
    }
  });
});

describe('an attacker', () => {
  const begun = async (workspaceId: string) => {
    const url = await stack.begin(workspaceId);
    return { url, redirect: await consent(url, { email: await addUser() }) };
  };

  it('cannot forge a state, nor alter one', async () => {
    const { redirect } = await begun('forged');
    const state = redirect.searchParams.get('state')!;
    const middle = Math.floor(state.length / 2);
    const altered = state.slice(0, middle) + (state[middle] === 'A' ? 'B' : 'A') + state.slice(middle + 1);
    const row = await database().connectAttempt.findFirstOrThrow({ where: { workspaceId: 'forged' } });
    const { keyId } = stack.context.tokenCipher;
    // A value that is sealed with the right key, for another purpose.
    const other = `${keyId}.${Buffer.from(row.codeVerifier).toString('base64url')}`;
    for (const forged of [altered, row.id, `${keyId}.`, 'x', other, '0'.repeat(2_000)]) {
      redirect.searchParams.set('state', forged);
      await expect(stack.complete(redirect)).rejects.toEqual(refusedFor(ConnectionRefusal.stateForged));
    }
    redirect.searchParams.set('state', state);
    expect(await stack.complete(redirect)).toMatchObject({ email: ADA });
  });

  it('cannot replay a state, even where many try at once', async () => {
    const { redirect } = await begun('replayed');
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => stack.complete(redirect)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toEqual(Array.from({ length: 4 }, () => refusedFor(ConnectionRefusal.stateUsed)));
    await expect(stack.complete(redirect)).rejects.toEqual(refusedFor(ConnectionRefusal.stateUsed));
  });

  it('cannot use a state after ten minutes', async () => {
    const { redirect } = await begun('late');
    const late = { now: new Date(Date.now() + 10 * MINUTE_MS) };
    await expect(stack.complete(redirect, late)).rejects.toEqual(refusedFor(ConnectionRefusal.stateExpired));
    expect(await accountsOf('late')).toBe(0);
  });

  it('cannot bring the state of another workspace, or of another caller, and does not use it up', async () => {
    const { redirect } = await begun('victim');
    const refused = refusedFor(ConnectionRefusal.stateForeign);
    await expect(stack.complete(redirect, { workspaceId: 'attacker' })).rejects.toEqual(refused);
    await expect(stack.complete(redirect, { caller: 'the-session-of-another' })).rejects.toEqual(refused);
    expect(await stack.complete(redirect, { workspaceId: 'victim' })).toMatchObject({ email: ADA });
  });

  it('cannot inject a code of another sign-in', async () => {
    const { redirect } = await begun('injected');
    const attacker = await begun('attacker');
    redirect.searchParams.set('code', attacker.redirect.searchParams.get('code')!);
    await expect(stack.complete(redirect)).rejects.toEqual(refusedFor(ConnectionRefusal.codeRefused));
    expect(await accountsOf('injected')).toBe(0);
  });

  it('cannot redeem a code that was intercepted, for the verifier is missing', async () => {
    const { redirect } = await begun('intercepted');
    const response = await fetch(stack.context.oauth.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: redirect.searchParams.get('code')!,
        client_id: 'almanac-dev',
        client_secret: 'almanac-dev-secret',
        redirect_uri: REDIRECT_URI,
      }),
    });
    expect(response.status).toBe(400);
  });

  it('gains nothing by a verifier that is put in the place of ours', async () => {
    const { redirect } = await begun('replaced');
    const { id } = await database().connectAttempt.findFirstOrThrow({ where: { workspaceId: 'replaced' } });
    const { bytes } = stack.context.tokenCipher.seal('a'.repeat(43), 'another attempt');
    await database().connectAttempt.update({ where: { id }, data: { codeVerifier: bytes } });
    await expect(stack.complete(redirect)).rejects.toEqual(refusedFor(ConnectionRefusal.stateForged));
  });

  it('gets no token and no code into an error', async () => {
    const { redirect } = await begun('silent');
    const code = redirect.searchParams.get('code')!;
    const fault = { match: { pathContains: '/token' }, times: 9, status: 400, reason: 'invalid_grant' };
    await stack.google.admin.addFault(fault);
    const error: unknown = await stack.complete(redirect).catch((thrown: unknown) => thrown);
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(code);
  });
});

describe('a user who says no', () => {
  it('changes nothing, and the state has served', async () => {
    const account = await stack.connect('denied', ADA);
    const before = await stored(account.id);
    const redirect = await consent(await stack.begin('denied'), { denied: true });
    expect(redirect.searchParams.get('error')).toBe('access_denied');
    await expect(stack.complete(redirect)).rejects.toEqual(refusedFor(ConnectionRefusal.denied));
    await expect(stack.complete(redirect)).rejects.toEqual(refusedFor(ConnectionRefusal.stateUsed));
    expect(await stored(account.id)).toEqual(before);
  });

  it('is not believed without a state', () => {
    expect(readRedirect(new URLSearchParams('error=access_denied'))).toBeNull();
  });
});

it.each(['', 'state=s', 'state=s&code=', 'state=s&state=t&code=c', 'state=s&code=c&error=e', 'code=c'])(
  'a redirect with %j is no answer of Google’s',
  (query) => {
    expect(readRedirect(new URLSearchParams(query))).toBeNull();
  },
);

it('an unfinished sign-in is deleted with the next one', async () => {
  await stack.begin('forgotten');
  const where = { workspaceId: 'forgotten' };
  await database().connectAttempt.updateMany({ where, data: { expiresAt: new Date(Date.now() - 1) } });
  await stack.begin('asks');
  expect(await database().connectAttempt.count({ where })).toBe(0);
});
