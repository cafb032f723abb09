import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../emulator/admin.ts';
import { eventSchema } from '../../services/reading/read-event.ts';
import { pickedEventSchema } from '../../services/reading/list-occurrences.ts';
import { changeWorkspace } from '../../services/workspaces.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type ConnectedCalendar, connectCalendar } from '../support/connected-calendar.ts';
import { richEvent } from '../support/rich-event.ts';
import { newRun, pullAll } from '../support/run-activity.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

let stack: SyncStack;
let temporal: TestTemporal;
let api: TestApi;
let key: string;
let calendar: ConnectedCalendar;

beforeAll(async () => {
  stack = await startSyncStack();
  temporal = await connectTestTemporal();
  api = await startTestApi({ stack: { prisma: stack.database, temporal } });
  calendar = await connectCalendar(stack, { workspaceId: 'acme' });
  await connectCalendar(stack, { workspaceId: 'globex' });
  await changeWorkspace(stack.database, 'acme', { eventDetail: 'full' });
  await insert(richEvent('Design review', `${day(7)}T09:00:00Z`, `${day(7)}T10:00:00Z`));
  await insert({
    ...richEvent('Standup', `${day(8)}T09:00:00Z`, `${day(8)}T09:15:00Z`),
    recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
    attendees: [{ email: calendar.google, responseStatus: 'tentative' }],
  });
  await insert({
    summary: 'Away',
    eventType: 'outOfOffice',
    outOfOfficeProperties: { autoDeclineMode: 'declineNone' },
    start: { dateTime: `${day(9)}T12:00:00Z` },
    end: { dateTime: `${day(9)}T13:00:00Z` },
  });
  await pullAll(stack, calendar.id, { run: newRun('acme') });
  key = await api.createKey('acme');
});
afterAll(async () => {
  await api.close();
  await temporal.close();
  await stack.close();
});

const insert = (event: EventBody) => stack.google.insertEvent(calendar.google, event);

interface Page {
  events: Record<string, unknown>[];
  detail?: string;
  nextCursor?: string;
}

async function list(query: Record<string, string> = {}): Promise<Page> {
  const range = { from: day(0), to: day(60), ...query };
  const { status, body } = await api.call(
    `/api/v1/workspaces/acme/events?${new URLSearchParams(range).toString()}`,
    {
      key,
    },
  );
  expect(status).toBe(200);
  return body as Page;
}

const titles = async (query: Record<string, string>) => (await list(query)).events.map(({ title }) => title);

describe('the events of a range', () => {
  it('have the fields that they have always had, unless others are asked for', async () => {
    const page = await list();
    expect(Object.keys(page)).toEqual(['events', 'proof']);
    expect(Object.keys(page.events[0]!)).toEqual([
      'id',
      'workspaceId',
      'calendarId',
      'googleCalendarId',
      'googleEventId',
      'title',
      'start',
      'end',
      'allDay',
      'status',
      'busy',
    ]);
  });

  it('have the fields that are asked for, in any form of a list', async () => {
    const { events, detail } = await list({ fields: 'title,location,attendees,conferenceLink,recurrence' });
    expect(detail).toBe('full');
    expect(events[0]).toEqual({
      id: expect.any(String),
      title: 'Design review',
      location: 'Turing room',
      conferenceLink: expect.stringContaining('https://meet.google.com/'),
      attendees: expect.arrayContaining([
        { email: 'alan@example.com', displayName: 'Alan Turing', responseStatus: 'declined', optional: true },
      ]),
    });
    expect(events[1]).toMatchObject({ title: 'Standup', recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] });
    for (const event of events) expect(pickedEventSchema.parse(event)).toEqual(event);
  });

  it('refuses fields that no event has', async () => {
    const answer = await api.call(
      `/api/v1/workspaces/acme/events?from=${day(0)}&to=${day(9)}&fields=title,secret`,
      { key },
    );
    expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-input' } });
  });

  it.each([
    [{ q: 'turing design' }, ['Design review']],
    [{ q: 'desi' }, ['Design review']],
    [{ q: 'hopper' }, ['Design review']],
    [{ q: 'standup' }, Array(5).fill('Standup')],
    [{ q: 'nothing like it' }, []],
    [{ attendee: 'GRACE@example.com' }, ['Design review']],
    [{ attendee: 'race@example.com' }, []],
    [{ q: 'design', attendee: 'grace@example.com' }, ['Design review']],
    [{ eventType: 'outOfOffice' }, ['Away']],
    [{ eventType: 'outOfOffice', q: 'design' }, []],
    [{ updatedSince: day(1) }, []],
    [{ updatedSince: day(-1), eventType: 'outOfOffice' }, ['Away']],
  ])('are found by %j', async (query, expected) => {
    expect(await titles(query)).toEqual(expected);
  });

  it('that were changed since are found', async () => {
    const since = new Date().toISOString();
    const { id } = await insert({
      summary: 'New',
      start: { dateTime: `${day(20)}T12:00:00Z` },
      end: { dateTime: `${day(20)}T13:00:00Z` },
    });
    await pullAll(stack, calendar.id, { run: newRun('acme') });
    expect(await titles({ updatedSince: since })).toEqual(['New']);
    await stack.google.deleteEvent(calendar.google, id);
    await pullAll(stack, calendar.id, { run: newRun('acme') });
  });

  it('that were found are paged', async () => {
    const found: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ q: 'standup', limit: '2', fields: 'start', ...(cursor && { cursor }) });
      expect(page.events.length).toBeLessThanOrEqual(2);
      found.push(...page.events.map(({ start }) => start));
      cursor = page.nextCursor;
    } while (cursor);
    expect(found).toEqual([0, 1, 2, 3, 4].map((index) => `${day(8 + index)}T09:00:00Z`));
  });

  it.each([
    ['q', ' ?! '],
    ['q', 'xx '.repeat(70)],
    ['attendee', 'nobody'],
    ['updatedSince', 'yesterday'],
  ])('are not found by %s=%s', async (field, value) => {
    const query = new URLSearchParams({ from: day(0), to: day(9), [field]: value });
    const answer = await api.call(`/api/v1/workspaces/acme/events?${query.toString()}`, { key });
    expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-input', field } });
  });

  it('are not found by a guest where no address is kept', async () => {
    const globex = await api.createKey('globex');
    const query = new URLSearchParams({ from: day(0), to: day(9), attendee: 'grace@example.com' });
    const answer = await api.call(`/api/v1/workspaces/globex/events?${query.toString()}`, { key: globex });
    expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-input', field: 'attendee' } });
  });
});

