import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, start } from '../support/emulator/start.ts';

describe('faults', () => {
  it('answer the next requests with a status, a reason and Retry-After, then no more', async () => {
    const { api, admin } = await start();
    await admin.addFault({
      match: { method: 'GET', calendarId: ADA },
      times: 2,
      status: 429,
      domain: 'usageLimits',
      reason: 'rateLimitExceeded',
      message: 'Rate Limit Exceeded',
      retryAfterSeconds: 7,
    });
    const limited = { status: 429, reason: 'rateLimitExceeded', retryAfter: '7' };
    expect(await failureOf(api.events.list({ calendarId: 'primary' }))).toMatchObject(limited);
    expect(await failureOf(api.events.list({ calendarId: ADA }))).toMatchObject(limited);
    expect((await api.events.list({ calendarId: ADA })).status).toBe(200);
  });

  it('meet only the requests they are made for', async () => {
    const { api, admin } = await start();
    await admin.addFault({ match: { email: 'bob@example.com' }, times: 1, status: 500 });
    await admin.addFault({ match: { query: { maxResults: '7' } }, times: 1, status: 503 });
    await admin.addFault({ match: { pathPrefix: '/calendar/v3/users' }, times: 1, status: 502 });
    expect((await api.events.list({ calendarId: ADA })).status).toBe(200);
    expect(await failureOf(api.events.list({ calendarId: ADA, maxResults: 7 }))).toMatchObject({
      status: 503,
      reason: 'backendError',
    });
    expect(await failureOf(api.calendarList.list())).toMatchObject({ status: 502 });
    await admin.clearFaults();
    expect((await api.events.list({ calendarId: ADA, maxResults: 7 })).status).toBe(200);
  });

  it('can be an HTML page', async () => {
    const { api, admin } = await start();
    await admin.addFault({
      match: { pathContains: '/events' },
      times: 1,
      status: 502,
      htmlBody: '<html>Bad gateway</html>',
    });
    const failure = await failureOf(api.events.list({ calendarId: ADA }));
    expect(failure).toMatchObject({ status: 502, body: '<html>Bad gateway</html>', reason: undefined });
  });

  it('lose the answer after the work was done', async () => {
    const { api, admin } = await start();
    const match = { method: 'POST', pathContains: '/events' };
    await admin.addFault({ match, times: 1, afterCommit: true, resetConnection: true });
    const requestBody = hour('2026-03-02T09:00:00Z', { id: 'abc01' });
    expect(await failureOf(api.events.insert({ calendarId: ADA, requestBody }))).toMatchObject({
      status: undefined,
    });
    expect(await failureOf(api.events.insert({ calendarId: ADA, requestBody }))).toMatchObject({
      status: 409,
    });

    await admin.addFault({ match: { method: 'DELETE' }, times: 1, afterCommit: true, status: 500 });
    const params = { calendarId: ADA, eventId: 'abc01' };
    expect(await failureOf(api.events.delete(params))).toMatchObject({ status: 500, reason: 'backendError' });
    expect(await failureOf(api.events.delete(params))).toMatchObject({ status: 410 });
  });

  it('lose the answer of every kind of write, whose work and mails are done once', async () => {
    const { api, admin } = await start();
    const { id: destination } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const event = { calendarId: ADA, eventId: 'abc01', sendUpdates: 'all' };
    const requestBody = hour('2026-03-02T09:00:00Z', { id: 'abc01', attendees: [{ email: 'bob@x.org' }] });
    const insert = () => api.events.insert({ calendarId: ADA, sendUpdates: 'all', requestBody });
    const patch = () => api.events.patch({ ...event, requestBody: { location: 'Room 2' } });
    const move = () => api.events.move({ ...event, destination });
    const remove = () => api.events.delete({ ...event, calendarId: destination });
    const lost = async (match: object, call: () => Promise<unknown>) => {
      await admin.addFault({ match, times: 1, afterCommit: true, resetConnection: true });
      expect(await failureOf(call())).toMatchObject({ status: undefined, body: undefined });
    };
    await lost({ method: 'POST', pathContains: '/events' }, insert);
    expect(await failureOf(insert())).toMatchObject({ status: 409 });
    await lost({ method: 'PATCH', pathContains: '/events/abc01' }, patch);
    expect((await patch()).data.location).toBe('Room 2');
    await lost({ method: 'POST', pathContains: '/move' }, move);
    expect(await failureOf(move())).toMatchObject({ status: 410 });
    await lost({ method: 'DELETE', calendarId: destination }, remove);
    expect(await failureOf(remove())).toMatchObject({ status: 410 });
    expect((await admin.mails()).map(({ kind }) => kind)).toEqual([
      'invitation',
      'update',
      'update',
      'cancellation',
    ]);
  });

  it('meet only writes that invite guests', async () => {
    const { api, admin } = await start();
    const quotaExceeded = { status: 403, domain: 'usageLimits', reason: 'quotaExceeded' } as const;
    await admin.addFault({ match: { withGuests: true }, times: 1, ...quotaExceeded });
    const insert = (more: object) =>
      api.events.insert({ calendarId: ADA, requestBody: hour('2026-03-02T09:00:00Z', more) });
    expect((await insert({ attendees: [] })).status).toBe(200);
    expect(await failureOf(insert({ attendees: [{ email: 'bob@x.org' }] }))).toMatchObject({
      status: 403,
      reason: 'quotaExceeded',
    });
  });

  it('reset the connection before the work was done', async () => {
    const { api, admin } = await start();
    await admin.addFault({
      match: { method: 'POST', pathContains: '/events' },
      times: 1,
      resetConnection: true,
    });
    const requestBody = hour('2026-03-02T09:00:00Z', { id: 'abc01' });
    expect(await failureOf(api.events.insert({ calendarId: ADA, requestBody }))).toMatchObject({
      status: undefined,
    });
    expect((await api.events.insert({ calendarId: ADA, requestBody })).status).toBe(200);
  });

  it('hang until the client gives up, or only delay', async () => {
    const { api, admin } = await start();
    await api.events.list({ calendarId: ADA });
    await admin.addFault({ match: {}, times: 1, hang: true });
    expect(await failureOf(api.events.list({ calendarId: ADA }, { timeout: 100 }))).toMatchObject({
      status: undefined,
    });
    await admin.addFault({ match: {}, times: 1, delayMs: 80 });
    const startedMs = performance.now();
    expect((await api.events.list({ calendarId: ADA })).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThan(75);
  });

  it('cut a body short, and empty a listing', async () => {
    const { api, admin } = await start();
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await admin.addFault({ match: { pathContains: '/events' }, times: 1, truncateBody: true });
    expect(await failureOf(api.events.list({ calendarId: ADA }))).toMatchObject({ body: undefined });
    await admin.addFault({ match: { pathContains: '/events' }, times: 1, emptyItems: true });
    const { data } = await api.events.list({ calendarId: ADA });
    expect(data.items).toEqual([]);
    expect(data.nextSyncToken).toBeTypeOf('string');
    expect((await api.events.list({ calendarId: ADA })).data.items).toHaveLength(1);
  });

  it('leave items out of a listing, and of nothing else', async () => {
    const { api, admin } = await start();
    const [one, two] = [
      await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z')),
      await admin.insertEvent(ADA, hour('2026-03-03T09:00:00Z')),
    ];
    const listed = async () =>
      (await api.events.list({ calendarId: ADA })).data.items?.map(({ id }) => id).toSorted();
    await admin.addFault({ match: { pathContains: '/events' }, times: 1, withoutItems: [one.id, 'unknown'] });
    expect(await listed()).toEqual([two.id]);
    expect(await listed()).toEqual([one.id, two.id].toSorted());
    await admin.addFault({ match: { pathContains: 'calendarList' }, times: 1, withoutItems: [ADA] });
    expect((await api.calendarList.list()).data.items).toEqual([]);
  });

  it('strike only requests without a parameter', async () => {
    const { api, admin } = await start();
    const { data } = await api.events.list({ calendarId: ADA });
    await admin.addFault({ match: { withoutQuery: ['syncToken'] }, times: 1, status: 500 });
    expect((await api.events.list({ calendarId: ADA, syncToken: data.nextSyncToken! })).status).toBe(200);
    expect(await failureOf(api.events.list({ calendarId: ADA }))).toMatchObject({ status: 500 });
  });

  it('refuse every access token for a while, fresh ones too', async () => {
    const { auth, api, admin } = await start();
    await admin.addFault({
      match: { pathPrefix: '/calendar' },
      times: 1_000,
      forMs: 300,
      status: 401,
      reason: 'authError',
    });
    expect(await failureOf(api.events.list({ calendarId: ADA }))).toMatchObject({ status: 401 });
    await auth.refreshAccessToken();
    expect(await failureOf(api.calendarList.list())).toMatchObject({ status: 401 });
    const isServed = async () =>
      api.events.list({ calendarId: ADA }).then(
        () => true,
        () => false,
      );
    await expect.poll(isServed).toBe(true);
  });

  it('strike one user’s token refresh', async () => {
    const { auth, admin } = await start();
    await admin.addFault({
      match: { pathPrefix: '/token', email: ADA },
      times: 1,
      status: 400,
      reason: 'invalid_grant',
    });
    expect(await failureOf(auth.getAccessToken())).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await auth.getAccessToken()).token).toBeTypeOf('string');
  });

  it('include a clock that jumps, in either direction', async () => {
    const { auth, api, admin } = await start();
    const before = await auth.getAccessToken();
    await admin.setClock({ offsetSeconds: 7_200 });
    expect(await failureOf(api.events.list({ calendarId: ADA }))).toMatchObject({ status: 401 });
    const event = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    expect(Date.parse(event.updated ?? '') - Date.now()).toBeGreaterThan(7_100_000);

    await admin.setClock({ offsetSeconds: -7_200 });
    auth.setCredentials({ access_token: before.token ?? '' });
    expect((await api.events.list({ calendarId: ADA })).status).toBe(200);
    const changed = await admin.patchEvent(ADA, event.id, { summary: 'Later, and yet earlier' });
    expect(Date.parse(changed.updated ?? '')).toBeLessThan(Date.now());
    expect(changed.etag).not.toBe(event.etag);
  });

  it('are seen in the request log', async () => {
    const { api, admin } = await start();
    await admin.addFault({ match: { pathContains: '/events' }, times: 1, status: 503 });
    await failureOf(api.events.list({ calendarId: ADA, maxResults: 5 }));
    await api.events.list({ calendarId: ADA });
    const events = (await admin.requests()).filter(({ path }) => path.endsWith('/events'));
    expect(events).toMatchObject([
      {
        method: 'GET',
        path: `/calendar/v3/calendars/${ADA}/events`,
        query: { maxResults: '5' },
        status: 503,
        email: ADA,
      },
      { status: 200 },
    ]);
    expect(await admin.requestCounts()).toEqual({
      'POST /token': 1,
      'GET /calendar/v3/calendars/:id/events': 2,
    });
  });
});
