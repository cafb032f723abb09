import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventPages, listEvents, type PickedEvent } from '../../services/reading/list-occurrences.ts';
import { NotFoundError } from '../../services/errors.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await createClientFixture();
});
afterAll(() => fixture.drop());

/** A workspace with one calendar and these occurrences; answers what a range shows, by title. */
async function workspaceWith(id: string, timeZone: string, spans: [start: string, end: string][]) {
  const { accountId } = await fixture.connect(id, timeZone);
  const calendar = await fixture.addCalendar(id, accountId);
  for (const [start, end] of spans) await fixture.addOccurrence(id, calendar, start, end, { title: start });
  const titlesIn = async (from: string, to: string) =>
    (await listEvents(fixture.prisma, { workspaceId: id, from, to })).events.map(({ title }) => title);
  return { accountId, calendar, titlesIn };
}

describe('the shape of an occurrence', () => {
  it('of a series has instants in UTC and names the start the series gives it', async () => {
    const { calendar } = await workspaceWith('timed', 'Europe/Berlin', []);
    const id = await fixture.addOccurrence(
      'timed',
      calendar,
      '2026-01-05T09:00:00Z',
      '2026-01-05T10:30:00.500Z',
      {
        googleEventId: 'moved',
        sourceEventId: 'series',
        title: 'Stand-up',
        status: 'tentative',
        busy: false,
        originalStartAt: new Date('2026-01-04T09:00:00Z'),
      },
    );
    const { googleCalendarId } = await fixture.prisma.calendar.findUniqueOrThrow({ where: { id: calendar } });
    const { events } = await listEvents(fixture.prisma, {
      workspaceId: 'timed',
      from: '2026-01-05',
      to: '2026-01-06',
    });
    expect(events).toEqual([
      {
        id,
        workspaceId: 'timed',
        calendarId: calendar,
        googleCalendarId,
        googleEventId: 'moved',
        title: 'Stand-up',
        start: '2026-01-05T09:00:00Z',
        end: '2026-01-05T10:30:00.500Z',
        allDay: false,
        status: 'tentative',
        busy: false,
        originalStart: '2026-01-04T09:00:00Z',
      },
    ]);
  });

  it('that is all-day has dates, whatever the zone', async () => {
    const { calendar } = await workspaceWith('dated', 'Pacific/Kiritimati', []);
    await fixture.addOccurrence('dated', calendar, '2026-01-05', '2026-01-07', {
      originalStartDate: new Date('2026-01-05'),
    });
    await fixture.addOccurrence('dated', calendar, '2026-01-06', '2026-01-07', { title: null });
    const { events } = await listEvents(fixture.prisma, {
      workspaceId: 'dated',
      from: '2026-01-05',
      to: '2026-01-08',
    });
    expect(events).toMatchObject([
      { start: '2026-01-05', end: '2026-01-07', allDay: true, originalStart: '2026-01-05' },
      { start: '2026-01-06', end: '2026-01-07', title: null },
    ]);
    expect(events[1]).not.toHaveProperty('originalStart');
  });
});

describe('a range', () => {
  it('has what overlaps it: not what ends at its start, not what starts at its end', async () => {
    const { titlesIn } = await workspaceWith('edges', 'UTC', [
      ['2026-01-05T07:00:00Z', '2026-01-05T08:00:00Z'],
      ['2026-01-05T07:30:00Z', '2026-01-05T08:30:00Z'],
      ['2026-01-05T08:15:00Z', '2026-01-05T08:45:00Z'],
      ['2026-01-05T08:59:59Z', '2026-01-05T12:00:00Z'],
      ['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z'],
    ]);
    expect(await titlesIn('2026-01-05T08:00:00Z', '2026-01-05T09:00:00Z')).toEqual([
      '2026-01-05T07:30:00Z',
      '2026-01-05T08:15:00Z',
      '2026-01-05T08:59:59Z',
    ]);
  });

  it('has an all-day event when it touches one of its days in the zone of the workspace', async () => {
    const { titlesIn } = await workspaceWith('days', 'America/New_York', [
      ['2026-01-05', '2026-01-06'],
      ['2026-01-06', '2026-01-07'],
    ]);
    // 23:30 to 00:00 on the 5th in New York.
    expect(await titlesIn('2026-01-06T04:30:00Z', '2026-01-06T05:00:00Z')).toEqual(['2026-01-05']);
    expect(await titlesIn('2026-01-06T04:30:00Z', '2026-01-06T05:00:01Z')).toEqual([
      '2026-01-05',
      '2026-01-06',
    ]);
    expect(await titlesIn('2026-01-06T05:00:00Z', '2026-01-06T05:00:01Z')).toEqual(['2026-01-06']);
  });

  it('given in dates is whole days in the zone of the workspace', async () => {
    const { titlesIn } = await workspaceWith('dates', 'Europe/Berlin', [
      ['2026-07-04T21:30:00Z', '2026-07-04T22:00:00Z'],
      ['2026-07-04T22:00:00Z', '2026-07-04T23:00:00Z'],
      ['2026-07-05T21:59:00Z', '2026-07-05T23:00:00Z'],
      ['2026-07-05T22:00:00Z', '2026-07-05T23:00:00Z'],
    ]);
    expect(await titlesIn('2026-07-05', '2026-07-06')).toEqual([
      '2026-07-04T22:00:00Z',
      '2026-07-05T21:59:00Z',
    ]);
  });

  it('sorts an all-day event as midnight in the zone of the workspace', async () => {
    const { titlesIn } = await workspaceWith('sorted', 'Asia/Tokyo', [
      ['2026-01-04T15:30:00Z', '2026-01-04T16:00:00Z'],
      ['2026-01-05', '2026-01-06'],
      ['2026-01-04T14:30:00Z', '2026-01-04T15:30:00Z'],
    ]);
    expect(await titlesIn('2026-01-04', '2026-01-06')).toEqual([
      '2026-01-04T14:30:00Z',
      '2026-01-05',
      '2026-01-04T15:30:00Z',
    ]);
  });

  it('shows nothing of other workspaces, nor of calendars that are disabled', async () => {
    const { accountId, titlesIn } = await workspaceWith('mine', 'UTC', [['2026-01-05', '2026-01-06']]);
    const hidden = await fixture.addCalendar('mine', accountId, { enabled: false });
    await fixture.addOccurrence('mine', hidden, '2026-01-05', '2026-01-06', { title: 'hidden' });
    await workspaceWith('theirs', 'UTC', [['2026-01-05', '2026-01-06']]);
    expect(await titlesIn('2026-01-01', '2026-02-01')).toEqual(['2026-01-05']);
  });

  it('has to end after it starts', async () => {
    const { titlesIn } = await workspaceWith('empty', 'UTC', []);
    await expect(titlesIn('2026-01-05', '2026-01-05')).rejects.toThrow('to must be later than from.');
  });
});

