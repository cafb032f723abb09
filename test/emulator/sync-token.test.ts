import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../emulator/create-emulator.ts';
import { createRandom } from '../../emulator/state/random.ts';
import { failureOf } from '../support/emulator/failure.ts';
import { listAll, liveById, Mirror } from '../support/emulator/mirror.ts';
import { ADA, hour, signIn, start } from '../support/emulator/start.ts';

describe('sync tokens', () => {
  it('deliver each changed event once, in its last state', async () => {
    const { api, admin } = await start();
    const kept = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const gone = await admin.insertEvent(ADA, hour('2026-03-03T09:00:00Z'));
    const mirror = new Mirror(api);
    await mirror.sync();

    await admin.patchEvent(ADA, kept.id, { summary: 'First' });
    await admin.patchEvent(ADA, kept.id, { summary: 'Second' });
    await admin.deleteEvent(ADA, gone.id);
    const delta = await mirror.sync();

    expect(delta.map(({ id, status, summary }) => ({ id, status, summary }))).toEqual([
      { id: kept.id, status: 'confirmed', summary: 'Second' },
      { id: gone.id, status: 'cancelled', summary: undefined },
    ]);
    expect(await mirror.sync()).toEqual([]);
  });

  it('need URL-encoding and are opaque', async () => {
    const { api } = await start();
    const { data } = await api.events.list({ calendarId: 'primary' });
    expect(data.nextSyncToken).toMatch(/[+/].*=$/);
  });

  it('deliver a deleted single event bare, and fully when the knob says so', async () => {
    const { api, admin } = await start();
    const event = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const { syncToken } = await listAll(api, { calendarId: ADA });
    await admin.deleteEvent(ADA, event.id);
    const bare = await api.events.list({ calendarId: ADA, syncToken: syncToken! });
    expect(Object.keys(bare.data.items![0]!).toSorted()).toEqual(['etag', 'id', 'kind', 'status']);

    await admin.setPageShape({ richTombstones: true });
    const rich = await api.events.list({ calendarId: ADA, syncToken: syncToken! });
    expect(rich.data.items![0]).toMatchObject({ id: event.id, status: 'cancelled', summary: 'Event' });
  });

  it('keep changes that land while a listing is paged for the next increment', async () => {
    const { api, admin } = await start();
    const ids: string[] = [];
    for (let day = 1; day <= 6; day++) {
      ids.push((await admin.insertEvent(ADA, hour(`2026-03-0${day}T09:00:00Z`, { summary: 'Before' }))).id);
    }
    const first = await api.events.list({ calendarId: ADA, maxResults: 2 });
    await admin.patchEvent(ADA, ids[5]!, { summary: 'After' });
    await admin.deleteEvent(ADA, ids[4]!);
    const late = await admin.insertEvent(ADA, hour('2026-03-09T09:00:00Z'));

    const rest = await listAll(api, { calendarId: ADA, maxResults: 2, pageToken: first.data.nextPageToken! });
    const second = await api.events.list({
      calendarId: ADA,
      maxResults: 2,
      pageToken: first.data.nextPageToken!,
    });
    const third = await api.events.list({
      calendarId: ADA,
      maxResults: 2,
      pageToken: second.data.nextPageToken!,
    });
    expect(rest.items.length).toBeGreaterThan(0);
    expect(third.data.items!.map(({ id, summary }) => [id, summary])).toEqual([
      [ids[4], 'Before'],
      [ids[5], 'Before'],
    ]);

    const delta = await api.events.list({ calendarId: ADA, syncToken: third.data.nextSyncToken! });
    expect(delta.data.items!.map(({ id }) => id)).toEqual([ids[5], ids[4], late.id]);
  });

  it.each([
    ['timeMin', { timeMin: '2026-01-01T00:00:00Z' }],
    ['q', { q: 'x' }],
    ['orderBy', { orderBy: 'updated' }],
    ['iCalUID', { iCalUID: 'x' }],
    ['updatedMin', { updatedMin: '2026-01-01T00:00:00Z' }],
    ['privateExtendedProperty', { privateExtendedProperty: ['a=b'] }],
    ['showDeleted', { showDeleted: false }],
  ])('answer 400 beside %s', async (location, restriction) => {
    const { api } = await start();
    const { syncToken } = await listAll(api, { calendarId: ADA });
    const failure = await failureOf(
      api.events.list({ calendarId: ADA, syncToken: syncToken!, ...restriction }),
    );
    expect(failure).toMatchObject({ status: 400, reason: 'invalid', location });
  });

  it('answer 410 when mangled, expired, of another calendar, or after the role changed', async () => {
    const { api, admin } = await start();
    await admin.createCalendar(ADA, {
      id: 'other@group.calendar.google.com',
      summary: 'Other',
      timeZone: 'UTC',
    });
    const syncToken = (await listAll(api, { calendarId: ADA })).syncToken!;
    const other = (await listAll(api, { calendarId: 'other@group.calendar.google.com' })).syncToken!;
    const gone = { status: 410, code: 410, reason: 'fullSyncRequired', location: 'syncToken' };

    expect(await failureOf(api.events.list({ calendarId: ADA, syncToken: `1${syncToken}` }))).toMatchObject(
      gone,
    );
    expect(await failureOf(api.events.list({ calendarId: ADA, syncToken: other }))).toMatchObject(gone);
    await admin.expireSyncTokens(ADA);
    expect(await failureOf(api.events.list({ calendarId: ADA, syncToken }))).toMatchObject(gone);
    await admin.setAccessRole(ADA, 'other@group.calendar.google.com', 'reader');
    const after = api.events.list({ calendarId: 'other@group.calendar.google.com', syncToken: other });
    expect(await failureOf(after)).toMatchObject(gone);
  });

  it('refuse other parameters than the first request had, unless the knob is off', async () => {
    const { api, admin } = await start();
    const { syncToken } = await listAll(api, { calendarId: ADA });
    const call = () => api.events.list({ calendarId: ADA, syncToken: syncToken!, singleEvents: true });
    expect(await failureOf(call())).toMatchObject({ status: 400 });
    await admin.setPageShape({ rejectMismatchedParams: false });
    expect((await call()).status).toBe(200);
  });

  it('are not given with orderBy', async () => {
    const { api } = await start();
    const { data } = await api.events.list({ calendarId: ADA, orderBy: 'updated' });
    expect(data.nextSyncToken).toBeUndefined();
  });

  it('resurrect an event that was undeleted', async () => {
    const { api, admin } = await start();
    const event = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const mirror = new Mirror(api);
    await admin.deleteEvent(ADA, event.id);
    await mirror.sync();
    await admin.undeleteEvent(ADA, event.id);
    expect(await mirror.sync()).toMatchObject([{ id: event.id, status: 'confirmed', summary: 'Event' }]);
  });

  it('lead any sequence of edits to what a full listing gives', async () => {
    const { api, admin } = await start({ seed: 5 });
    await admin.generateEvents(ADA, { count: 60, recurringShare: 0.5, around: '2026-03-01T00:00:00Z' });
    const random = createRandom(11);
    const mirror = new Mirror(api);
    for (let round = 0; round < 12; round++) {
      await mirror.sync(random.integer(3, 40));
      expect(mirror.live()).toEqual(liveById(await admin.listEvents(ADA)));
      for (let edit = 0; edit < 6; edit++) await editSomething(admin, random);
    }
  }, 20_000);

  it('survive a restart with a state file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emulator-state-'));
    try {
      const stateFile = `${folder}/state.ndjson`;
      const before = await createEmulator({ stateFile });
      const { refreshToken } = await before.admin.createUser({ email: ADA });
      await before.admin.generateEvents(ADA, { count: 40, recurringShare: 0.4 });
      const { syncToken } = await listAll(signIn(before.url, refreshToken).api, { calendarId: ADA });
      const event = await before.admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
      const events = await before.admin.listEvents(ADA);
      await before.close();

      const after = await createEmulator({ stateFile });
      expect(await after.admin.listEvents(ADA)).toEqual(events);
      const delta = await listAll(signIn(after.url, refreshToken).api, {
        calendarId: ADA,
        syncToken: syncToken!,
      });
      expect(delta.items.map(({ id }) => id)).toEqual([event.id]);
      await after.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function editSomething(
  admin: Awaited<ReturnType<typeof start>>['admin'],
  random: ReturnType<typeof createRandom>,
): Promise<void> {
  const events = (await admin.listEvents(ADA)).filter((event) => event.status !== 'cancelled');
  const event = random.pick(events);
  switch (random.integer(0, 5)) {
    case 0:
      await admin.deleteEvent(ADA, event.id);
      break;
    case 1:
      await admin.insertEvent(ADA, hour('2026-03-05T10:00:00Z'));
      break;
    case 2:
      await admin.patchEvent(ADA, event.id, { summary: random.id(5) });
      break;
    case 3: {
      if (!event.recurrence) break;
      const occurrences = await admin.listOccurrences(ADA, '2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z');
      const occurrence = occurrences.find((each) => each.recurringEventId === event.id);
      if (occurrence) await admin.deleteEvent(ADA, occurrence.id);
      break;
    }
    case 4:
      if (event.recurrence && event.start?.dateTime)
        await admin.patchEvent(ADA, event.id, {
          recurrence: [`RRULE:FREQ=WEEKLY;COUNT=${random.integer(2, 9)}`],
        });
      break;
    default: {
      const occurrences = await admin.listOccurrences(ADA, '2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z');
      const occurrence = occurrences.find((each) => each.recurringEventId !== undefined);
      if (occurrence)
        await admin.patchEvent(ADA, occurrence.id, { summary: 'Changed once', location: random.id(4) });
    }
  }
}
