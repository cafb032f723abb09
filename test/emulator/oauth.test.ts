import { CodeChallengeMethod } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, oauthClient, signIn, start } from '../support/emulator/start.ts';

const REDIRECT = 'http://127.0.0.1:9/callback';
const CALENDAR = 'https://www.googleapis.com/auth/calendar';

async function consent(url: string): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location')!);
}

describe('OAuth', () => {
  it('exchanges a code with PKCE for a refresh token that works', async () => {
    const { emulator } = await start();
    const client = oauthClient(emulator.url, REDIRECT);
    const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
    const url = client.generateAuthUrl({
      access_type: 'offline',
      prompt: 'consent',
      scope: [CALENDAR],
      state: 's1',
      login_hint: ADA,
      code_challenge: codeChallenge!,
      code_challenge_method: CodeChallengeMethod.S256,
    });
    const back = await consent(url);
    expect(back.searchParams.get('state')).toBe('s1');
    const { tokens } = await client.getToken({ code: back.searchParams.get('code')!, codeVerifier });
    expect(tokens).toMatchObject({
      scope: CALENDAR,
      token_type: 'Bearer',
      refresh_token: expect.any(String),
    });
    const { api } = signIn(emulator.url, tokens.refresh_token!);
    expect((await api.calendars.get({ calendarId: 'primary' })).data.id).toBe(ADA);

    const again = await consent(url);
    const code = again.searchParams.get('code')!;
    const wrong = await failureOf(client.getToken({ code, codeVerifier: 'wrong' }));
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('gives a refresh token on later consents only when consent is prompted', async () => {
    const { emulator } = await start();
    const client = oauthClient(emulator.url, REDIRECT);
    const back = await consent(
      client.generateAuthUrl({ access_type: 'offline', scope: CALENDAR, login_hint: ADA }),
    );
    const { tokens } = await client.getToken(back.searchParams.get('code')!);
    expect(tokens.access_token).toBeTypeOf('string');
    expect(tokens.refresh_token).toBeUndefined();
  });

  it('lets a person pick a user, and takes no for an answer', async () => {
    const { emulator } = await start();
    const url = oauthClient(emulator.url, REDIRECT).generateAuthUrl({ scope: CALENDAR });
    const page = await (await fetch(url)).text();
    expect(page).toContain('ada@example.com');
    const denied = await consent(`${url}&approve=denied`);
    expect(denied.searchParams.get('error')).toBe('access_denied');
  });

  it('refreshes without a new refresh token and answers 401 for an expired access token', async () => {
    let nowMs = Date.parse('2026-03-01T00:00:00Z');
    const { api, auth, admin } = await start({ now: () => new Date(nowMs), accessTokenTtlSeconds: 60 });
    const { credentials } = await auth.refreshAccessToken();
    expect(credentials.refresh_token).toBe(auth.credentials.refresh_token);
    auth.setCredentials({ access_token: credentials.access_token!, expiry_date: Date.now() + 3_600_000 });
    await api.events.list({ calendarId: ADA });
    nowMs += 61_000;
    const expired = { status: 401, code: 401, reason: 'authError', location: 'Authorization' };
    expect(await failureOf(api.events.list({ calendarId: ADA }))).toMatchObject(expired);
    await admin.expireAccessTokens();
  });

  it('answers invalid_grant after the user revoked, or the client did', async () => {
    const { emulator, admin, auth, refreshToken } = await start();
    await admin.revokeGrant(ADA);
    const revoked = { status: 400, body: { error: 'invalid_grant' } };
    expect(await failureOf(auth.getAccessToken())).toMatchObject(revoked);
    expect(await failureOf(signIn(emulator.url, refreshToken).auth.getAccessToken())).toMatchObject(revoked);

    const other = await admin.createUser({ email: 'bob@example.com' });
    const bob = signIn(emulator.url, other.refreshToken);
    await bob.auth.getAccessToken();
    await bob.auth.revokeToken(other.refreshToken);
    expect(await failureOf(signIn(emulator.url, other.refreshToken).auth.getAccessToken())).toMatchObject(
      revoked,
    );

    const third = await admin.createUser({ email: 'eve@example.com' });
    const body = new URLSearchParams({ token: third.refreshToken });
    expect((await fetch(`${emulator.url}/revoke`, { method: 'POST', body })).status).toBe(200);
    expect(await failureOf(signIn(emulator.url, third.refreshToken).auth.getAccessToken())).toMatchObject(
      revoked,
    );
  });

  it('answers invalid_client for a wrong secret', async () => {
    const { emulator, refreshToken } = await start();
    const response = await fetch(`${emulator.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'almanac-dev',
        client_secret: 'wrong',
        refresh_token: refreshToken,
      }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('refuses a write with a read-only scope', async () => {
    const { emulator, admin } = await start();
    const { refreshToken } = await admin.createUser({
      email: 'bob@example.com',
      scopes: [`${CALENDAR}.events.readonly`],
    });
    const { api, auth } = signIn(emulator.url, refreshToken);
    expect((await api.events.list({ calendarId: 'primary' })).status).toBe(200);
    const insert = api.events.insert({ calendarId: 'primary', requestBody: hour('2026-03-02T09:00:00Z') });
    expect(await failureOf(insert)).toMatchObject({ status: 403, reason: 'insufficientPermissions' });
    expect(await failureOf(api.calendarList.list())).toMatchObject({ status: 403 });
    const { token } = await auth.getAccessToken();
    expect((await auth.getTokenInfo(token!)).scopes).toEqual([`${CALENDAR}.events.readonly`]);
  });
});
