import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, oauthClient, signIn, start } from '../support/emulator/start.ts';

const CALENDAR = 'https://www.googleapis.com/auth/calendar';
const REDIRECT = 'http://127.0.0.1:9/callback';
const NINE = hour('2026-03-02T09:00:00Z');

/** A user with these scopes, and a calendar that the app has made with all scopes. */
async function startWith(...scopes: string[]) {
  const { emulator, admin, api: all } = await start();
  const made = (await all.calendars.insert({ requestBody: { summary: 'Plans' } })).data.id!;
  const { refreshToken } = await admin.createUser({
    email: ADA,
    scopes: scopes.map((scope) => CALENDAR + scope),
  });
  return { emulator, admin, all, made, api: signIn(emulator.url, refreshToken).api };
}

describe('scopes', () => {
  it('that do not allow a write are refused as Google does', async () => {
    const { api } = await startWith('.events.readonly');
    const insert = api.events.insert({ calendarId: 'primary', requestBody: NINE });
    const error: unknown = await insert.catch((thrown: unknown) => thrown);
    expect(await failureOf(Promise.reject(error))).toMatchObject({
      status: 403,
      reason: 'insufficientPermissions',
      body: {
        error: {
          code: 403,
          status: 'PERMISSION_DENIED',
          message: 'Request had insufficient authentication scopes.',
          details: [
            {
              reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
              metadata: { method: 'calendar.v3.Events.Insert' },
            },
          ],
        },
      },
    });
    const { headers } = (error as { response: { headers: Headers } }).response;
    expect(headers.get('www-authenticate')).toContain(`error="insufficient_scope", scope="${CALENDAR} `);
  });

  it('to read allow no write at all', async () => {
    const { api, all, made } = await startWith('.readonly', '.events.readonly', '.calendarlist.readonly');
    const { data } = await all.events.insert({ calendarId: made, requestBody: NINE });
    const event = { calendarId: made, eventId: data.id! };
    const refused = { status: 403, reason: 'insufficientPermissions' };
    for (const write of [
      () => api.events.patch({ ...event, requestBody: { summary: 'Other' } }),
      () => api.events.update({ ...event, requestBody: NINE }),
      () => api.events.delete(event),
      () => api.events.move({ ...event, destination: 'primary' }),
      () => api.events.import({ calendarId: made, requestBody: { ...NINE, iCalUID: 'imported' } }),
      () => api.calendars.insert({ requestBody: { summary: 'Mine' } }),
      () => api.calendars.patch({ calendarId: made, requestBody: { summary: 'Mine' } }),
      () => api.calendars.clear({ calendarId: 'primary' }),
      () => api.calendars.delete({ calendarId: made }),
      () => api.calendarList.patch({ calendarId: made, requestBody: { hidden: true } }),
    ])
      expect(await failureOf(write())).toMatchObject(refused);
    expect((await api.events.get(event)).data.summary).toBe('Event');
  });

  it('to change events allow that in every calendar, but no change of a calendar', async () => {
    const { api, made } = await startWith('.events');
    for (const calendarId of ['primary', made]) {
      const { data } = await api.events.insert({ calendarId, requestBody: NINE });
      expect((await api.events.delete({ calendarId, eventId: data.id! })).status).toBe(204);
    }
    const rename = api.calendars.patch({ calendarId: made, requestBody: { summary: 'Mine' } });
    expect(await failureOf(rename)).toMatchObject({ status: 403, reason: 'insufficientPermissions' });
  });

  it('for calendars of the app count for no other calendar, and move no event', async () => {
    const { api, admin, all, made } = await startWith('.app.created');
    const { data } = await api.events.insert({ calendarId: made, requestBody: NINE });
    await api.calendars.patch({ calendarId: made, requestBody: { summary: 'Plan' } });

    const refused = { status: 403, reason: 'insufficientPermissions' };
    const { id: other } = await admin.createCalendar(ADA, { summary: 'Work', timeZone: 'UTC' });
    for (const calendarId of ['primary', other]) {
      const insert = api.events.insert({ calendarId, requestBody: NINE });
      expect(await failureOf(insert)).toMatchObject(refused);
      expect(await failureOf(api.events.list({ calendarId }))).toMatchObject(refused);
      const rename = api.calendars.patch({ calendarId, requestBody: { summary: 'Mine' } });
      expect(await failureOf(rename)).toMatchObject(refused);
    }
    const move = api.events.move({ calendarId: made, eventId: data.id!, destination: 'primary' });
    expect(await failureOf(move)).toMatchObject(refused);

    await all.calendars.delete({ calendarId: made });
    const gone = api.events.insert({ calendarId: made, requestBody: NINE });
    expect(await failureOf(gone)).toMatchObject({ status: 404, reason: 'notFound' });
  });

  it('for calendars of the user count for no calendar that is shared with them', async () => {
    const { api, admin } = await startWith('.events.owned');
    await admin.createUser({ email: 'bob@example.com' });
    const { id } = await admin.createCalendar('bob@example.com', { summary: 'Team', timeZone: 'UTC' });
    await admin.setAccessRole(ADA, id, 'writer');
    const { data } = await api.events.insert({ calendarId: 'primary', requestBody: NINE });
    const refused = { status: 403, reason: 'insufficientPermissions' };
    expect(await failureOf(api.events.insert({ calendarId: id, requestBody: NINE }))).toMatchObject(refused);
    const move = api.events.move({ calendarId: 'primary', eventId: data.id!, destination: id });
    expect(await failureOf(move)).toMatchObject(refused);
  });
});

