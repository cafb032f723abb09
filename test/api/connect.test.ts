import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import type { Emulator } from '../../emulator/create-emulator.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { consent } from '../support/consent.ts';
import { startTestEmulator } from '../support/emulator.ts';

const PUBLIC_URL = 'https://almanac.example.com';
const RETURN_URL = 'https://app.example.com/settings?tab=calendars';

let google: Emulator;
let api: TestApi;
/** The API's clock, ahead of the system's. */
let aheadMs = 0;

beforeAll(async () => {
  google = await startTestEmulator();
  api = await startTestApi({
    environment: {
      PUBLIC_URL,
      API_RETURN_ORIGINS: ['https://app.example.com'],
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
      GOOGLE_API_ROOT_URL: google.url,
      GOOGLE_OAUTH_AUTH_URL: `${google.url}/o/oauth2/v2/auth`,
      GOOGLE_OAUTH_TOKEN_URL: `${google.url}/token`,
      GOOGLE_OAUTH_REVOKE_URL: `${google.url}/revoke`,
    },
    dependencies: { now: () => new Date(Date.now() + aheadMs) },
  });
  await Promise.all(['acme', 'beta'].map((id) => createWorkspace(api.prisma, { id, timeZone: 'UTC' })));
});
afterAll(async () => {
  await api.close();
  await google.close();
});

const begin = (body?: object, workspaceId = 'acme') =>
  api.call(`/api/v1/workspaces/${workspaceId}/accounts/connect`, { method: 'POST', body });

/** The cookies of one person, who follows links by hand. */
function browser() {
  const jar = new Map<string, string>();
  return {
    jar,
    /** Opens a page of the API, by whatever name it has outside. */
    async open(url: URL | string) {
      const { pathname, search } = new URL(url);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await api.call(`${pathname}${search}`, { key: null, headers: { cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
      // Without a product to go back to, a page comes first: its reader goes on.
      const link = /<a href="([^"]+)"/.exec(String(answer.body))?.[1]?.replaceAll('&amp;', '&');
      return { ...answer, location: answer.headers.get('location') ?? link ?? '' };
    },
  };
}

/** Begins, and has a user consent. Answers with their browser, and where Google sends it. */
async function consented(
  email: string,
  options: { body?: object; workspaceId?: string; denied?: boolean } = {},
) {
  await google.admin.createUser({ email });
  const { body } = await begin(options.body, options.workspaceId);
  const user = browser();
  const started = await user.open(body.url);
  const back = await consent(started.location, { email, ...(options.denied && { denied: true }) });
  return { user, back, started, begun: body };
}

const accounts = () => api.prisma.calendarAuthToken.findMany({ orderBy: { email: 'asc' } });
const redeem = (connection: string | null, workspaceId = 'acme', key = api.adminKey) =>
  api.call(`/api/v1/workspaces/${workspaceId}/accounts/connect/redeem`, {
    method: 'POST',
    body: { connection },
    key,
  });

describe('connecting an account through the API', () => {
  it('ends on a page of no one else’s making, and lists every calendar', async () => {
    const { user, back, begun } = await consented('anna@example.com');
    expect(begun.url).toMatch(/^https:\/\/almanac\.example\.com\/oauth\/google\/start\?ticket=[^&]+$/);
    expect(back.origin + back.pathname).toBe(`${PUBLIC_URL}/oauth/google/callback`);

    const page = await user.open(back);

    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.body).toContain('The account is connected.');
    expect(page.body).not.toMatch(/https?:|src=|href=/);
    expect(user.jar.size).toBe(0);
    expect(await accounts()).toMatchObject([{ workspaceId: 'acme', email: 'anna@example.com' }]);
    const sync = api.temporal.client.workflow.getHandle(calendarSyncWorkflowId('acme'));
    expect((await sync.describe()).type).toBe('fullSync');
  });

  it('asks to change events where the workspace enables writing, and lists who has allowed it', async () => {
    await createWorkspace(api.prisma, { id: 'writes', timeZone: 'UTC', writing: true });
    const asked = (location: string) => new URL(location).searchParams.get('scope')?.split(' ') ?? [];
    const scope = 'https://www.googleapis.com/auth/calendar.events';
    const writer = await consented('writer@example.com', { workspaceId: 'writes' });
    expect(asked(writer.started.location)).toContain(scope);
    await writer.user.open(writer.back);
    const listed = await api.call('/api/v1/workspaces/writes/accounts');
    expect(listed.body).toMatchObject([{ email: 'writer@example.com', mayWrite: true }]);

    const reader = await consented('reader@example.com', { workspaceId: 'beta' });
    expect(asked(reader.started.location)).not.toContain(scope);
    await reader.user.open(reader.back);
    const others = await api.call('/api/v1/workspaces/beta/accounts');
    expect(others.body).toMatchObject([{ email: 'reader@example.com', mayWrite: false }]);
    await api.call(`/api/v1/workspaces/beta/accounts/${others.body[0].id}?purge=true`, { method: 'DELETE' });
  });

  it('sets a cookie that scripts and other hosts cannot read or set', async () => {
    const { started } = await consented('cookie@example.com');
    const [cookie = ''] = started.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-almanac-connect-[0-9a-f-]{36}=[A-Za-z0-9_-]{43}; /);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/'])
      expect(cookie).toContain(attribute);
  });

  it('goes on to the product, whose backend redeems what its user brings', async () => {
    const { user, back } = await consented('bert@example.com', { body: { returnUrl: RETURN_URL } });
    const before = await accounts();
    const { status, location } = await user.open(back);
    expect(status).toBe(302);
    const returned = new URL(location);
    expect(returned.origin + returned.pathname).toBe('https://app.example.com/settings');
    expect(returned.searchParams.get('tab')).toBe('calendars');
    expect(await accounts()).toEqual(before);

    const connection = returned.searchParams.get('connection');
    const key = await api.createKey('acme');
    const redeemed = await redeem(connection, 'acme', key);

    expect(redeemed).toMatchObject({
      status: 201,
      body: {
        workspaceId: 'acme',
        email: 'bert@example.com',
        status: 'connected',
        sync: { runId: expect.any(String) },
      },
    });
    expect(await redeem(connection, 'acme', key)).toMatchObject({
      status: 400,
      body: { type: 'connection-refused', detail: expect.stringContaining('already been used') },
    });
  });

  it('connects a given account again, and no other', async () => {
    const first = await consented('carl@example.com');
    await first.user.open(first.back);
    const { id } = await api.prisma.calendarAuthToken.findFirstOrThrow({
      where: { email: 'carl@example.com' },
    });
    const { body } = await begin({ accountId: id });
    const user = browser();
    const { location } = await user.open(body.url);
    expect(new URL(location).searchParams.get('login_hint')).toBe('carl@example.com');
    await google.admin.createUser({ email: 'dora@example.com' });
    const page = await user.open(await consent(location, { email: 'dora@example.com' }));
    expect(page).toMatchObject({
      status: 400,
      body: expect.stringContaining('This Google account is not account'),
    });
    expect(await api.prisma.calendarAuthToken.count({ where: { email: 'dora@example.com' } })).toBe(0);
  });

  it('says so where the user said no: on the page, or to the product', async () => {
    const shown = await consented('no@example.com', { denied: true });
    expect(await shown.user.open(shown.back)).toMatchObject({
      status: 400,
      body: expect.stringContaining('Access was not granted'),
    });
    const told = await consented('never@example.com', { denied: true, body: { returnUrl: RETURN_URL } });
    const { location } = await told.user.open(told.back);
    expect(location).toBe(`${RETURN_URL}&error=denied`);
    expect(await api.prisma.calendarAuthToken.count({ where: { email: { startsWith: 'n' } } })).toBe(0);
  });
});

