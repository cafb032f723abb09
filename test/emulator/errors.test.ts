import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, start } from '../support/emulator/start.ts';

describe('errors', () => {
  it('have exactly the envelope Google sends', async () => {
    const { api } = await start();
    const failure = await failureOf(api.events.list({ calendarId: ADA, syncToken: 'nonsense' }));
    expect(failure.body).toEqual({
      error: {
        errors: [
          {
            domain: 'calendar',
            reason: 'fullSyncRequired',
            message: 'Sync token is no longer valid, a full sync is required.',
            locationType: 'parameter',
            location: 'syncToken',
          },
        ],
        code: 410,
        message: 'Sync token is no longer valid, a full sync is required.',
      },
    });
  });

  it('are 404 for calendars that do not exist or were taken away', async () => {
    const { api, admin } = await start();
    expect(await failureOf(api.events.list({ calendarId: 'nobody@example.com' }))).toMatchObject({
      status: 404,
      reason: 'notFound',
    });
    const { id } = await admin.createCalendar(ADA, {
      summary: 'Shared',
      timeZone: 'UTC',
      accessRole: 'reader',
    });
    expect((await api.events.list({ calendarId: id })).status).toBe(200);
    await admin.setAccessRole(ADA, id, 'none');
    expect(await failureOf(api.events.list({ calendarId: id }))).toMatchObject({ status: 404 });
  });

  it.each([
    [{ orderBy: 'startTime' }, 'invalid', 'orderBy'],
    [{ maxResults: 0 }, 'invalid', 'maxResults'],
    [{ timeZone: 'Mars/Base' }, 'invalid', 'timeZone'],
    [{ timeMin: '2026-01-01' }, 'badRequest', undefined],
    [{ timeMin: '2026-02-01T00:00:00Z', timeMax: '2026-01-01T00:00:00Z' }, 'timeRangeEmpty', 'timeMax'],
  ])('are 400 for %o', async (params, reason, location) => {
    const { api } = await start();
    const failure = await failureOf(api.events.list({ calendarId: ADA, ...params }));
    expect(failure).toMatchObject({ status: 400, reason, location });
  });

  it('are 410 for updatedMin too long ago, while a recent one delivers deletions', async () => {
    const { api, admin } = await start({ now: () => new Date('2026-03-20T00:00:00Z') });
    const { id } = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await admin.deleteEvent(ADA, id);
    const old = api.events.list({ calendarId: ADA, updatedMin: '2026-01-01T00:00:00Z' });
    expect(await failureOf(old)).toMatchObject({ status: 410, reason: 'updatedMinTooLongAgo' });
    const recent = await api.events.list({ calendarId: ADA, updatedMin: '2026-03-19T00:00:00Z' });
    expect(recent.data.items).toMatchObject([{ id, status: 'cancelled' }]);
  });

  it('are parseError for a body that is no JSON', async () => {
    const { emulator, auth } = await start();
    const headers = Object.fromEntries(await auth.getRequestHeaders());
    const response = await fetch(`${emulator.url}/calendar/v3/calendars/primary/events`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { errors: [{ reason: 'parseError' }] } });
  });
});

describe('admin operations', () => {
  it('say in one sentence what is wrong with an argument', async () => {
    const { emulator } = await start();
    const response = await fetch(`${emulator.url}/_admin/createCalendar`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([ADA, { summary: 'x', timeZone: 'Mars/Base' }]),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'createCalendar: argument 2, field timeZone: must be an IANA time zone.',
    });
  });

  it('work the same over HTTP', async () => {
    const { createEmulatorAdminClient } = await import('../../emulator/admin-client.ts');
    const { emulator, admin } = await start();
    const remote = createEmulatorAdminClient(emulator.url);
    const [workspace] = await remote.generate({
      workspaces: 1,
      calendarsPerWorkspace: 2,
      eventsPerCalendar: 20,
    });
    expect(workspace!.calendars).toHaveLength(2);
    expect(await remote.listEvents(workspace!.calendars[1]!)).toEqual(
      await admin.listEvents(workspace!.calendars[1]!),
    );
    await remote.removeCalendar(workspace!.calendars[1]!);
    expect(await remote.calendars(workspace!.email)).toMatchObject([{ primary: true }]);
    await expect(remote.deleteEvent(ADA, 'unknown')).rejects.toThrow('Not Found');
    await expect(remote.setPageShape({ maxPageSize: 0 })).rejects.toThrow('maxPageSize');
    await remote.reset();
    await expect(remote.calendars(ADA)).rejects.toThrow('does not exist');
  });

  it('generate the same from the same seed', async () => {
    const around = '2026-03-01T00:00:00Z';
    const now = () => new Date(around);
    const make = async () => {
      const { admin } = await start({ now });
      const [first] = await admin.generate({
        workspaces: 1,
        calendarsPerWorkspace: 1,
        eventsPerCalendar: 50,
        seed: 3,
        around,
      });
      return admin.listEvents(first!.email);
    };
    expect(await make()).toEqual(await make());
  });
});