describe('paging', () => {
  it('gives every occurrence once, also where many start at the same instant', async () => {
    const same = Array.from({ length: 7 }, (): [string, string] => [
      '2026-01-05T09:00:00Z',
      '2026-01-05T10:00:00Z',
    ]);
    await workspaceWith('paged', 'Europe/Berlin', [
      ['2026-01-05', '2026-01-06'],
      ...same,
      ['2026-01-06', '2026-01-07'],
    ]);
    const range = { workspaceId: 'paged', from: '2026-01-01', to: '2026-02-01' };
    const whole = (await listEvents(fixture.prisma, range)).events;
    expect(whole).toHaveLength(9);
    const pages: PickedEvent[][] = [];
    for await (const page of eventPages(fixture.prisma, { ...range, limit: 2 })) pages.push(page);
    expect(pages.map((page) => page.length)).toEqual([2, 2, 2, 2, 1]);
    expect(pages.flat()).toEqual(whole);
  });

  it('ends without a cursor when the last page is full', async () => {
    await workspaceWith('exact', 'UTC', [
      ['2026-01-05', '2026-01-06'],
      ['2026-01-06', '2026-01-07'],
    ]);
    const page = await listEvents(fixture.prisma, {
      workspaceId: 'exact',
      from: '2026-01-01',
      to: '2026-02-01',
      limit: 2,
    });
    expect(page.events).toHaveLength(2);
    expect(page.cursor).toBeUndefined();
  });
});

describe('filters', () => {
  it('keep what blocks time, what is tentative, or what is in some calendars', async () => {
    const { accountId, calendar } = await workspaceWith('filtered', 'UTC', [['2026-01-05', '2026-01-06']]);
    const other = await fixture.addCalendar('filtered', accountId);
    const at = ['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z'] as const;
    await fixture.addOccurrence('filtered', calendar, ...at, { title: 'free', busy: false });
    await fixture.addOccurrence('filtered', other, ...at, { title: 'maybe', status: 'tentative' });
    const titles = async (filter: object) => {
      const range = { workspaceId: 'filtered', from: '2026-01-01', to: '2026-02-01', ...filter };
      return (await listEvents(fixture.prisma, range)).events.map(({ title }) => String(title)).toSorted();
    };
    expect(await titles({})).toEqual(['2026-01-05', 'free', 'maybe']);
    expect(await titles({ busy: true })).toEqual(['2026-01-05', 'maybe']);
    expect(await titles({ busy: false })).toEqual(['free']);
    expect(await titles({ status: 'tentative' })).toEqual(['maybe']);
    expect(await titles({ calendarIds: [calendar] })).toEqual(['2026-01-05', 'free']);
    expect(await titles({ calendarIds: [calendar, other], busy: true })).toEqual(['2026-01-05', 'maybe']);
  });

  it('name calendars of the workspace only', async () => {
    await workspaceWith('asking', 'UTC', []);
    const { calendar } = await workspaceWith('asked', 'UTC', []);
    const range = { workspaceId: 'asking', from: '2026-01-01', to: '2026-02-01', calendarIds: [calendar] };
    await expect(listEvents(fixture.prisma, range)).rejects.toThrow(NotFoundError);
  });
});

describe('occurrences of any length', () => {
  it('are found by every range that they overlap', async () => {
    const HOUR_MS = 3_600_000;
    const zero = Date.parse('2026-01-05T00:00:00Z');
    const instant = (hours: number) => new Date(zero + hours * HOUR_MS).toISOString();
    const hours = [0, 1, 23, 24, 25, 48, 49, 200];
    const spans = hours.flatMap((start) => hours.map((length) => [start, start + length] as const));
    await workspaceWith(
      'lengths',
      'UTC',
      spans.map(([start, end]) => [instant(start), instant(end)]),
    );
    for (const from of [0, 24, 25, 47, 48, 49, 72, 200, 249]) {
      for (const length of [0.5, 24, 100]) {
        const range = { workspaceId: 'lengths', from: instant(from), to: instant(from + length) };
        const found: string[] = [];
        for await (const page of eventPages(fixture.prisma, { ...range, limit: 7 }))
          found.push(...page.map(({ start, end }) => `${start} ${end}`));
        const expected = spans
          .filter(([start, end]) => start < from + length && end > from)
          .map(([start, end]) => `${instant(start)} ${instant(end)}`.replaceAll('.000Z', 'Z'));
        expect(found.toSorted()).toEqual(expected.toSorted());
      }
    }
  });
});
