import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForbiddenError, InvalidInputError, WorkspaceNotFoundError } from '../../../services/errors.ts';
import type { AvailabilityInput } from '../../../services/availability/availability-input.ts';
import { findAvailability } from '../../../services/availability/find-availability.ts';
import { addPermit, removePermit } from '../../../services/availability/permits.ts';
import { setCalendarEnabled } from '../../../services/calendars.ts';
import { setHours } from '../../../services/planning/hours.ts';
import { asWorkspace } from '../../../prisma/as-workspace.ts';
import { type ClientFixture, createClientFixture } from '../../support/client-fixture.ts';

const MONDAY = { from: '2026-01-05', to: '2026-01-06' };
const NOW = new Date('2026-01-01T00:00:00Z');
/** Midnights of Berlin. */
const MIDNIGHT = '2026-01-04T23:00:00Z';
const NEXT_MIDNIGHT = '2026-01-05T23:00:00Z';

let fixture: ClientFixture;
let acme: string;
let other: string;
let globex: string;

beforeAll(async () => {
  fixture = await createClientFixture();
  await fixture.setClock(NOW);
  const syncState = {
    provenAt: new Date('2025-12-31T12:00:00Z'),
    horizonFrom: new Date('2025-10-01T00:00:00Z'),
    horizonTo: new Date('2027-01-01T00:00:00Z'),
  };
  for (const id of ['acme', 'globex', 'empty']) {
    const { accountId } = await fixture.connect(id, id === 'globex' ? 'America/New_York' : 'Europe/Berlin');
    await fixture.prisma.calendarAuthToken.update({
      where: { id: accountId },
      data: { calendarListSyncedAt: NOW },
    });
    if (id === 'empty') continue;
    const calendarId = await fixture.addCalendar(id, accountId, { syncState });
    if (id === 'globex') globex = calendarId;
    else acme = calendarId;
    if (id === 'acme')
      other = await fixture.addCalendar(id, accountId, {
        syncState: { ...syncState, provenAt: new Date('2025-12-31T11:00:00Z') },
      });
  }
});
afterAll(() => fixture.drop());
beforeEach(async () => {
  for (const table of [
    'workspace_calendar_events',
    'scheduled_blocks',
    'tasks',
    'availability_permits',
    'calendar_hours',
  ])
    await fixture.prisma.$executeRawUnsafe(`delete from ${table}`);
});

const ask = (input: Partial<AvailabilityInput> = {}) =>
  findAvailability(fixture.prisma, { workspaceIds: ['acme'], windows: [MONDAY], ...input });
const busyOf = async (input: Partial<AvailabilityInput> = {}) =>
  (await ask(input)).people.map(({ busy }) => busy.map(({ start, end }) => `${start}/${end}`));
const event = async (start: string, end: string, data: object = {}, calendarId = acme) =>
  fixture.addOccurrence(calendarId === globex ? 'globex' : 'acme', calendarId, start, end, data);

