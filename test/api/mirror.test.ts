import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listEvents, occurrenceSchema } from '../../services/reading/list-occurrences.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { connectTestTemporal } from '../support/temporal.ts';

let fixture: ClientFixture;
let google: Awaited<ReturnType<typeof startTestEmulator>>;
let api: TestApi;
let accountId: string;
let calendar: string;
let other: string;

const RANGE = 'from=2026-01-01&to=2026-02-01';
const PATH = '/api/v1/workspaces/acme';
const events = (query = '', headers?: Record<string, string>) =>
  api.call(`${PATH}/events?${RANGE}${query}`, headers && { headers });

beforeAll(async () => {
  [fixture, google] = await Promise.all([createClientFixture(), startTestEmulator()]);
  api = await startTestApi({
    stack: { prisma: fixture.prisma, temporal: await connectTestTemporal() },
    environment: {
      TOKEN_ENCRYPTION_KEY: [fixture.encryptionKey],
      GOOGLE_CLIENT_ID: 'almanac-dev',
      GOOGLE_CLIENT_SECRET: 'almanac-dev-secret',
      GOOGLE_API_ROOT_URL: google.url,
      GOOGLE_OAUTH_TOKEN_URL: `${google.url}/token`,
      GOOGLE_OAUTH_REVOKE_URL: 'http://127.0.0.1:9/',
    },
  });
  ({ accountId } = await fixture.connect('acme', 'Europe/Berlin'));
  calendar = await fixture.addCalendar('acme', accountId);
  other = await fixture.addCalendar('acme', accountId, { summary: 'Other' });
  for (let hour = 10; hour < 15; hour += 1)
    await fixture.addOccurrence('acme', calendar, `2026-01-05T${hour}:00:00Z`, `2026-01-05T${hour}:30:00Z`);
  await fixture.addOccurrence('acme', other, '2026-01-06', '2026-01-07', {
    busy: false,
    status: 'tentative',
  });
});
afterAll(async () => {
  await api.close();
  await api.temporal.close();
  await google.close();
  await fixture.drop();
});

/** A cursor that is well-formed but for its year, which Postgres does not know. */
const cursorOfYearZero = (name: string, id: string) =>
  Buffer.from(JSON.stringify({ [name]: '0000-01-01T00:00:00.000Z', id })).toString('base64url');

/** The sentence of a refusal, and the field that it is about. */
const refusal = async (path: string, method = 'GET', body?: unknown) => {
  const answer = await api.call(`${PATH}${path}`, { method, body });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return [answer.status, answer.body.field, answer.body.detail];
};

