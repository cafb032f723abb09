import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { listAll } from '../support/emulator/mirror.ts';
import { richEvent } from '../support/rich-event.ts';
import { ADA, hour, start } from '../support/emulator/start.ts';

const ifMatch = (etag: string) => ({ headers: { 'If-Match': etag } });
const time = (dateTime: string) => ({ dateTime, timeZone: 'Europe/Berlin' });

describe('writes', () => {
  it('take a client ID once, also after the event was deleted', async () => {
    const { api } = await start();
    const requestBody = hour('2026-03-02T09:00:00Z', { id: 'abc0123' });
    expect((await api.events.insert({ calendarId: ADA, requestBody })).data.id).toBe('abc0123');
    const duplicate = { status: 409, reason: 'duplicate' };
    expect(await failureOf(api.events.insert({ calendarId: ADA, requestBody }))).toMatchObject(duplicate);
    expect((await api.events.delete({ calendarId: ADA, eventId: 'abc0123' })).status).toBe(204);
    expect(await failureOf(api.events.insert({ calendarId: ADA, requestBody }))).toMatchObject(duplicate);
  });

  it.each(['abcd', 'has-dash', 'UPPER', 'wxyz0'])('refuse the ID %s', async (id) => {
    const { api } = await start();
    const call = api.events.insert({ calendarId: ADA, requestBody: hour('2026-03-02T09:00:00Z', { id }) });
    expect(await failureOf(call)).toMatchObject({ status: 400, reason: 'invalid' });
  });

  it('answer 410 for a second delete and 404 for an unknown event', async () => {
    const { api, admin } = await start();
    const { id } = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await api.events.delete({ calendarId: ADA, eventId: id });
    expect(await failureOf(api.events.delete({ calendarId: ADA, eventId: id }))).toMatchObject({
      status: 410,
      reason: 'deleted',
    });
    expect(await failureOf(api.events.delete({ calendarId: ADA, eventId: 'unknown0' }))).toMatchObject({
      status: 404,
    });
    expect((await api.events.get({ calendarId: ADA, eventId: id })).data).toMatchObject({
      status: 'cancelled',
      summary: 'Event',
    });
  });

  it('merge a patch, replace arrays, remove what is null', async () => {
    const { api, admin } = await start();
    const { id } = await admin.insertEvent(ADA, {
      ...hour('2026-03-02T09:00:00Z'),
      location: 'Room 1',
      attendees: [{ email: 'a@x.org' }, { email: 'b@x.org' }],
      extendedProperties: { private: { app: 'almanac', rev: '1' } },
    });
    const requestBody: object = {
      location: null,
      attendees: [{ email: 'c@x.org' }],
      extendedProperties: { private: { rev: null, block: '7' } },
    };
    const { data } = await api.events.patch({ calendarId: ADA, eventId: id, requestBody });
    expect(data.location).toBeUndefined();
    expect(data.attendees!.map(({ email }) => email)).toEqual(['c@x.org']);
    expect(data.extendedProperties).toEqual({ private: { app: 'almanac', block: '7' } });
    expect(data.summary).toBe('Event');
  });

  it('replace everything with an update', async () => {
    const { api, admin } = await start();
    const { id } = await admin.insertEvent(ADA, { ...hour('2026-03-02T09:00:00Z'), location: 'Room 1' });
    const requestBody = { start: { date: '2026-03-05' }, end: { date: '2026-03-06' } };
    const { data } = await api.events.update({ calendarId: ADA, eventId: id, requestBody });
    expect(data).toMatchObject({ id, start: { date: '2026-03-05' } });
    expect(data.location).toBeUndefined();
    expect(data.summary).toBeUndefined();
  });

  it('change the ETag with the event and keep it when nothing changed', async () => {
    const { api, admin } = await start();
    const event = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const same = await api.events.patch({
      calendarId: ADA,
      eventId: event.id,
      requestBody: { summary: 'Event' },
    });
    expect(same.data.etag).toBe(event.etag);
    const changed = await api.events.patch({
      calendarId: ADA,
      eventId: event.id,
      requestBody: { summary: 'New' },
    });
    expect(changed.data.etag).toMatch(/^"\d{16}"$/);
    expect(changed.data.etag).not.toBe(event.etag);
    expect(changed.data.sequence).toBe(0);
  });

  it('obey If-Match and If-None-Match', async () => {
    const { api, admin } = await start();
    const event = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const params = { calendarId: ADA, eventId: event.id };
    const stale = { status: 412, reason: 'conditionNotMet', location: 'If-Match' };
    const patch = { ...params, requestBody: { summary: 'New' } };
    expect(await failureOf(api.events.patch(patch, ifMatch('"1"')))).toMatchObject(stale);
    expect(await failureOf(api.events.delete(params, ifMatch('"1"')))).toMatchObject(stale);
    expect((await api.events.patch(patch, ifMatch(event.etag!))).status).toBe(200);
    const { id: destination } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const update = { ...params, requestBody: hour('2026-03-02T09:00:00Z') };
    expect(await failureOf(api.events.update(update, ifMatch('"1"')))).toMatchObject(stale);
    expect(await failureOf(api.events.move({ ...params, destination }, ifMatch('"1"')))).toMatchObject(stale);
    const unchanged = await api.events.get(params, {
      headers: { 'If-None-Match': (await api.events.get(params)).data.etag! },
    });
    expect(unchanged.status).toBe(304);
    expect((await api.events.delete(params, ifMatch('*'))).status).toBe(204);
  });

  it('obey If-Match on an occurrence, whose first ETag is the one of its series', async () => {
    const { api, admin } = await start();
    const recurrence = ['RRULE:FREQ=DAILY;COUNT=3'];
    const { id, etag } = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z', { recurrence }));
    const second = { calendarId: ADA, eventId: `${id}_20260303T090000Z` };
    const patch = { ...second, requestBody: { summary: 'New' } };
    expect(await failureOf(api.events.patch(patch, ifMatch('"1"')))).toMatchObject({ status: 412 });
    expect(await failureOf(api.events.delete(second, ifMatch('"1"')))).toMatchObject({ status: 412 });
    expect((await api.events.patch(patch, ifMatch(etag!))).status).toBe(200);
    expect(await failureOf(api.events.delete(second, ifMatch(etag!)))).toMatchObject({ status: 412 });
    expect((await api.events.delete(second)).status).toBe(204);
    expect(await failureOf(api.events.delete(second))).toMatchObject({ status: 410, reason: 'deleted' });
    const { data } = await api.events.instances({ calendarId: ADA, eventId: id });
    expect(data.items).toHaveLength(2);
  });

  it('answer 404 for what is unknown: an event, an occurrence, a calendar, a destination', async () => {
    const { api, admin } = await start();
    const { id } = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const { id: destination } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const requestBody = { summary: 'New' };
    for (const eventId of ['unknown0', `${id}_20260303T090000Z`]) {
      const event = { calendarId: ADA, eventId };
      for (const call of [
        () => api.events.patch({ ...event, requestBody }),
        () => api.events.update({ ...event, requestBody: hour('2026-03-02T09:00:00Z') }),
        () => api.events.delete(event),
        () => api.events.move({ ...event, destination }),
        () => api.events.instances(event),
      ])
        expect(await failureOf(call())).toMatchObject({ status: 404, reason: 'notFound' });
    }
    const strange = { calendarId: 'strange@x.org', eventId: id };
    expect(await failureOf(api.events.patch({ ...strange, requestBody }))).toMatchObject({ status: 404 });
    const away = { calendarId: ADA, eventId: id, destination: 'strange@x.org' };
    expect(await failureOf(api.events.move(away))).toMatchObject({ status: 404 });
  });

  it('keep a birthday a birthday, and one of a contact as it is', async () => {
    const { api, admin } = await start();
    const birthday = {
      eventType: 'birthday',
      start: { date: '2026-03-02' },
      end: { date: '2026-03-03' },
      recurrence: ['RRULE:FREQ=YEARLY'],
      transparency: 'transparent',
      visibility: 'private',
    };
    const restricted = { status: 400, reason: 'eventTypeRestriction' };
    const { id } = await admin.insertEvent(ADA, birthday);
    const patch = (eventId: string, requestBody: object) =>
      api.events.patch({ calendarId: ADA, eventId, requestBody });
    for (const refused of [
      { description: 'Cake' },
      { recurrence: ['RRULE:FREQ=WEEKLY'] },
      { end: { date: '2026-03-04' } },
      { attendees: [{ email: 'bob@x.org' }] },
      { birthdayProperties: { type: 'custom' } },
      { extendedProperties: { private: { a: 'b' } } },
    ])
      expect(await failureOf(patch(id, refused))).toMatchObject(restricted);
    expect((await patch(id, { summary: 'Kim', colorId: '3' })).data.summary).toBe('Kim');

    const birthdayProperties = { type: 'birthday', contact: 'people/c1' };
    const { id: contact } = await admin.insertEvent(ADA, { ...birthday, birthdayProperties });
    expect(await failureOf(patch(contact, { summary: 'Kim' }))).toMatchObject(restricted);
    expect((await patch(contact, { colorId: '3' })).data.colorId).toBe('3');
    const { id: destination } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const move = api.events.move({ calendarId: ADA, eventId: contact, destination });
    expect(await failureOf(move)).toMatchObject(restricted);
  });

  it('keep a working location one day long, transparent and public', async () => {
    const { api } = await start();
    const requestBody = {
      eventType: 'workingLocation',
      start: { date: '2026-03-02' },
      end: { date: '2026-03-03' },
      transparency: 'transparent',
      visibility: 'public',
      workingLocationProperties: { type: 'homeOffice', homeOffice: {} },
    };
    const { data } = await api.events.insert({ calendarId: ADA, requestBody });
    for (const refused of [
      { end: { date: '2026-03-04' } },
      { transparency: 'opaque' },
      { visibility: 'private' },
      { workingLocationProperties: null },
    ]) {
      const patch = api.events.patch({ calendarId: ADA, eventId: data.id!, requestBody: refused as object });
      expect(await failureOf(patch)).toMatchObject({ status: 400, reason: 'malformedWorkingLocationEvent' });
    }
  });

  it('refuse what Google refuses', async () => {
    const { api, admin } = await start();
    const { id } = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const insert = (requestBody: object) => failureOf(api.events.insert({ calendarId: ADA, requestBody }));
    expect(await insert({ summary: 'x' })).toMatchObject({ status: 400, reason: 'required' });
    expect(
      await insert({ start: time('2026-03-02T10:00:00Z'), end: time('2026-03-02T09:00:00Z') }),
    ).toMatchObject({ status: 400, reason: 'timeRangeEmpty' });
    expect(await insert({ start: { date: '2026-03-02' }, end: time('2026-03-02T09:00:00Z') })).toMatchObject({
      status: 400,
    });
    expect(await insert({ start: { date: '2026-02-30' }, end: { date: '2026-03-02' } })).toMatchObject({
      status: 400,
    });
    const birthday = {
      eventType: 'birthday',
      start: { date: '2026-03-02' },
      end: { date: '2026-03-03' },
      recurrence: ['RRULE:FREQ=YEARLY'],
      transparency: 'transparent',
      visibility: 'private',
    };
    expect(await insert({ ...birthday, extendedProperties: { private: { a: 'b' } } })).toMatchObject({
      status: 400,
    });
    expect((await api.events.insert({ calendarId: ADA, requestBody: birthday })).status).toBe(200);
    const longKey = { private: { ['k'.repeat(45)]: 'v' } };
    expect(await insert({ ...hour('2026-03-02T09:00:00Z'), extendedProperties: longKey })).toMatchObject({
      status: 400,
    });
    const newType = { calendarId: ADA, eventId: id, requestBody: { eventType: 'focusTime' } };
    expect(await failureOf(api.events.patch(newType))).toMatchObject({ status: 400 });
  });

  it('import by iCalUID, twice into the same event', async () => {
    const { api } = await start();
    const requestBody = { ...hour('2026-03-02T09:00:00Z'), iCalUID: 'meeting-1@example.org' };
    const first = await api.events.import({ calendarId: ADA, requestBody });
    const second = await api.events.import({
      calendarId: ADA,
      requestBody: { ...requestBody, summary: 'New' },
    });
    expect(first.data.id).toMatch(/^_[a-v0-9]+$/);
    expect(second.data).toMatchObject({ id: first.data.id, summary: 'New' });
    expect((await listAll(api, { calendarId: ADA, iCalUID: 'meeting-1@example.org' })).items).toHaveLength(1);
  });

  it('move an event and leave a bare tombstone behind', async () => {
    const { api, admin } = await start();
    const { id: other } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const { id } = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    const { syncToken } = await listAll(api, { calendarId: ADA });
    await api.events.move({ calendarId: ADA, eventId: id, destination: other });
    const delta = await listAll(api, { calendarId: ADA, syncToken: syncToken! });
    expect(delta.items).toMatchObject([{ id, status: 'cancelled' }]);
    expect((await listAll(api, { calendarId: other })).items).toMatchObject([{ id, status: 'confirmed' }]);
  });

  it('move no single occurrence, and nothing onto an event of the same ID', async () => {
    const { api, admin } = await start();
    const { id: destination } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const recurrence = ['RRULE:FREQ=DAILY;COUNT=3'];
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z', { id: 'abc0123', recurrence }));
    const move = (eventId: string) => failureOf(api.events.move({ calendarId: ADA, eventId, destination }));
    expect(await move('abc0123_20260303T090000Z')).toMatchObject({
      status: 400,
      reason: 'cannotChangeOrganizerOfInstance',
    });
    await admin.insertEvent(
      destination,
      hour('2026-03-02T09:00:00Z', { id: 'abc0123', status: 'tentative' }),
    );
    expect(await move('abc0123')).toMatchObject({ status: 409, reason: 'duplicate' });
  });

  it('revive a deleted event when asked for status confirmed', async () => {
    const { api, admin } = await start();
    const { id } = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await admin.deleteEvent(ADA, id);
    const patch = (requestBody: object) => api.events.patch({ calendarId: ADA, eventId: id, requestBody });
    expect(await failureOf(patch({ summary: 'x' }))).toMatchObject({ status: 410, reason: 'deleted' });
    expect((await patch({ status: 'confirmed' })).data).toMatchObject({ id, status: 'confirmed' });
  });

  it('need a role that may write, and show readers no private details', async () => {
    const { api, admin } = await start();
    await admin.insertEvent(ADA, {
      ...hour('2026-03-02T09:00:00Z'),
      visibility: 'private',
      location: 'Secret',
    });
    const { id } = await admin.insertEvent(ADA, hour('2026-03-03T09:00:00Z'));
    const { id: other } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const { id: elsewhere } = await admin.insertEvent(other, hour('2026-03-03T09:00:00Z'));
    await admin.setAccessRole(ADA, ADA, 'reader');
    const insert = api.events.insert({ calendarId: ADA, requestBody: hour('2026-03-02T09:00:00Z') });
    const noAccess = { status: 403, reason: 'requiredAccessLevel' };
    expect(await failureOf(insert)).toMatchObject(noAccess);
    for (const role of ['freeBusyReader', 'reader'] as const) {
      await admin.setAccessRole(ADA, ADA, role);
      const event = { calendarId: ADA, eventId: id };
      for (const call of [
        () => api.events.patch({ ...event, requestBody: { summary: 'New' } }),
        () => api.events.update({ ...event, requestBody: hour('2026-03-02T09:00:00Z') }),
        () => api.events.delete(event),
        () => api.events.move({ ...event, destination: other }),
        () => api.events.move({ calendarId: other, eventId: elsewhere, destination: ADA }),
      ])
        expect(await failureOf(call())).toMatchObject(noAccess);
    }
    const asReader = (await listAll(api, { calendarId: ADA })).items;
    expect(asReader.map(({ summary }) => summary)).toEqual([undefined, 'Event']);
    expect(asReader[0]).not.toHaveProperty('location');
    await admin.setAccessRole(ADA, ADA, 'freeBusyReader');
    const asStranger = (await listAll(api, { calendarId: ADA })).items;
    expect(asStranger.map(({ summary }) => summary)).toEqual([undefined, undefined]);
  });

  it('store what Google shows of people, conferences, attachments and reminders', async () => {
    const { api } = await start();
    const requestBody = {
      ...hour('2026-03-02T09:00:00Z'),
      ...richEvent('Design', '2026-03-02T09:00:00Z', '2026-03-02T10:00:00Z'),
    };
    const { data } = await api.events.insert({
      calendarId: ADA,
      requestBody,
      conferenceDataVersion: 1,
      supportsAttachments: true,
    });
    const fields = 'items(attendees,attachments,reminders,extendedProperties,source,guestsCanModify)';
    const listed = await api.events.list({ calendarId: ADA, fields });
    const { attendees, attachments, reminders, extendedProperties, source, guestsCanModify } = requestBody;
    expect(listed.data.items).toEqual([
      { attendees, attachments, reminders, extendedProperties, source, guestsCanModify },
    ]);
    expect(data).toMatchObject({
      hangoutLink: expect.stringMatching(/^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/),
      conferenceData: {
        createRequest: { status: { statusCode: 'success' } },
        conferenceSolution: { name: 'Google Meet' },
        entryPoints: [{ entryPointType: 'video', uri: data.hangoutLink }],
      },
      htmlLink: expect.stringContaining('https://'),
      created: expect.any(String),
    });
  });

  it('keep a conference only where the client knows of conferences', async () => {
    const { api } = await start();
    const requestBody = hour('2026-03-02T09:00:00Z', {
      conferenceData: { createRequest: { requestId: 'a' } },
    });
    const { data } = await api.events.insert({ calendarId: ADA, requestBody });
    expect(data).not.toHaveProperty('conferenceData');
    expect(data).not.toHaveProperty('hangoutLink');
    const newer = api.events.insert({ calendarId: ADA, requestBody, conferenceDataVersion: 2 });
    expect(await failureOf(newer)).toMatchObject({ status: 400, location: 'conferenceDataVersion' });
  });
});