describe('busy times', () => {
  it('are merged over the calendars of a workspace, and cut at the windows', async () => {
    await event('2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z');
    await event('2026-01-05T09:30:00Z', '2026-01-05T11:00:00Z', {}, other);
    await event('2026-01-05T11:00:00Z', '2026-01-05T11:30:00Z', {}, other);
    await event('2026-01-05T22:30:00Z', '2026-01-06T03:00:00Z');
    await event('2026-01-05T14:00:00Z', '2026-01-05T15:00:00Z', { busy: false });
    await event('2026-01-06T14:00:00Z', '2026-01-06T15:00:00Z');
    expect(await busyOf()).toEqual([
      ['2026-01-05T09:00:00Z/2026-01-05T11:30:00Z', `2026-01-05T22:30:00Z/${NEXT_MIDNIGHT}`],
    ]);
  });

  it('hold what lasts for days, and all-day events in the zone of the workspace', async () => {
    await event('2026-01-02T09:00:00Z', '2026-01-05T01:00:00Z');
    await event('2026-01-05', '2026-01-06', {}, globex);
    expect(await busyOf({ workspaceIds: ['acme', 'globex'] })).toEqual([
      [`${MIDNIGHT}/2026-01-05T01:00:00Z`],
      // Midnight of New York comes six hours later.
      [`2026-01-05T05:00:00Z/${NEXT_MIDNIGHT}`],
    ]);
  });

  it('lack those of disabled calendars', async () => {
    await event('2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z', {}, other);
    await setCalendarEnabled(fixture.prisma, other, false);
    expect(await busyOf()).toEqual([[]]);
    await setCalendarEnabled(fixture.prisma, other, true);
    expect((await busyOf())[0]).toHaveLength(1);
  });

  it('are of several windows, each with its own', async () => {
    await event('2026-01-05T09:00:00Z', '2026-01-07T10:00:00Z');
    expect(await busyOf({ windows: [MONDAY, { from: '2026-01-07', to: '2026-01-08' }] })).toEqual([
      [`2026-01-05T09:00:00Z/${NEXT_MIDNIGHT}`, '2026-01-06T23:00:00Z/2026-01-07T10:00:00Z'],
    ]);
  });

  it('are refused where there are too many to read', async () => {
    await fixture.prisma.$executeRaw`
      insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, status,
        busy, event_type, all_day, start_at, end_at)
      select gen_random_uuid(), 'acme', ${acme}::uuid, 'e' || i, 'e' || i, 'confirmed', true, 'default', false,
        '2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z' from generate_series(1, 50001) i`;
    await expect(ask()).rejects.toThrow(/^windows must hold at most 50000 busy times/);
  });
});

describe('planned blocks', () => {
  const block = async (start: string, end: string, data: object = {}) => {
    const task = await fixture.prisma.task.create({
      data: { workspaceId: 'acme', title: 'Write', durationMinutes: 60 },
    });
    const googleEventId = randomUUID().replaceAll('-', '');
    const { id } = await fixture.prisma.scheduledBlock.create({
      data: {
        workspaceId: 'acme',
        kind: 'task',
        taskId: task.id,
        calendarId: acme,
        googleEventId,
        startAt: new Date(start),
        endAt: new Date(end),
        status: 'written',
        ...data,
      },
    });
    const mirror = (from = start, until = end) =>
      event(from, until, { googleEventId, sourceEventId: googleEventId });
    return { id, taskId: task.id, mirror };
  };
  const [START, END] = ['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z'];

  it('are busy, free, or free and named, and their events do not count beside them', async () => {
    const { id, mirror } = await block(START, END);
    await mirror();
    expect(await busyOf()).toEqual([[`${START}/${END}`]]);
    expect(await busyOf({ movable: 'free' })).toEqual([[]]);
    const { people } = await ask({ movable: 'ask' });
    expect(people).toEqual([
      { workspaceId: 'acme', busy: [], movable: [{ start: START, end: END, blockId: id }] },
    ]);
  });

  it.each([
    ['pinned', { pinnedBecause: 'locked' }],
    ['a meeting', { pinnedBecause: 'meeting' }],
    ['so soon that no plan moves it', { startAt: NOW, endAt: new Date('2026-01-01T01:00:00Z') }],
  ])('stay where they are if they are %s', async (_what, data) => {
    const { mirror } = await block(START, END, data);
    if (!('startAt' in data)) await mirror();
    const windows = [{ from: '2026-01-01', to: '2026-01-06' }];
    expect((await busyOf({ movable: 'free', windows }))[0]).toHaveLength(1);
  });

  it('count where a person has moved their event, and there only', async () => {
    const { mirror } = await block(START, END);
    await mirror('2026-01-05T15:00:00Z', '2026-01-05T16:00:00Z');
    expect(await busyOf({ movable: 'ask' })).toEqual([['2026-01-05T15:00:00Z/2026-01-05T16:00:00Z']]);
  });

  it('are free once their task is done, although their event is still there', async () => {
    const { taskId, mirror } = await block(START, END);
    await mirror();
    await fixture.prisma.task.update({ where: { id: taskId }, data: { status: 'done' } });
    expect(await busyOf()).toEqual([[]]);
  });

  it('count once if another account mirrors their calendar', async () => {
    const { id, mirror } = await block(START, END);
    await mirror();
    const { googleCalendarId } = await fixture.prisma.calendar.findUniqueOrThrow({ where: { id: acme } });
    const account = await fixture.prisma.calendarAuthToken.create({
      data: { workspaceId: 'acme', email: 'second@example.com', keyId: 'k', refreshToken: new Uint8Array(1) },
    });
    const seen = await fixture.addCalendar('acme', account.id);
    await fixture.prisma.calendar.update({ where: { id: seen }, data: { googleCalendarId } });
    const { googleEventId } = await fixture.prisma.scheduledBlock.findUniqueOrThrow({ where: { id } });
    await event(START, END, { googleEventId, sourceEventId: googleEventId }, seen);
    expect(await busyOf({ movable: 'free' })).toEqual([[]]);
    await fixture.prisma.calendarAuthToken.delete({ where: { id: account.id } });
  });
});