describe('one event', () => {
  const read = (id: unknown, workspaceId = 'acme', asKey = key) =>
    api.call(`/api/v1/workspaces/${workspaceId}/events/${String(id)}`, { key: asKey });

  it('is answered with everything that is kept of it', async () => {
    const [first] = (await list()).events;
    const { status, body, headers } = await read(first!['id']);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBeTruthy();
    expect(headers.get('almanac-proven-at')).toBe(body.proof.provenAt);
    expect(body.proof.calendars).toMatchObject([{ workspaceId: 'acme', calendarId: body.calendarId }]);
    expect(eventSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...first,
      detail: 'full',
      description: 'Bring the <b>drawings</b>',
      visibility: 'private',
      transparency: 'opaque',
      eventType: 'default',
      timeZone: 'Europe/Berlin',
      organizer: { email: calendar.google },
      creator: { email: calendar.google },
      conferenceData: { conferenceSolution: { name: 'Google Meet' } },
      attachments: [{ title: 'Drawings', fileUrl: 'https://drive.example.com/1' }],
      reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 10 }] },
      extendedProperties: { private: { app: 'almanac' }, shared: { project: 'engine' } },
      source: { title: 'Ticket' },
      guestsCanModify: true,
      htmlLink: expect.stringContaining('https://'),
      created: expect.any(String),
      updated: expect.any(String),
    });
  });

  it('is answered with its own answer, its type and its series', async () => {
    const { events } = await list();
    const standup = events.find(({ title }) => title === 'Standup')!;
    expect((await read(standup['id'])).body).toMatchObject({
      ownResponse: 'tentative',
      recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
    });
    await stack.google.patchEvent(
      calendar.google,
      `${String(standup['googleEventId'])}_${day(9).replaceAll('-', '')}T090000Z`,
      { summary: 'Long standup' },
    );
    await pullAll(stack, calendar.id, { run: newRun('acme') });
    const [changed] = (await list({ q: 'long' })).events;
    expect((await read(changed!['id'])).body).toMatchObject({
      title: 'Long standup',
      recurringEventId: standup['googleEventId'],
      recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
    });
    const away = events.find(({ title }) => title === 'Away')!;
    expect((await read(away['id'])).body).toMatchObject({
      eventType: 'outOfOffice',
      typeProperties: { autoDeclineMode: 'declineNone' },
    });
  });

  it('is nothing for another workspace, and not found where there is none', async () => {
    const [first] = (await list()).events;
    const globex = await api.createKey('globex');
    expect(await read(first!['id'], 'acme', globex)).toMatchObject({ status: 403 });
    expect(await read(first!['id'], 'globex', globex)).toMatchObject({ status: 404 });
    expect(await read(randomUUID())).toMatchObject({ status: 404, body: { type: 'not-found' } });
    expect(await read('nothing')).toMatchObject({ status: 400 });
  });
});