describe('the consent page', () => {
  const SCOPES = [`${CALENDAR}.events.readonly`, `${CALENDAR}.events`];

  /** The page, and what its form sends with these boxes ticked. */
  async function openPage(more: object = {}) {
    const { emulator } = await start();
    const client = oauthClient(emulator.url, REDIRECT);
    const url = client.generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope: SCOPES, ...more });
    const page = await (await fetch(url)).text();
    const inputs = [...page.matchAll(/<input type="(\w+)" name="(\w+)" value="([^"]*)"( checked)?>/g)];
    const submit = async (ticked: readonly string[]) => {
      const target = new URL(url);
      target.search = '';
      for (const [, type, name, value] of inputs)
        if (type === 'hidden' || ticked.includes(value!)) target.searchParams.append(name!, value!);
      target.searchParams.append('login_hint', ADA);
      const response = await fetch(target, { redirect: 'manual' });
      return new URL(response.headers.get('location')!).searchParams;
    };
    return { client, page, boxes: inputs.filter(([, type]) => type === 'checkbox'), submit };
  }

  it('shows every scope, ticked, and grants those that stay so', async () => {
    const { client, page, boxes, submit } = await openPage({ state: 'mine' });
    expect(boxes.map(([, , , value, checked]) => [value, checked])).toEqual(
      SCOPES.map((scope) => [scope, ' checked']),
    );
    expect(page).toContain('calendar.events.readonly</label>');
    const back = await submit(SCOPES.slice(0, 1));
    expect(back.get('state')).toBe('mine');
    const { tokens } = await client.getToken(back.get('code')!);
    expect(tokens.scope).toBe(SCOPES[0]);
    expect((await submit(SCOPES)).get('scope')).toBe(SCOPES.join(' '));
  });

  it('refuses a consent to nothing', async () => {
    const { submit } = await openPage();
    expect((await submit([])).get('error')).toBe('access_denied');
  });

  it('adds what was granted before where that is asked for', async () => {
    const { submit } = await openPage({ include_granted_scopes: true });
    // The user's first grant has the full scope.
    expect((await submit(SCOPES.slice(0, 1))).get('scope')?.split(' ')).toEqual([SCOPES[0], CALENDAR]);
  });
});
