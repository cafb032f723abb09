import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, start } from '../support/emulator/start.ts';

const guests = (...emails: string[]) => emails.map((email) => ({ email }));
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
});