describe('a connection without a product to go back to', () => {
  const asKey = (key: string, body?: object) =>
    api.call('/api/v1/workspaces/acme/accounts/connect', { method: 'POST', body, key });

  it('is not for keys of workspaces, where products are known', async () => {
    const key = await api.createKey('acme');
    for (const body of [undefined, {}]) {
      expect(await asKey(key, body)).toMatchObject({
        status: 422,
        body: { type: 'invalid-input', field: 'returnUrl', detail: expect.stringContaining('must be given') },
      });
    }
    expect(await asKey(key, { returnUrl: 'https://elsewhere.example.com/' })).toMatchObject({
      status: 400,
      body: { field: 'returnUrl' },
    });
    expect((await asKey(key, { returnUrl: RETURN_URL })).status).toBe(201);
  });

  it('begins with a page that names the workspace, and nothing that others have written', async () => {
    const { started } = await consented('page@example.com');
    expect(started.status).toBe(200);
    expect(started.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(started.body).toContain('<strong>acme</strong>');
    expect(started.body).toContain('Close this window');
    const { hostname, pathname } = new URL(started.location);
    expect(`${hostname}${pathname}`).toBe(`${new URL(google.url).hostname}/o/oauth2/v2/auth`);
    const { started: direct } = await consented('direct@example.com', { body: { returnUrl: RETURN_URL } });
    expect(direct.status).toBe(302);
  });
});

describe('a ticket', () => {
  it('serves once, and a preview does not use it up', async () => {
    const { body } = await begin();
    const { pathname, search } = new URL(body.url);
    expect((await api.call(`${pathname}${search}`, { method: 'HEAD', key: null })).status).toBe(405);
    expect((await browser().open(body.url)).status).toBe(200);
    const again = await browser().open(body.url);
    expect(again).toMatchObject({ status: 400, location: '' });
    expect(again.headers.getSetCookie()).toEqual([]);
  });

  it.each(['', 'x', `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}.${'A'.repeat(43)}`, '%00'])(
    'that is malformed is refused: %j',
    async (ticket) => {
      const answer = await browser().open(`${PUBLIC_URL}/oauth/google/start?ticket=${ticket}`);
      expect(answer).toMatchObject({ status: 400, location: '' });
    },
  );

  it('lives for ten minutes', async () => {
    const { body } = await begin();
    aheadMs = 10 * 60_000 + 1;
    const late = await browser().open(body.url);
    aheadMs = 0;
    expect(late).toMatchObject({ status: 400, body: expect.stringContaining('longer than ten minutes') });
  });
});

/** Answers of Google that must not connect an account, by how they were changed. */
describe('a state', () => {
  const refusedBy = async (who: ReturnType<typeof browser>, url: URL, sentence: string) => {
    const before = await accounts();
    const answer = await who.open(url);
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(sentence) });
    expect(await accounts()).toEqual(before);
  };

  it('serves the browser for which it was made, not another, who does not use it up', async () => {
    const { user, back } = await consented('emma@example.com');
    const thief = await consented('thief@example.com');
    await refusedBy(browser(), back, 'another user');
    await refusedBy(thief.user, back, 'another user');
    expect((await user.open(back)).status).toBe(200);
  });

  it('that was forged or altered belongs to no sign-in', async () => {
    const { user, back } = await consented('fred@example.com');
    const state = back.searchParams.get('state') ?? '';
    for (const forged of ['state', `${state}A`, `${state.slice(0, -2)}AA`, '00000000.AAAA']) {
      const url = new URL(back);
      url.searchParams.set('state', forged);
      await refusedBy(user, url, 'does not belong to a sign-in');
    }
    expect((await user.open(back)).status).toBe(200);
  });

  it('that is replayed is refused, also with the cookie', async () => {
    const { user, back } = await consented('gina@example.com');
    const cookies = new Map(user.jar);
    expect((await user.open(back)).status).toBe(200);
    for (const [name, value] of cookies) user.jar.set(name, value);
    await refusedBy(user, back, 'already been used');
  });

  it('that has expired is refused', async () => {
    const { user, back } = await consented('hugo@example.com');
    aheadMs = 10 * 60_000 + 1;
    await refusedBy(user, back, 'longer than ten minutes');
    aheadMs = 0;
  });

  it('with a parameter twice, or without code and error, is no answer', async () => {
    const { user, back } = await consented('ida@example.com');
    const twice = new URL(back);
    twice.searchParams.append('code', 'other');
    const without = new URL(back);
    without.searchParams.delete('code');
    await refusedBy(user, twice, 'no answer of Google');
    await refusedBy(user, without, 'no answer of Google');
  });
});

