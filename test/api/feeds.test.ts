import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import nodeIcal from 'node-ical';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { pythonHas, runPython } from '../support/python/run-python.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const DAY_MS = 86_400_000;
const inDays = (days: number, time = '09:00:00Z') =>
  `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)}T${time}`;
const day = (days: number) => inDays(days).slice(0, 10);

let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;
let key: string;
let work: string;
let home: string;

/** An occurrence with the stored event that it shows. */
async function addEvent(calendarId: string, start: string, end: string, resource: object, data: object = {}) {
  const googleEventId = `e${Math.random().toString(36).slice(2)}`;
  const times = start.includes('T')
    ? { startAt: new Date(start), endAt: new Date(end) }
    : { startDate: new Date(start), endDate: new Date(end) };
  const content = { kind: 'single', status: 'confirmed', resource: { id: googleEventId, ...resource } };
  await fixture.prisma.calendarEvent.create({ data: { calendarId, googleEventId, ...times, ...content } });
  const { summary = null } = resource as { summary?: string };
  return fixture.addOccurrence('acme', calendarId, start, end, { googleEventId, title: summary, ...data });
}

const NASTY = 'Plan; with, "quotes", a \\ and\na second line – ünïcödé 🎉 '.repeat(3).trim();

beforeAll(async () => {
  [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
  api = await startTestApi({ stack: { prisma: fixture.prisma, temporal } });
  const { accountId } = await fixture.connect('acme');
  await fixture.connect('other');
  [work, home] = [await fixture.addCalendar('acme', accountId), await fixture.addCalendar('acme', accountId)];
  key = await api.createKey('acme');
  await addEvent(work, inDays(1), inDays(1, '10:30:00Z'), {
    summary: NASTY,
    location: 'Room; 1',
    description: NASTY,
  });
  await addEvent(work, inDays(2), inDays(2, '10:00:00Z'), { summary: 'Secret', visibility: 'private' });
  await addEvent(work, day(3), day(5), { summary: 'Trip' });
  await addEvent(
    home,
    inDays(4),
    inDays(4, '10:00:00Z'),
    { summary: 'Lunch' },
    { busy: false, status: 'tentative' },
  );
  await addEvent(work, inDays(-40), inDays(-40, '10:00:00Z'), { summary: 'Long ago' });
});
afterAll(async () => {
  await api.close();
  await temporal.close();
  await fixture.drop();
});

const FEEDS = '/api/v1/workspaces/acme/feeds';

async function createFeed(body: object): Promise<{ id: string; path: string }> {
  const { status, body: created } = await api.call(FEEDS, { method: 'POST', key, body });
  expect(status).toBe(201);
  return created as { id: string; path: string };
}

interface Parsed {
  uid: string;
  start: string;
  end: string;
  allDay: boolean;
  summary: string;
  description: string | null;
  location: string | null;
  transparent: boolean;
}

const bySortedStart = (events: Parsed[]) => events.toSorted((a, b) => (a.start < b.start ? -1 : 1));

function byNodeIcal(text: string): Parsed[] {
  const events = Object.values(nodeIcal.sync.parseICS(text)).filter((one) => one?.type === 'VEVENT');
  return bySortedStart(
    events.map((event) => {
      const allDay = event.datetype === 'date';
      // An all-day event becomes midnight in the zone of the process.
      const local = (at: Date) =>
        [at.getFullYear(), at.getMonth() + 1, at.getDate()]
          .map((part) => String(part).padStart(2, '0'))
          .join('-');
      const time = (at: Date) => (allDay ? local(at) : at.toISOString());
      const textOf = (value: unknown) => (typeof value === 'string' ? value : null);
      return {
        uid: event.uid,
        start: time(event.start),
        end: time(event.end!),
        allDay,
        summary: textOf(event.summary) ?? '',
        description: textOf(event.description),
        location: textOf(event.location),
        transparent: event.transparency === 'TRANSPARENT',
      };
    }),
  );
}

const byPython = (text: string): Parsed[] =>
  bySortedStart(JSON.parse(runPython('read_icalendar.py', text)) as Parsed[]);

const PARSERS: [string, boolean, (text: string) => Parsed[]][] = [
  ['node-ical', true, byNodeIcal],
  ["Python's icalendar", pythonHas('icalendar'), byPython],
];

describe.each(PARSERS)('a feed read by %s', (_name, isThere, parse) => {
  it.runIf(isThere)('has titles, texts, instants and dates as they were written', async () => {
    const { path } = await createFeed({ name: 'Everything, "all" of it', detail: 'full' });
    const { status, headers, body } = await api.call(path, { key: null });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const events = parse(body as string);
    expect(events.map(({ uid: _uid, ...event }) => event)).toEqual([
      {
        start: `${day(1)}T09:00:00.000Z`,
        end: `${day(1)}T10:30:00.000Z`,
        allDay: false,
        summary: NASTY,
        description: NASTY,
        location: 'Room; 1',
        transparent: false,
      },
      expect.objectContaining({ summary: 'Busy', description: null }),
      expect.objectContaining({ start: day(3), end: day(5), allDay: true, summary: 'Trip' }),
      expect.objectContaining({ summary: 'Lunch', transparent: true }),
    ]);
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(4);
  });

  it.runIf(isThere)('that shows busy times has nothing else', async () => {
    const { path } = await createFeed({ name: 'Busy' });
    const { body } = await api.call(path, { key: null });
    const events = parse(body as string);
    expect(events).toHaveLength(3);
    for (const { summary, description, location } of events)
      expect([summary, description, location]).toEqual(['Busy', null, null]);
    for (const word of ['Secret', 'Trip', 'Plan', 'Room', 'Lunch']) expect(body).not.toContain(word);
  });
});

describe('a feed', () => {
  it('shows its calendars only, and none that is disabled', async () => {
    const { path } = await createFeed({ name: 'Home', detail: 'full', calendarIds: [home] });
    const summaries = async () =>
      byNodeIcal((await api.call(path, { key: null })).body as string).map(({ summary }) => summary);
    expect(await summaries()).toEqual(['Lunch']);
    await fixture.prisma.calendar.update({ where: { id: home }, data: { enabled: false } });
    expect(await summaries()).toEqual([]);
    await fixture.prisma.calendar.update({ where: { id: home }, data: { enabled: true } });
  });

  it('has an ETag that changes with its content only, and is answered with 304', async () => {
    const { path } = await createFeed({ name: 'Cached', detail: 'full' });
    const etag = (await api.call(path, { key: null })).headers.get('etag')!;
    const again = (tag: string) => api.call(path, { key: null, headers: { 'if-none-match': tag } });
    expect((await again(etag)).status).toBe(304);
    expect((await again(`W/${etag}, "other"`)).status).toBe(304);
    await addEvent(home, inDays(6), inDays(6, '10:00:00Z'), { summary: 'New' });
    const changed = await again(etag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('is revoked at once, and its secret is neither stored nor answered again', async () => {
    const { id, path } = await createFeed({ name: 'Short-lived' });
    expect((await api.call(path, { key: null })).status).toBe(200);
    const { body: feeds } = await api.call(FEEDS, { key });
    expect(feeds).toContainEqual(expect.objectContaining({ id, name: 'Short-lived', detail: 'busy' }));
    const secret = path.slice(path.lastIndexOf('_') + 1, -'.ics'.length);
    expect(JSON.stringify(feeds)).not.toContain(secret);
    const rows = await fixture.prisma.$queryRaw<object[]>`select * from calendar_feeds`;
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect((await api.call(`${FEEDS}/${id}`, { method: 'DELETE', key })).status).toBe(200);
    expect((await api.call(path, { key: null })).status).toBe(404);
    expect((await api.call(`${FEEDS}/${id}`, { method: 'DELETE', key })).status).toBe(404);
  });

  it.each([
    ['a wrong secret', (path: string) => path.replace(/.{5}\.ics$/, 'AAAAA.ics')],
    ['no secret', (path: string) => `${path.slice(0, -'_.ics'.length - 43)}.ics`],
    ['another ID', (path: string) => path.replace(/feed_.{16}/, `feed_${'0'.repeat(16)}`)],
  ])('answers 404 to %s', async (_name, change) => {
    const { path } = await createFeed({ name: 'Guarded' });
    expect((await api.call(change(path), { key: null })).status).toBe(404);
  });

  it('belongs to a workspace: others can neither name its calendars nor revoke it', async () => {
    const other = await api.createKey('other');
    const { id } = await createFeed({ name: 'Mine' });
    expect(
      (await api.call(`/api/v1/workspaces/other/feeds/${id}`, { method: 'DELETE', key: other })).status,
    ).toBe(404);
    const foreign = { method: 'POST', key: other, body: { name: 'Theirs', calendarIds: [work] } };
    expect((await api.call('/api/v1/workspaces/other/feeds', foreign)).status).toBe(404);
  });

  it('is refused with a sentence that names the field', async () => {
    const { status, body } = await api.call(FEEDS, {
      method: 'POST',
      key,
      body: { name: 'x', detail: 'all' },
    });
    expect([status, body.field]).toEqual([400, 'detail']);
  });
});
