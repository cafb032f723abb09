import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, signIn, start } from '../support/emulator/start.ts';

describe('calendar list', () => {
  it('has the primary calendar under the e-mail address and leaves hidden ones out', async () => {
    const { api, admin } = await start();
    await admin.createCalendar(ADA, { id: 'team@x', summary: 'Team', timeZone: 'UTC', accessRole: 'reader' });
    await admin.createCalendar(ADA, { id: 'old@x', summary: 'Old', timeZone: 'UTC', hidden: true });
    const { data } = await api.calendarList.list();
    expect(
      data.items!.map(({ id, primary, accessRole, timeZone }) => [id, primary, accessRole, timeZone]),
    ).toEqual([
      [ADA, true, 'owner', 'Europe/Berlin'],
      ['team@x', undefined, 'reader', 'UTC'],
    ]);
    expect((await api.calendarList.list({ showHidden: true })).data.items).toHaveLength(3);
    expect(
      (await api.calendarList.list({ minAccessRole: 'writer', showHidden: true })).data.items,
    ).toHaveLength(2);
  });

  it('delivers additions and removals to a sync token, but no change of role', async () => {
    const { api, admin } = await start();
    await admin.createCalendar(ADA, { id: 'team@x', summary: 'Team', timeZone: 'UTC' });
    const syncToken = (await api.calendarList.list()).data.nextSyncToken!;
    await admin.setAccessRole(ADA, ADA, 'reader');
    expect((await api.calendarList.list({ syncToken })).data.items).toEqual([]);
    await admin.removeCalendar('team@x');
    await admin.createCalendar(ADA, { id: 'new@x', summary: 'New', timeZone: 'UTC' });
    const { items } = (await api.calendarList.list({ syncToken })).data;
    expect(items).toMatchObject([{ id: 'team@x', deleted: true }, { id: 'new@x' }]);

    const restricted = api.calendarList.list({ syncToken, minAccessRole: 'owner' });
    expect(await failureOf(restricted)).toMatchObject({ status: 400 });
    expect(await failureOf(api.calendarList.list({ syncToken, showHidden: false }))).toMatchObject({
      status: 400,
    });
    await admin.expireSyncTokens();
    expect(await failureOf(api.calendarList.list({ syncToken }))).toMatchObject({
      status: 410,
      reason: 'fullSyncRequired',
    });
  });

  it('is paged', async () => {
    const { api, admin } = await start();
    for (const id of ['a@x', 'b@x']) await admin.createCalendar(ADA, { id, summary: id, timeZone: 'UTC' });
    const first = await api.calendarList.list({ maxResults: 2 });
    expect(first.data.nextSyncToken).toBeUndefined();
    const last = await api.calendarList.list({ maxResults: 2, pageToken: first.data.nextPageToken! });
    expect(last.data.items).toMatchObject([{ id: 'b@x' }]);
    expect(last.data.nextSyncToken).toBeTypeOf('string');
  });

  it('shares one calendar between users, each with a role', async () => {
    const { emulator, api, admin } = await start();
    const { id } = await admin.createCalendar(ADA, { summary: 'Team', timeZone: 'UTC' });
    const bob = await admin.createUser({ email: 'bob@example.com' });
    await admin.createCalendar('bob@example.com', {
      id,
      summary: 'Team',
      timeZone: 'UTC',
      accessRole: 'reader',
    });
    const event = await api.events.insert({ calendarId: id, requestBody: hour('2026-03-02T09:00:00Z') });
    const bobs = signIn(emulator.url, bob.refreshToken).api;
    expect((await bobs.events.list({ calendarId: id })).data.items).toMatchObject([{ id: event.data.id }]);
    expect(await failureOf(bobs.events.delete({ calendarId: id, eventId: event.data.id! }))).toMatchObject({
      status: 403,
    });
  });

  it('lets a user create, rename and delete calendars, but not the primary one', async () => {
    const { api } = await start();
    const { data } = await api.calendars.insert({ requestBody: { summary: 'Mine', timeZone: 'Asia/Tokyo' } });
    const calendarId = data.id!;
    expect((await api.calendars.patch({ calendarId, requestBody: { summary: 'Ours' } })).data.summary).toBe(
      'Ours',
    );
    expect((await api.calendarList.get({ calendarId })).data).toMatchObject({
      summary: 'Ours',
      timeZone: 'Asia/Tokyo',
    });
    expect((await api.calendars.delete({ calendarId })).status).toBe(204);
    expect(await failureOf(api.calendars.get({ calendarId }))).toMatchObject({ status: 404 });
    expect(await failureOf(api.calendars.delete({ calendarId: ADA }))).toMatchObject({ status: 403 });
    expect(await failureOf(api.calendarList.delete({ calendarId: ADA }))).toMatchObject({ status: 403 });
  });

  it('tells busy time, merged, without what does not block', async () => {
    const { api, admin } = await start();
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await admin.insertEvent(ADA, hour('2026-03-02T09:30:00Z'));
    await admin.insertEvent(ADA, hour('2026-03-02T12:00:00Z', { transparency: 'transparent' }));
    await admin.insertEvent(
      ADA,
      hour('2026-03-02T14:00:00Z', { attendees: [{ email: ADA, responseStatus: 'declined' }] }),
    );
    const day = { start: { date: '2026-03-03' }, end: { date: '2026-03-04' } };
    await admin.insertEvent(ADA, { ...day, eventType: 'birthday' });
    await admin.insertEvent(ADA, { ...day, eventType: 'workingLocation' });
    await admin.insertEvent(ADA, { ...day, transparency: 'transparent' });
    // An absent transparency is opaque, of an all-day event too.
    await admin.insertEvent(ADA, { start: { date: '2026-03-05' }, end: { date: '2026-03-07' } });
    for (const [hours, responseStatus] of [
      ['12', 'needsAction'],
      ['13', 'tentative'],
    ] as const) {
      const attendees = [{ email: ADA, responseStatus }];
      await admin.insertEvent(ADA, hour(`2026-03-08T${hours}:00:00Z`, { attendees }));
    }
    const instant = { dateTime: '2026-03-09T09:00:00Z' };
    await admin.insertEvent(ADA, { start: instant, end: instant });
    const { data } = await api.freebusy.query({
      requestBody: {
        timeMin: '2026-03-02T00:00:00Z',
        timeMax: '2026-03-12T00:00:00Z',
        items: [{ id: ADA }, { id: 'nobody@example.com' }],
      },
    });
    expect(data.calendars![ADA]!.busy).toEqual([
      { start: '2026-03-02T10:00:00+01:00', end: '2026-03-02T11:30:00+01:00' },
      { start: '2026-03-05T00:00:00+01:00', end: '2026-03-07T00:00:00+01:00' },
      { start: '2026-03-08T13:00:00+01:00', end: '2026-03-08T15:00:00+01:00' },
    ]);
    expect(data.calendars!['nobody@example.com']!.errors).toMatchObject([{ reason: 'notFound' }]);
  });
});
