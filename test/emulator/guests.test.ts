import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, start } from '../support/emulator/start.ts';

const guests = (...emails: string[]) => emails.map((email) => ({ email }));
const patchOf = (emulator: Emulator, body: object, query: object = {}) =>
  emulator.api.events.patch({ calendarId: ADA, eventId: 'abc0123', ...query, requestBody: body });
const MEETING = hour('2026-03-02T09:00:00Z', {
  id: 'abc0123',
  attendees: guests('bob@x.org', 'eve@example.com'),
});

type Emulator = Awaited<ReturnType<typeof start>>;

/** `kind to` of every mail, in order. */
async function mailsOf({ admin }: Emulator): Promise<string[]> {
  return (await admin.mails()).map(({ kind, to }) => `${kind} ${to}`);
}

describe('mails to guests', () => {
  it('are recorded for an insert, a change, a removed guest and a deletion', async () => {
    const emulator = await start();
    const { api } = emulator;
    const event = { calendarId: ADA, eventId: 'abc0123', sendUpdates: 'all' };
    await api.events.insert({ calendarId: ADA, sendUpdates: 'all', requestBody: MEETING });
    await api.events.patch({ ...event, requestBody: { location: 'Room 2' } });
    await api.events.patch({ ...event, requestBody: { colorId: '3' } });
    await api.events.patch({ ...event, requestBody: { attendees: guests('bob@x.org', 'kim@x.org') } });
    await api.events.delete(event);
    expect(await mailsOf(emulator)).toEqual([
      'invitation bob@x.org',
      'invitation eve@example.com',
      'update bob@x.org',
      'update eve@example.com',
      'cancellation eve@example.com',
      'invitation kim@x.org',
      'cancellation bob@x.org',
      'cancellation kim@x.org',
    ]);
  });

  it.each([
    ['none', []],
    [undefined, []],
    ['externalOnly', ['invitation bob@x.org']],
  ])('follow sendUpdates=%s', async (sendUpdates, expected) => {
    const emulator = await start();
    const query = sendUpdates === undefined ? {} : { sendUpdates };
    await emulator.api.events.insert({ calendarId: ADA, ...query, requestBody: MEETING });
    expect(await mailsOf(emulator)).toEqual(expected);
  });

  it('are not sent again when a refused or repeated write changes nothing', async () => {
    const emulator = await start();
    const { api } = emulator;
    const insert = () => api.events.insert({ calendarId: ADA, sendUpdates: 'all', requestBody: MEETING });
    await insert();
    expect(await failureOf(insert())).toMatchObject({ status: 409 });
    const { summary } = MEETING;
    await api.events.patch({
      calendarId: ADA,
      eventId: 'abc0123',
      sendUpdates: 'all',
      requestBody: { summary },
    });
    expect(await mailsOf(emulator)).toHaveLength(2);
  });
});

describe('mails of a series', () => {
  const WEEKLY = { ...MEETING, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] };
  const SECOND = 'abc0123_20260309T090000Z';
  const THIRD = 'abc0123_20260316T090000Z';

  it('go out once for each changed or deleted occurrence, which becomes an exception', async () => {
    const emulator = await start();
    const { api, admin } = emulator;
    await api.events.insert({ calendarId: ADA, requestBody: WEEKLY });
    const second = { calendarId: ADA, eventId: SECOND, sendUpdates: 'all' };
    await api.events.patch({ ...second, requestBody: { location: 'Room 2' } });
    const { attendees } = WEEKLY;
    const moved = hour('2026-03-10T09:00:00Z', { attendees: attendees!, location: 'Room 2' });
    const { data } = await api.events.update({ ...second, requestBody: moved });
    expect(data).toMatchObject({ id: SECOND, recurringEventId: 'abc0123' });
    expect(data.originalStartTime?.dateTime).toBe('2026-03-09T10:00:00+01:00');
    await api.events.delete({ ...second, eventId: THIRD });
    const cancelled = (await admin.mails()).slice(-2);
    expect(cancelled).toMatchObject([
      { kind: 'cancellation', eventId: THIRD },
      { kind: 'cancellation', eventId: THIRD },
    ]);
    expect(await mailsOf(emulator)).toHaveLength(6);
    const { data: listed } = await api.events.instances({
      calendarId: ADA,
      eventId: 'abc0123',
      showDeleted: true,
    });
    expect(listed.items?.map(({ id, status, location }) => [id, status, location])).toEqual([
      ['abc0123_20260302T090000Z', 'confirmed', undefined],
      [SECOND, 'confirmed', 'Room 2'],
      [THIRD, 'cancelled', undefined],
      ['abc0123_20260323T090000Z', 'confirmed', undefined],
    ]);
  });

  it('go out for a move to another calendar as an update, once to each guest', async () => {
    const emulator = await start();
    const { api, admin } = emulator;
    const { id: destination } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    await api.events.insert({
      calendarId: ADA,
      requestBody: { ...WEEKLY, attendees: guests(ADA, 'bob@x.org', 'eve@example.com') },
    });
    await api.events.patch({ calendarId: ADA, eventId: SECOND, requestBody: { location: 'Room 2' } });
    const move = { calendarId: ADA, eventId: 'abc0123', destination };
    const { data } = await api.events.move({ ...move, sendUpdates: 'all' });
    expect(data.organizer).toEqual({ email: destination, self: true });
    expect(await mailsOf(emulator)).toEqual(['update bob@x.org', 'update eve@example.com']);
    const exception = await api.events.get({ calendarId: destination, eventId: SECOND });
    expect(exception.data).toMatchObject({ location: 'Room 2', organizer: { email: destination } });
    expect(await failureOf(api.events.move(move))).toMatchObject({ status: 410 });
  });
});