describe('slots', () => {
  const starts = async (slots: AvailabilityInput['slots'], input: Partial<AvailabilityInput> = {}) => {
    const answer = await ask({ ...input, slots });
    return answer.slots?.map(({ start }) => start);
  };

  it('lie in the hours of each workspace, in its zone', async () => {
    await setHours(fixture.prisma, 'globex', { type: 'work', days: ['mon'], blocks: ['08:00-12:00'] });
    // 9 to 17 in Berlin, and 14 to 18 there.
    const asked = { durationMinutes: 60, granularityMinutes: 60, prefer: ['earliest'] } as const;
    expect(await starts({ ...asked, prefer: ['earliest'] }, { workspaceIds: ['acme', 'globex'] })).toEqual([
      '2026-01-05T13:00:00Z',
      '2026-01-05T14:00:00Z',
      '2026-01-05T15:00:00Z',
    ]);
    expect(await starts({ ...asked, prefer: ['earliest'], hours: 'any', most: 2 })).toEqual([
      MIDNIGHT,
      '2026-01-05T00:00:00Z',
    ]);
  });

  it('keep buffers, also to what lies outside the windows', async () => {
    await event('2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z');
    const windows = [{ from: '2026-01-05T10:00:00Z', to: '2026-01-05T12:00:00Z' }];
    const slots = { durationMinutes: 60, bufferBeforeMinutes: 30, prefer: ['earliest' as const] };
    expect(await starts(slots, { windows })).toEqual([
      '2026-01-05T10:30:00Z',
      '2026-01-05T10:45:00Z',
      '2026-01-05T11:00:00Z',
    ]);
  });

  it('need every workspace, or as many of each group as is said', async () => {
    await event('2026-01-05T14:00:00Z', NEXT_MIDNIGHT);
    const input = { workspaceIds: ['acme', 'globex'] };
    const slots = { durationMinutes: 60, hours: 'any' as const, most: 1, prefer: ['latest' as const] };
    expect(await starts(slots, input)).toEqual(['2026-01-05T13:00:00Z']);
    const groups = [{ workspaceIds: ['acme', 'globex'], atLeast: 1 }];
    const answer = await ask({ ...input, slots: { ...slots, groups } });
    expect(answer.slots).toEqual([
      {
        start: '2026-01-05T22:00:00Z',
        end: NEXT_MIDNIGHT,
        workspaceIds: ['globex'],
        movable: [],
        score: 1,
        reason: { code: 'latest', values: { latest: 1 } },
      },
    ]);
  });

  it('start on the clock of the zone', async () => {
    const slots = { durationMinutes: 60, granularityMinutes: 60 as const, hours: 'any' as const, most: 1 };
    const windows = [{ from: '2026-01-05T00:00:00Z', to: '2026-01-06T00:00:00Z' }];
    expect(await starts(slots, { windows, timeZone: 'Asia/Kolkata' })).toEqual(['2026-01-05T00:30:00Z']);
  });
});