describe('what a user brings to the product', () => {
  it('is worth nothing in another workspace, and stays good in its own', async () => {
    const { user, back } = await consented('jane@example.com', { body: { returnUrl: RETURN_URL } });
    const connection = new URL((await user.open(back)).location).searchParams.get('connection');
    const before = await accounts();
    expect(await redeem(connection, 'beta')).toMatchObject({
      status: 400,
      body: { type: 'connection-refused' },
    });
    expect(await redeem(connection, 'acme', await api.createKey('beta'))).toMatchObject({ status: 403 });
    expect(await accounts()).toEqual(before);
    expect((await redeem(connection)).status).toBe(201);
  });

  it('is no ticket and no cookie, nor the other way round', async () => {
    const { body } = await begin({ returnUrl: RETURN_URL });
    const ticket = new URL(body.url).searchParams.get('ticket');
    expect((await redeem(ticket)).status).toBe(400);
    const user = browser();
    await user.open(body.url);
    const [[name, cookie]] = [...user.jar] as [[string, string]];
    const id = name.slice('__Host-almanac-connect-'.length);
    expect((await redeem(`${id}.${cookie}`)).status).toBe(400);
  });

  it.each(['', 'x', '\u0000', 'a'.repeat(201)])('that is none is refused: %j', async (connection) => {
    expect((await redeem(connection)).status).toBe(400);
  });
});

describe('returnUrl', () => {
  it.each([
    'https://evil.example.com/',
    'https://app.example.com.evil.example/',
    'http://app.example.com/',
    'https://user@app.example.com/',
    'https://app.example.com/#fragment',
    '//app.example.com/',
    'javascript:alert(1)',
    'nonsense',
  ])('has to be of a known origin: not %s', async (returnUrl) => {
    const before = await api.prisma.connectAttempt.count();
    expect(await begin({ returnUrl })).toMatchObject({
      status: 400,
      body: { type: 'invalid-input', field: 'returnUrl' },
    });
    expect(await api.prisma.connectAttempt.count()).toBe(before);
  });
});