describe('a conference', () => {
  const request = (requestId: string) => ({ conferenceData: { createRequest: { requestId } } });

  it('is made once for a request ID, and only with conferenceDataVersion=1', async () => {
    const { api } = await start();
    const insert = { calendarId: ADA, requestBody: { ...MEETING, ...request('r1') } };
    const { data: without } = await api.events.insert(insert);
    expect(without.conferenceData).toBeUndefined();
    const event = { calendarId: ADA, eventId: 'abc0123' };
    const patch = (body: object, conferenceDataVersion?: number) =>
      api.events.patch({ ...event, conferenceDataVersion, requestBody: body });
    const { data: made } = await patch(request('r1'), 1);
    expect(made.hangoutLink).toMatch(/^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/);
    expect(made.conferenceData?.createRequest?.status?.statusCode).toBe('success');
    expect(made.conferenceData?.entryPoints?.[0]?.uri).toBe(made.hangoutLink);
    expect((await patch(request('r1'), 1)).data.hangoutLink).toBe(made.hangoutLink);
    expect((await patch({ location: 'Room 2' })).data.hangoutLink).toBe(made.hangoutLink);
    expect((await patch(request('r2'), 1)).data.hangoutLink).not.toBe(made.hangoutLink);
    const { data: removed } = await patch({ conferenceData: null }, 1);
    expect([removed.conferenceData, removed.hangoutLink]).toEqual([undefined, undefined]);
  });
});

describe('a change with attendeesOmitted', () => {
  const rows = [
    { email: ADA, responseStatus: 'needsAction', self: true },
    { email: 'bob@x.org', responseStatus: 'accepted' },
  ];

  it('changes only the answer of the calendar itself', async () => {
    const emulator = await start();
    const insert = { calendarId: ADA, requestBody: { ...MEETING, attendees: rows } };
    await emulator.api.events.insert(insert);
    const body = {
      attendeesOmitted: true,
      attendees: [
        { email: ADA, responseStatus: 'tentative', comment: 'Perhaps', optional: true },
        { email: 'bob@x.org', responseStatus: 'declined' },
        { email: 'new@x.org' },
      ],
    };
    const { data } = await patchOf(emulator, body, { sendUpdates: 'all' });
    expect(data.attendees).toEqual([
      { email: ADA, responseStatus: 'tentative', comment: 'Perhaps', self: true },
      rows[1],
    ]);
    expect(data).not.toHaveProperty('attendeesOmitted');
    expect(await mailsOf(emulator)).toEqual([]);
  });

  it('changes nothing where the calendar is no guest', async () => {
    const emulator = await start();
    const { data: before } = await emulator.api.events.insert({ calendarId: ADA, requestBody: MEETING });
    const attendees = [{ email: ADA, responseStatus: 'accepted' }];
    const { data } = await patchOf(emulator, { attendeesOmitted: true, attendees });
    expect([data.etag, data.attendees]).toEqual([before.etag, before.attendees]);
  });
});