describe('events', () => {
  it('are those that the command line lists, in the same shape', async () => {
    const { status, body } = await events();
    expect(status).toBe(200);
    const range = { workspaceId: 'acme', from: '2026-01-01', to: '2026-02-01' };
    const { events: listed, proof } = await listEvents(fixture.prisma, range);
    expect(body).toEqual({ events: listed, proof });
    expect(body.events).toHaveLength(6);
  });

  it('are in the form that the document says, whatever is in them', async () => {
    const title = 'Quotes " and \\ and \u0001\t\n\u2028 and </script> and 🗓';
    const ids = [
      await fixture.addOccurrence('acme', calendar, '2026-03-02T09:00:00.500Z', '2026-03-02T10:00:00Z', {
        title,
        googleEventId: 'it"s',
        originalStartAt: new Date('2026-03-01T09:00:00.250Z'),
      }),
      await fixture.addOccurrence('acme', other, '2026-03-03', '2026-03-05', {
        title: null,
        originalStartDate: new Date('2026-03-04'),
      }),
    ];
    const { body } = await api.call(`${PATH}/events?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z`);
    expect(z.array(z.strictObject(occurrenceSchema.shape)).parse(body.events)).toEqual(body.events);
    expect(body.events).toMatchObject([
      {
        id: ids[0],
        title,
        googleEventId: 'it"s',
        start: '2026-03-02T09:00:00.500Z',
        end: '2026-03-02T10:00:00Z',
      },
      { id: ids[1], title: null, start: '2026-03-03', end: '2026-03-05', originalStart: '2026-03-04' },
    ]);
    expect(body.events[0].originalStart).toBe('2026-03-01T09:00:00.250Z');
  });

  it('come in pages, each once', async () => {
    const starts: string[] = [];
    let cursor = '';
    do {
      const { body } = await events(`&limit=2${cursor && `&cursor=${cursor}`}`);
      expect(body.events.length).toBeLessThanOrEqual(2);
      starts.push(...body.events.map(({ start }: { start: string }) => start));
      cursor = body.nextCursor ?? '';
    } while (cursor !== '');
    expect(starts).toEqual([...starts].toSorted());
    expect(new Set(starts).size).toBe(6);
  });

  it('are shown as of a past moment, for a key of the workspace as well', async () => {
    const key = await api.createKey('acme');
    const past = await api.call(`${PATH}/events?${RANGE}&asOf=PT0S&limit=4`, { key });
    expect(past.status).toBe(200);
    expect(past.body).toMatchObject({
      events: (await events('&limit=4')).body.events,
      past: { purgedCalendarIds: [], differences: [], hasMoreDifferences: false },
    });
    const next = await api.call(
      `${PATH}/events?${RANGE}&asOf=${past.body.past.asOf}&cursor=${past.body.nextCursor}`,
      { key },
    );
    expect(next.body.events).toHaveLength(2);
    expect(next.body.past).not.toHaveProperty('differences');
    expect((await refusal(`/events?${RANGE}&asOf=PT1H&busy=true`)).slice(0, 2)).toEqual([400, 'busy']);
    expect((await refusal(`/events?${RANGE}&asOf=2999-01-01`)).slice(0, 2)).toEqual([400, 'asOf']);
    expect((await refusal(`/events?from=2026-01-01&to=2026-06-01&asOf=PT1H`)).slice(0, 2)).toEqual([
      400,
      'to',
    ]);
    expect((await events('&asOf=P31D')).status).toBe(410);
  });

  it('are filtered', async () => {
    const count = async (query: string) => (await events(query)).body.events.length;
    expect(await count('&busy=false')).toBe(1);
    expect(await count('&busy=true')).toBe(5);
    expect(await count('&status=tentative')).toBe(1);
    expect(await count(`&calendarIds=${calendar}`)).toBe(5);
    expect(await count(`&calendarIds=${calendar},${other}`)).toBe(6);
    expect(await count(`&calendarIds=${calendar}&calendarIds=${other}`)).toBe(6);
  });

  it('are answered with 304 until something on the page has changed', async () => {
    const etag = (await events()).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const unchanged = await events('', { 'if-none-match': etag });
    expect(unchanged).toMatchObject({ status: 304, body: '' });
    expect(unchanged.headers.get('content-length')).toBeNull();
    expect((await events('', { 'if-none-match': `W/${etag}` })).status).toBe(304);
    expect((await events('&busy=true', { 'if-none-match': etag })).status).toBe(200);
    const id = await fixture.addOccurrence('acme', other, '2026-01-08', '2026-01-09');
    const changed = await events('', { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    await fixture.prisma.workspaceCalendarEvent.delete({ where: { id } });
    expect((await events('', { 'if-none-match': etag })).status).toBe(304);
  });

  it.each([
    ['a list that has its ETag', (etag: string) => `"a", W/${etag}, "b"`, 304],
    ['a list of weak ETags', (etag: string) => `W/"a",W/${etag}`, 304],
    ['any ETag', () => '*', 304],
    ['a list without its ETag', () => '"a", W/"b"', 200],
    ['what is no ETag', (etag: string) => etag.replaceAll('"', ''), 200],
  ])('are answered as RFC 9110 says to who has %s', async (_what, header, status) => {
    const etag = (await events()).headers.get('etag') ?? '';
    const headers = { 'if-none-match': header(etag) };
    const answers = [
      await events('', headers),
      await api.call(`${PATH}/events?${RANGE}`, { method: 'HEAD', headers }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    expect(answers.map((answer) => answer.headers.get('etag'))).toEqual([etag, etag]);
  });

  it('are refused to who has any ETag, too', async () => {
    expect((await events('&limit=0', { 'if-none-match': '*' })).status).toBe(400);
  });

  it.each([
    ['/events?to=2026-02-01', 'from'],
    ['/events?from=yesterday&to=2026-02-01', 'from'],
    ['/events?from=2026-02-01&to=2026-01-01', 'to'],
    ['/events?from=2026-01-01&to=%2B275760-09-13T00:00:00Z', 'to'],
    ['/events?from=0001-01-01&to=2026-01-01', 'from'],
    [`/events?${RANGE}&busy=maybe`, 'busy'],
    [`/events?${RANGE}&status=cancelled`, 'status'],
    [`/events?${RANGE}&limit=0`, 'limit'],
    [`/events?${RANGE}&limit=5001`, 'limit'],
    [`/events?${RANGE}&cursor=nonsense`, 'cursor'],
    [`/events?${RANGE}&cursor=${Buffer.from('{"sortAt":1}').toString('base64url')}`, 'cursor'],
    [`/events?${RANGE}&cursor=${cursorOfYearZero('sortAt', randomUUID())}`, 'cursor'],
    [`/events?${RANGE}&calendarIds=x`, 'calendarIds.0'],
    [`/events?${RANGE}&calendarId=${randomUUID()}`, 'calendarId'],
    ['/calendars?enabled=true', 'enabled'],
    ['/runs?since=x', 'since'],
    ['/runs?calendarId=x', 'calendarId'],
    ['/runs?cursor=x', 'cursor'],
    [`/runs?cursor=${cursorOfYearZero('startedAt', '1')}`, 'cursor'],
    [`/plan/runs?cursor=${cursorOfYearZero('startedAt', randomUUID())}`, 'cursor'],
    ['/dead-letters?all=perhaps', 'all'],
    ['/dead-letters/x/retry', 'deadLetterId', 'POST'],
    ['/calendars/x', 'calendarId', 'PATCH', { enabled: true }],
    [`/calendars/${randomUUID()}`, 'enabled', 'PATCH', { enabled: 'yes' }],
    [`/calendars/${randomUUID()}`, 'enabled', 'PATCH', {}],
    [`/calendars/${randomUUID()}`, 'takesTime', 'PATCH', { takesTime: 'default' }],
    [`/calendars/${randomUUID()}`, 'colour', 'PATCH', { enabled: true, colour: 'red' }],
    ['/accounts/x', 'accountId', 'DELETE'],
    ['/accounts', 'email', 'POST', { email: 'nobody', refreshToken: 'x' }],
    ['/accounts', 'email', 'POST', { email: 'a\u0000@b', refreshToken: 'x' }],
    ['/accounts', 'refreshToken', 'POST', { email: 'ada@example.com' }],
    ['/accounts', 'body', 'POST', []],
    ['/calendar/sync?wait=56', 'wait', 'POST'],
    ['/calendar/sync', 'mode', 'POST', { mode: 'quick' }],
    ['/calendar/sync', 'source', 'POST', { source: 'me' }],
    ['/calendar/sync', 'calendarIds', 'POST', { calendarIds: [] }],
    ['/calendar/sync', 'calendarIds.0', 'POST', { calendarIds: ['x'] }],
    ['/calendar/sync/runs/x', 'runId'],
  ])('%s is refused for its %s', async (path, field, method = 'GET', body?: object) => {
    const [status, named, sentence] = await refusal(path, method, body);
    expect([status, named]).toEqual([400, field]);
    expect(sentence).toMatch(/^\S+ (must|is unknown).*\.$/);
    expect(sentence).not.toMatch(/Invalid input|expected|received|almanac /);
  });

  it.each(['0x10', '1e3', '%2B5', '%205%20', '5.0', '', '5&limit=6'])(
    'take whole numbers in decimal digits, and so not %j',
    async (text) => {
      const sentence = 'limit must be a whole number from 1 to 5000.';
      expect(await refusal(`/events?${RANGE}&limit=${text}`)).toEqual([400, 'limit', sentence]);
    },
  );

  it('of a workspace that does not exist are not found', async () => {
    const paths = [
      'events?from=2026-01-01&to=2026-02-01',
      'runs',
      'calendars',
      'accounts',
      'status',
      'dead-letters',
    ];
    for (const path of paths)
      expect(await api.call(`/api/v1/workspaces/nobody/${path}`)).toMatchObject({
        status: 404,
        body: {
          detail:
            'There is no workspace nobody. `GET /api/v1/workspaces` lists the existing ones, and `POST /api/v1/workspaces` creates it.',
        },
      });
  });
});

describe('calendars', () => {
  it('are listed, and switched off and on', async () => {
    const listed = await api.call(`${PATH}/calendars`);
    expect(listed.body).toHaveLength(2);
    const toggle = (enabled: boolean) =>
      api.call(`${PATH}/calendars/${other}`, { method: 'PATCH', body: { enabled } });
    expect(await toggle(false)).toMatchObject({ status: 200, body: { id: other, enabled: false } });
    const { calendars } = (await api.call(`${PATH}/status`)).body;
    const { reason } = calendars.find(({ id }: { id: string }) => id === other);
    expect(reason).toEqual({
      code: 'disabled',
      sentence: `The calendar is disabled. \`PATCH /api/v1/workspaces/acme/calendars/${other}\` enables it.`,
    });
    expect((await events()).body.events).toHaveLength(5);
    expect(await toggle(true)).toMatchObject({ status: 200, body: { enabled: true } });
    expect((await events()).body.events).toHaveLength(6);
  });

  it('take up time or do not, by default or as a person says', async () => {
    const say = async (takesTime: boolean | null) =>
      (await api.call(`${PATH}/calendars/${calendar}`, { method: 'PATCH', body: { takesTime } })).body;
    const busy = async () => (await events('&busy=true')).body.events.length;
    await fixture.prisma.workspaceCalendarEvent.updateMany({
      where: { calendarId: calendar },
      data: { traits: [] },
    });
    expect(await busy()).toBe(5);
    expect(await say(false)).toMatchObject({ takesTime: false, takesTimeChosen: true, enabled: true });
    expect(await busy()).toBe(0);
    expect(await say(null)).toMatchObject({ takesTime: true, takesTimeChosen: false });
    expect(await busy()).toBe(5);
  });
});

describe('accounts', () => {
  it('are listed, imported and disconnected, and never show a token', async () => {
    await google.admin.createUser({ email: 'second@example.com', refreshToken: 'grant-2' });
    const added = await api.call(`${PATH}/accounts`, {
      method: 'POST',
      body: { email: 'Second@example.com', refreshToken: 'grant-2' },
    });
    expect(added).toMatchObject({ status: 201, body: { email: 'second@example.com', status: 'connected' } });
    const listed = await api.call(`${PATH}/accounts`);
    expect(listed.body).toMatchObject([{ email: 'acme@example.com', calendars: 2 }, added.body]);
    expect(JSON.stringify(listed.body)).not.toContain('grant');
    const path = `${PATH}/accounts/${added.body.id}`;
    expect(await api.call(`${path}?purge=true`, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { revocation: 'failed', purged: true, calendars: 0 },
    });
    expect(await api.call(path, { method: 'DELETE' })).toMatchObject({ status: 404 });
  });
});

describe('status', () => {
  it('of a workspace is that of the command line', async () => {
    const { status, body } = await api.call(`${PATH}/status`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'acme', accounts: [{ email: 'acme@example.com' }] });
    expect(body.calendars).toHaveLength(2);
  });

  it('of everything is for admins', async () => {
    const { body } = await api.call('/api/v1/status');
    expect(body).toMatchObject({ overall: { workspaces: 1, calendars: 2 }, worst: [{ id: 'acme' }] });
    expect(await api.call('/api/v1/status', { key: await api.createKey('acme') })).toMatchObject({
      status: 403,
    });
  });
});

describe('the run log', () => {
  it('comes in pages, newest first, filtered', async () => {
    const startedAt = (minute: number) => new Date(Date.UTC(2026, 0, 5, 9, minute));
    await fixture.prisma.workspaceCalendarSyncLog.createMany({
      data: [0, 1, 1, 2].map((minute, index) => ({
        workspaceId: 'acme',
        calendarId: index === 0 ? other : calendar,
        workflowId: 'calendar-sync/acme',
        runId: `run-${index}`,
        mode: 'incremental',
        source: 'api',
        correlationId: 'c-1',
        outcome: index === 3 ? 'failed' : 'success',
        failureType: index === 3 ? 'GoogleUnavailable' : null,
        startedAt: startedAt(minute),
        finishedAt: startedAt(minute + 1),
      })),
    });
    const first = await api.call(`${PATH}/runs?limit=3`);
    expect(first.body.runs).toMatchObject([{ runId: 'run-3', failureType: 'GoogleUnavailable' }, {}, {}]);
    const second = await api.call(`${PATH}/runs?limit=3&cursor=${first.body.nextCursor}`);
    expect(second.body).toEqual({
      runs: [expect.objectContaining({ runId: 'run-0', correlationId: 'c-1' })],
    });
    expect((await api.call(`${PATH}/runs?failed=true`)).body.runs).toHaveLength(1);
    expect((await api.call(`${PATH}/runs?calendarId=${other}`)).body.runs).toHaveLength(1);
    expect((await api.call(`${PATH}/runs?since=2026-01-05T09:01:30Z`)).body.runs).toHaveLength(1);
  });
});

describe('a key', () => {
  it('shows its scope at /me', async () => {
    expect((await api.call('/api/v1/me')).body).toMatchObject({ scope: 'admin' });
    const key = await api.createKey('acme');
    expect((await api.call('/api/v1/me', { key })).body).toMatchObject({ scope: { workspaceId: 'acme' } });
    expect((await api.call('/api/v1/me', { key: null })).status).toBe(401);
  });
});