describe('the proof', () => {
  it('is that of each calendar that counts, and the earliest of all', async () => {
    const { proof, gaps } = await ask({ workspaceIds: ['acme', 'globex'] });
    expect(proof.provenAt).toBe('2025-12-31T11:00:00.000Z');
    expect(new Set(proof.calendars)).toEqual(
      new Set([
        { workspaceId: 'acme', calendarId: acme, provenAt: '2025-12-31T12:00:00.000Z' },
        { workspaceId: 'acme', calendarId: other, provenAt: '2025-12-31T11:00:00.000Z' },
        { workspaceId: 'globex', calendarId: globex, provenAt: '2025-12-31T12:00:00.000Z' },
      ]),
    );
    expect(gaps).toEqual([]);
  });

  it('is missing where a calendar has none, and the gap is named', async () => {
    await fixture.prisma.calendarSyncState.update({ where: { calendarId: other }, data: { provenAt: null } });
    const { proof, gaps } = await ask();
    expect(proof.provenAt).toBeNull();
    expect(gaps).toEqual([{ workspaceId: 'acme', calendarId: other, code: 'neverSynced' }]);
    await fixture.prisma.calendarSyncState.update({
      where: { calendarId: other },
      data: { provenAt: new Date('2025-12-31T11:00:00Z') },
    });
  });

  it.each([
    ['inaccessible', { status: 'inaccessible' }, {}],
    ['missing', { missingSince: NOW }, {}],
    ['leftOut', {}, { unreadableIds: ['x'] }],
    ['outsideHorizon', {}, { horizonTo: new Date('2026-01-05T12:00:00Z') }],
  ])('comes with the gap %s', async (code, calendar, syncState) => {
    const before = await fixture.prisma.calendar.findUniqueOrThrow({
      where: { id: other },
      include: { syncState: true },
    });
    await fixture.prisma.calendar.update({ where: { id: other }, data: calendar });
    await fixture.prisma.calendarSyncState.update({ where: { calendarId: other }, data: syncState });
    expect((await ask()).gaps).toEqual([{ workspaceId: 'acme', calendarId: other, code }]);
    const { status, missingSince } = before;
    const { unreadableIds, horizonTo } = before.syncState!;
    await fixture.prisma.calendar.update({ where: { id: other }, data: { status, missingSince } });
    await fixture.prisma.calendarSyncState.update({
      where: { calendarId: other },
      data: { unreadableIds, horizonTo },
    });
  });

  it('is missing for a workspace without a calendar, and for one whose calendars are unknown', async () => {
    expect(await ask({ workspaceIds: ['empty'] })).toMatchObject({
      proof: { provenAt: null, calendars: [{ workspaceId: 'empty', provenAt: null }] },
      gaps: [{ workspaceId: 'empty', code: 'noCalendar' }],
    });
    await fixture.prisma.calendarAuthToken.updateMany({
      where: { workspaceId: 'empty' },
      data: { calendarListSyncedAt: null },
    });
    expect((await ask({ workspaceIds: ['empty'] })).gaps).toEqual([
      { workspaceId: 'empty', code: 'neverListed' },
    ]);
  });
});