describe("a guest's copy", () => {
  const COPY = hour('2026-03-02T09:00:00Z', {
    iCalUID: 'uid@x.org',
    organizer: { email: 'boss@x.org' },
    attendees: [{ email: ADA }, { email: 'boss@x.org', organizer: true, responseStatus: 'accepted' }],
  });
  const answers = (responseStatus: string) => ({
    attendees: [
      { email: ADA, responseStatus },
      { email: 'boss@x.org', organizer: true, responseStatus: 'accepted' },
    ],
  });

  it('takes an answer, a colour and reminders, and refuses what only the organizer may change', async () => {
    const { api } = await start();
    const { data } = await api.events.import({ calendarId: ADA, requestBody: COPY });
    const patch = (requestBody: object) =>
      api.events.patch({ calendarId: ADA, eventId: data.id!, requestBody });
    for (const allowed of [answers('declined'), { colorId: '3' }, { reminders: { useDefault: false } }])
      expect((await patch(allowed)).status).toBe(200);
    for (const refused of [{ summary: 'Mine' }, { attendees: guests(ADA) }, { location: 'Here' }])
      expect(await failureOf(patch(refused))).toMatchObject({
        status: 403,
        reason: 'forbiddenForNonOrganizer',
      });
  });

  it('is open to guests who may modify it', async () => {
    const { api } = await start();
    const { data } = await api.events.import({
      calendarId: ADA,
      requestBody: { ...COPY, guestsCanModify: true },
    });
    const patch = { calendarId: ADA, eventId: data.id!, requestBody: { summary: 'Ours' } };
    expect((await api.events.patch(patch)).data.summary).toBe('Ours');
  });

  it('mails nobody when the guest deletes it, and cannot be moved', async () => {
    const emulator = await start();
    const { api, admin } = emulator;
    const { data } = await api.events.import({ calendarId: ADA, requestBody: COPY });
    const { id: destination } = await admin.createCalendar(ADA, { summary: 'Other', timeZone: 'UTC' });
    const copy = { calendarId: ADA, eventId: data.id!, sendUpdates: 'all' };
    expect(await failureOf(api.events.move({ ...copy, destination }))).toMatchObject({
      status: 400,
      reason: 'cannotChangeOrganizer',
    });
    await api.events.delete(copy);
    expect(await mailsOf(emulator)).toEqual([]);
  });
});

describe("a guest's answer", () => {
  const BOSS = 'boss@x.org';
  const UID = 'abc0123@google.com';
  const PEOPLE = [{ email: BOSS, organizer: true, responseStatus: 'accepted' }, ...guests(ADA, 'kim@x.org')];

  /** A series of the boss, and Ada's copy of it. */
  async function invited() {
    const emulator = await start();
    const { api, admin } = emulator;
    await admin.createUser({ email: BOSS });
    const series = { ...MEETING, attendees: PEOPLE, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] };
    await admin.insertEvent(BOSS, series);
    const { id: _id, ...copy } = series;
    const requestBody = { ...copy, iCalUID: UID, organizer: { email: BOSS } };
    const { data } = await api.events.import({ calendarId: ADA, requestBody });
    const answer = (eventId: string, responseStatus: string, sendUpdates?: string) =>
      api.events.patch({
        calendarId: ADA,
        eventId,
        ...(sendUpdates !== undefined && { sendUpdates }),
        requestBody: { attendeesOmitted: true, attendees: [{ email: ADA, responseStatus }] },
      });
    const answersAtBoss = async () =>
      (await admin.listEvents(BOSS)).map(({ id, attendees }) => [
        id,
        attendees?.map(({ responseStatus }) => responseStatus),
      ]);
    return { ...emulator, copyId: data.id!, answer, answersAtBoss };
  }

  it("reaches the organizer's event, and the organizer by mail as sendUpdates says", async () => {
    const world = await invited();
    await world.answer(world.copyId, 'accepted', 'all');
    await world.answer(world.copyId, 'accepted', 'all');
    await world.answer(world.copyId, 'tentative', 'none');
    await world.answer(world.copyId, 'declined');
    expect(await mailsOf(world)).toEqual([`answer ${BOSS}`]);
    expect(await world.answersAtBoss()).toEqual([['abc0123', ['accepted', 'declined', 'needsAction']]]);
    await world.answer(world.copyId, 'accepted', 'externalOnly');
    expect(await mailsOf(world)).toEqual([`answer ${BOSS}`, `answer ${BOSS}`]);
  });

  it('for one occurrence becomes an exception at both', async () => {
    const world = await invited();
    await world.answer(`${world.copyId}_20260309T090000Z`, 'declined', 'all');
    expect(await world.answersAtBoss()).toEqual([
      ['abc0123', ['accepted', 'needsAction', 'needsAction']],
      ['abc0123_20260309T090000Z', ['accepted', 'declined', 'needsAction']],
    ]);
    expect(await mailsOf(world)).toEqual([`answer ${BOSS}`]);
  });

  it('still is mailed to an organizer whose calendar is elsewhere', async () => {
    const world = await invited();
    await world.admin.removeCalendar(BOSS);
    await world.answer(world.copyId, 'accepted', 'all');
    expect(await mailsOf(world)).toEqual([`answer ${BOSS}`]);
  });
});
