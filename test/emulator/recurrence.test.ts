import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { listAll, Mirror } from '../support/emulator/mirror.ts';
import { ADA, hour, start } from '../support/emulator/start.ts';

const NOW = () => new Date('2026-03-01T00:00:00Z');
const WEEKLY = hour('2026-03-02T09:00:00Z', { summary: 'Weekly', recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'] });

describe('series', () => {
  it('are listed as masters, or as occurrences that keep their wall time across DST', async () => {
    const { api, admin } = await start({ now: NOW });
    const master = await admin.insertEvent(ADA, WEEKLY);
    const masters = await listAll(api, { calendarId: ADA });
    expect(masters.items.map(({ id, recurrence }) => [id, recurrence])).toEqual([
      [master.id, ['RRULE:FREQ=WEEKLY;COUNT=8']],
    ]);
    const single = await listAll(api, { calendarId: ADA, singleEvents: true, orderBy: 'startTime' });
    expect(single.items.map(({ start: at }) => at!.dateTime)).toEqual([
      '2026-03-02T10:00:00+01:00',
      '2026-03-09T10:00:00+01:00',
      '2026-03-16T10:00:00+01:00',
      '2026-03-23T10:00:00+01:00',
      '2026-03-30T10:00:00+02:00',
      '2026-04-06T10:00:00+02:00',
      '2026-04-13T10:00:00+02:00',
      '2026-04-20T10:00:00+02:00',
    ]);
    expect(single.items[4]).toMatchObject({
      id: `${master.id}_20260330T080000Z`,
      recurringEventId: master.id,
      originalStartTime: { dateTime: '2026-03-30T10:00:00+02:00', timeZone: 'Europe/Berlin' },
    });
  });

  it('begin once in the second of two hours that are equal on the clock', async () => {
    const { admin } = await start({ now: NOW });
    const night = {
      start: { dateTime: '2026-11-01T01:30:00-05:00', timeZone: 'America/New_York' },
      end: { dateTime: '2026-11-01T02:00:00-05:00', timeZone: 'America/New_York' },
    };
    await admin.insertEvent(ADA, { ...night, recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] });
    const occurrences = await admin.listOccurrences(ADA, '2026-10-01T00:00:00Z', '2026-12-01T00:00:00Z');
    expect(occurrences.map(({ start: at }) => Date.parse(at?.dateTime ?? ''))).toEqual(
      ['2026-11-01T06:30:00Z', '2026-11-02T06:30:00Z'].map((time) => Date.parse(time)),
    );
  });

  it('show a moved occurrence as an exception and a deleted one as a bare cancelled row', async () => {
    const { api, admin } = await start({ now: NOW });
    const { id } = await admin.insertEvent(ADA, WEEKLY);
    const mirror = new Mirror(api);
    await mirror.sync();
    const moved = `${id}_20260309T090000Z`;
    const cancelled = `${id}_20260316T090000Z`;
    await api.events.patch({
      calendarId: ADA,
      eventId: moved,
      requestBody: { start: { dateTime: '2026-03-10T12:00:00Z' }, end: { dateTime: '2026-03-10T13:00:00Z' } },
    });
    await api.events.delete({ calendarId: ADA, eventId: cancelled });

    const delta = await mirror.sync();
    expect(delta).toMatchObject([
      {
        id: moved,
        start: { dateTime: '2026-03-10T13:00:00+01:00' },
        originalStartTime: { dateTime: '2026-03-09T10:00:00+01:00' },
      },
      { id: cancelled, status: 'cancelled', recurringEventId: id },
    ]);
    expect(Object.keys(delta[1]!).toSorted()).toEqual([
      'etag',
      'id',
      'kind',
      'originalStartTime',
      'recurringEventId',
      'status',
    ]);
    const listed = await listAll(api, { calendarId: ADA });
    expect(listed.items.map((item) => item.id)).toEqual([id, moved, cancelled]);
    expect((await listAll(api, { calendarId: ADA, singleEvents: true })).items).toHaveLength(7);
    expect(await failureOf(api.events.delete({ calendarId: ADA, eventId: cancelled }))).toMatchObject({
      status: 410,
      reason: 'deleted',
    });
  });

  it('answer events.get and events.instances for an occurrence', async () => {
    const { api, admin } = await start({ now: NOW });
    const { id } = await admin.insertEvent(ADA, WEEKLY);
    const eventId = `${id}_20260330T080000Z`;
    expect((await api.events.get({ calendarId: ADA, eventId })).data.summary).toBe('Weekly');
    const none = api.events.get({ calendarId: ADA, eventId: `${id}_20260330T090000Z` });
    expect(await failureOf(none)).toMatchObject({ status: 404 });
    const page = await api.events.instances({ calendarId: ADA, eventId: id, maxResults: 5 });
    expect(page.data.items).toHaveLength(5);
    const rest = await api.events.instances({
      calendarId: ADA,
      eventId: id,
      maxResults: 5,
      pageToken: page.data.nextPageToken!,
    });
    expect(rest.data.items).toHaveLength(3);
    expect((await api.events.instances({ calendarId: ADA, eventId })).data.items).toMatchObject([
      { id: eventId },
    ]);
  });

  it('reset exceptions whose occurrence is gone after the series was moved', async () => {
    const { api, admin } = await start({ now: NOW });
    const { id } = await admin.insertEvent(ADA, WEEKLY);
    await admin.patchEvent(ADA, `${id}_20260309T090000Z`, { summary: 'Once' });
    const mirror = new Mirror(api);
    await mirror.sync();
    await admin.patchEvent(ADA, id, {
      start: { dateTime: '2026-03-02T14:00:00Z' },
      end: { dateTime: '2026-03-02T15:00:00Z' },
    });
    expect((await mirror.sync()).map(({ id: each, status }) => [each, status])).toEqual([
      [id, 'confirmed'],
      [`${id}_20260309T090000Z`, 'cancelled'],
    ]);
    expect((await listAll(api, { calendarId: ADA })).items).toHaveLength(1);
    const occurrences = await admin.listOccurrences(ADA, '2026-03-01T00:00:00Z', '2026-06-01T00:00:00Z');
    expect(occurrences.map(({ summary }) => summary)).toEqual(Array.from({ length: 8 }, () => 'Weekly'));
  });

  it('split into two for "this and following"', async () => {
    const { admin } = await start({ now: NOW });
    const { id } = await admin.insertEvent(ADA, WEEKLY);
    const next = await admin.splitSeries(ADA, id, '2026-03-23T09:00:00Z', { summary: 'Later' });
    expect(next.recurrence).toEqual(['RRULE:FREQ=WEEKLY;COUNT=5']);
    expect(next.id).not.toBe(id);
    const shown = await admin.listOccurrences(ADA, '2026-03-01T00:00:00Z', '2026-06-01T00:00:00Z');
    expect(shown.map(({ summary }) => summary)).toEqual([
      ...Array.from({ length: 3 }, () => 'Weekly'),
      ...Array.from({ length: 5 }, () => 'Later'),
    ]);
  });

  it('take their exceptions along when deleted and bring them back when undeleted', async () => {
    const { api, admin } = await start({ now: NOW });
    const { id } = await admin.insertEvent(ADA, WEEKLY);
    const exception = `${id}_20260309T090000Z`;
    await admin.patchEvent(ADA, exception, { summary: 'Once' });
    const mirror = new Mirror(api);
    await mirror.sync();
    await admin.deleteEvent(ADA, id);
    expect((await mirror.sync()).map((item) => [item.id, item.status])).toEqual([[id, 'cancelled']]);
    expect((await listAll(api, { calendarId: ADA })).items).toEqual([]);
    await admin.undeleteEvent(ADA, id);
    expect((await mirror.sync()).map((item) => [item.id, item.status])).toEqual([
      [id, 'confirmed'],
      [exception, 'confirmed'],
    ]);

    await admin.setPageShape({ listChildrenOfCancelledMaster: true });
    await admin.deleteEvent(ADA, id);
    expect((await mirror.sync()).map((item) => [item.id, item.status])).toEqual([
      [id, 'cancelled'],
      [exception, 'cancelled'],
    ]);
  });

  it('deliver every occurrence after an edit with singleEvents=true, and cancel those that vanish', async () => {
    const { api, admin } = await start({ now: NOW });
    const { id } = await admin.insertEvent(ADA, WEEKLY);
    const { syncToken } = await listAll(api, { calendarId: ADA, singleEvents: true });
    await admin.patchEvent(ADA, id, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] });
    const delta = await listAll(api, { calendarId: ADA, singleEvents: true, syncToken: syncToken! });
    expect(delta.items.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 3 }, () => 'confirmed'),
      ...Array.from({ length: 5 }, () => 'cancelled'),
    ]);
    await admin.deleteEvent(ADA, id);
    const gone = await listAll(api, { calendarId: ADA, singleEvents: true, syncToken: delta.syncToken! });
    expect(gone.items.map(({ status }) => status)).toEqual(Array.from({ length: 3 }, () => 'cancelled'));
  });

  it('expand endless series up to the horizon only', async () => {
    const { api, admin } = await start({ now: NOW });
    await admin.insertEvent(ADA, { ...WEEKLY, recurrence: ['RRULE:FREQ=DAILY'] });
    await admin.setPageShape({ instanceHorizonDays: 10 });
    expect((await listAll(api, { calendarId: ADA, singleEvents: true })).items).toHaveLength(9);
  });

  it('follow RDATE and EXDATE, all-day rules and half-hour DST', async () => {
    const { admin } = await start({ now: NOW }, 'Australia/Lord_Howe');
    const allDay = await admin.insertEvent(ADA, {
      start: { date: '2026-01-31' },
      end: { date: '2026-02-01' },
      recurrence: [
        'RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260430',
        'EXDATE;VALUE=DATE:20260331',
        'RDATE;VALUE=DATE:20260315',
      ],
    });
    const shown = await admin.listOccurrences(ADA, '2026-01-01T00:00:00Z', '2026-12-01T00:00:00Z');
    expect(shown.map(({ start: at }) => at!.date)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-15',
      '2026-04-30',
    ]);
    expect(shown[1]!.id).toBe(`${allDay.id}_20260228`);
    await admin.deleteEvent(ADA, allDay.id);

    const timeZone = 'Australia/Lord_Howe';
    await admin.insertEvent(ADA, {
      start: { dateTime: '2026-04-04T08:00:00', timeZone },
      end: { dateTime: '2026-04-04T09:00:00', timeZone },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
    });
    const across = await admin.listOccurrences(ADA, '2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z');
    expect(across.map(({ start: at }) => at!.dateTime)).toEqual([
      '2026-04-04T08:00:00+11:00',
      '2026-04-05T08:00:00+10:30',
    ]);
  });

  it.each([
    [
      'no zone',
      {
        start: { dateTime: '2026-03-02T09:00:00Z' },
        end: { dateTime: '2026-03-02T10:00:00Z' },
        recurrence: ['RRULE:FREQ=DAILY'],
      },
    ],
    ['an unknown frequency', { ...WEEKLY, recurrence: ['RRULE:FREQ=OFTEN'] }],
    ['COUNT and UNTIL', { ...WEEKLY, recurrence: ['RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260401T000000Z'] }],
    ['DTSTART in recurrence', { ...WEEKLY, recurrence: ['DTSTART:20260302T090000Z'] }],
  ])('are refused with %s', async (_what, requestBody) => {
    const { api } = await start();
    expect(await failureOf(api.events.insert({ calendarId: ADA, requestBody }))).toMatchObject({
      status: 400,
    });
  });
});