describe('a workspace', () => {
  const asGlobex = (workspaceIds: string[]) =>
    findAvailability(
      asWorkspace(fixture.prisma, 'globex'),
      { workspaceIds, windows: [MONDAY], movable: 'ask', timeZone: 'Europe/Berlin' },
      'permitted',
    );

  it('reads its own time, and that of another one while that permits it', async () => {
    await event('2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z');
    expect((await asGlobex(['globex'])).people).toEqual([{ workspaceId: 'globex', busy: [], movable: [] }]);
    await expect(asGlobex(['globex', 'acme'])).rejects.toThrow(ForbiddenError);
    await addPermit(fixture.prisma, 'globex', 'acme');
    await expect(asGlobex(['acme'])).rejects.toThrow(ForbiddenError);
    await addPermit(fixture.prisma, 'acme', 'globex');
    expect((await asGlobex(['globex', 'acme'])).people[1]!.busy).toHaveLength(1);
    await removePermit(fixture.prisma, 'acme', 'globex');
    await expect(asGlobex(['acme'])).rejects.toThrow(ForbiddenError);
  });

  it('learns of another one busy times and one proof, and no ID', async () => {
    await event('2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z');
    const task = await fixture.prisma.task.create({
      data: { workspaceId: 'acme', title: 'Write', durationMinutes: 60 },
    });
    const times = { startAt: new Date('2026-01-05T12:00:00Z'), endAt: new Date('2026-01-05T13:00:00Z') };
    await fixture.prisma.scheduledBlock.create({
      data: { workspaceId: 'acme', kind: 'task', taskId: task.id, status: 'written', ...times },
    });
    await fixture.prisma.calendar.update({ where: { id: other }, data: { status: 'inaccessible' } });
    await addPermit(fixture.prisma, 'acme', 'globex');
    expect(await asGlobex(['acme'])).toEqual({
      timeZone: 'Europe/Berlin',
      people: [
        {
          workspaceId: 'acme',
          // The block that could move, too.
          busy: [
            { start: '2026-01-05T09:00:00Z', end: '2026-01-05T10:00:00Z' },
            { start: '2026-01-05T12:00:00Z', end: '2026-01-05T13:00:00Z' },
          ],
          movable: [],
        },
      ],
      proof: {
        provenAt: '2025-12-31T11:00:00.000Z',
        calendars: [{ workspaceId: 'acme', provenAt: '2025-12-31T11:00:00.000Z' }],
      },
      gaps: [{ workspaceId: 'acme', code: 'incomplete' }],
    });
    await fixture.prisma.calendar.update({ where: { id: other }, data: { status: 'active' } });
  });

  it('cannot tell one that does not exist from one that permits nothing', async () => {
    const messageOf = async (id: string) => {
      const error = await asGlobex([id]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ForbiddenError);
      return (error as Error).message.replace(id, '…');
    };
    expect(await messageOf('acme')).toBe(await messageOf('nobody'));
    await expect(ask({ workspaceIds: ['nobody'] })).rejects.toThrow(WorkspaceNotFoundError);
  });
});

describe('a question', () => {
  it.each<[string, Partial<AvailabilityInput>]>([
    ['workspaceIds', { workspaceIds: [] }],
    ['workspaceIds', { workspaceIds: ['acme', 'acme'] }],
    ['windows', { windows: [{ from: '2026-01-01', to: '2026-04-04' }] }],
    ['windows.0.to', { windows: [{ from: '2026-01-02', to: '2026-01-01' }] }],
    [
      'slots.groups.0.workspaceIds',
      { slots: { durationMinutes: 30, groups: [{ workspaceIds: ['globex'] }] } },
    ],
    [
      'slots.groups.0.atLeast',
      { slots: { durationMinutes: 30, groups: [{ workspaceIds: ['acme'], atLeast: 2 }] } },
    ],
    ['slots.durationMinutes', { slots: { durationMinutes: 4 } }],
    ['slots.most', { slots: { durationMinutes: 30, most: 201 } }],
    ['slots.prefer', { slots: { durationMinutes: 30, prefer: ['earliest', 'earliest'] } }],
  ])('is refused for its %s', async (field, input) => {
    const error = await ask(input).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).field).toBe(field);
  });

  it('may span 92 days over a change of clocks', async () => {
    expect((await ask({ windows: [{ from: '2026-01-05', to: '2026-04-07' }] })).people).toHaveLength(1);
  });

  it('may mix dates with instants before midnight of UTC', async () => {
    const windows = [{ from: '2026-01-05', to: '2026-01-04T23:30:00Z' }];
    expect((await ask({ windows })).people).toHaveLength(1);
  });
});
