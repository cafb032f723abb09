import { expect, it } from 'vitest';
import { blocksTime, busyTraits } from '../../calendar/busy.ts';
import { toEventChange } from '../../calendar/event-row.ts';
import type { Database } from '../../prisma/client.ts';
import { randomEvents } from '../support/random-events.ts';
import { applyMigration, schemaVersions, withDatabase } from './schema-versions.ts';

const FIRST = '20261129050000_busy_traits';
const VERSIONS = await schemaVersions();
const MINE = '00000000-0000-4000-8000-00000000000c';
const THEIRS = '00000000-0000-4000-8000-00000000000d';

const EVENTS = [
  ...randomEvents('ada@example.com', new Date('2026-01-05T00:00:00Z'), 400, 31),
  // Fields that Google may leave out, or send as null.
  { start: { date: '2026-01-05' }, end: { date: '2026-01-09' } },
  { start: { dateTime: '2026-01-05T09:00:00Z' }, transparency: null, eventType: null, attendees: null },
  { start: { dateTime: '2026-01-05T09:00:00Z' }, attendees: [] },
  { start: { dateTime: '2026-01-05T09:00:00Z' }, attendees: [{ self: false, responseStatus: 'declined' }] },
  { start: { date: null, dateTime: '2026-01-05T09:00:00Z' }, attendees: [{ self: true }] },
].map((event, index) => ({ id: `event-${index}`, ...event }));

/** As the release before has written it: its own rule for all-day events, and no difference between calendars. */
async function writeBefore(database: Database, calendarId: string): Promise<void> {
  for (const event of EVENTS) {
    const change = toEventChange(event, 'UTC');
    if (change.op !== 'upsert') throw new Error('An event is not to be stored.');
    const { googleEventId, kind, status, start, end, eventType } = change.row;
    const time = (at: typeof start) => (at === null ? null : 'date' in at ? at.date : at.dateTime);
    const allDay = start !== null && 'date' in start;
    const [from, to] = [time(start), time(end)];
    const [startAt, endAt, startDate, endDate] = allDay ? [null, null, from, to] : [from, to, null, null];
    await database.$executeRaw`
      insert into calendar_events (calendar_id, google_event_id, kind, status, start_at, end_at, start_date, end_date, resource)
      values (${calendarId}::uuid, ${googleEventId}, ${kind}, ${status}, ${startAt}::timestamptz, ${endAt}::timestamptz,
        ${startDate}::date, ${endDate}::date, ${JSON.stringify(event)}::jsonb)`;
    await database.$executeRaw`
      insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, status,
        busy, event_type, all_day, start_at, end_at, start_date, end_date)
      values (gen_random_uuid(), 'acme', ${calendarId}::uuid, ${googleEventId}, ${googleEventId}, ${status},
        ${!allDay}, ${eventType}, ${allDay}, ${startAt}::timestamptz, ${endAt}::timestamptz,
        ${startDate}::date, ${endDate}::date)`;
  }
}

const read = (database: Database) =>
  database.$queryRaw<{ calendarId: string; id: string; busy: boolean; traits: string[] | null }[]>`
    select calendar_id::text as "calendarId", google_event_id as id, busy, traits
    from workspace_calendar_events order by calendar_id, google_event_id`;

it('brings traits and busy flags of stored occurrences in line with their events', async () => {
  await withDatabase(async (database) => {
    for (const version of VERSIONS.filter((name) => name < FIRST)) await applyMigration(database, version);
    await database.$executeRaw`insert into workspaces (id, time_zone) values ('acme', 'UTC')`;
    await database.$executeRaw`
      insert into calendar_auth_tokens (id, workspace_id, email, key_id, refresh_token)
      values (${MINE}::uuid, 'acme', 'ada@example.com', 'key', '')`;
    await database.$executeRaw`
      insert into calendars (id, workspace_id, account_id, google_calendar_id, summary, time_zone, access_role)
      values (${MINE}::uuid, 'acme', ${MINE}::uuid, 'ada@example.com', '', 'UTC', 'owner'),
        (${THEIRS}::uuid, 'acme', ${MINE}::uuid, 'bob@example.com', '', 'UTC', 'reader')`;
    await writeBefore(database, MINE);
    await writeBefore(database, THEIRS);

    for (const version of VERSIONS.filter((name) => name >= FIRST)) await applyMigration(database, version);

    const found = new Map((await read(database)).map((row) => [`${row.calendarId} ${row.id}`, row]));
    expect(found.size).toBe(2 * EVENTS.length);
    for (const event of EVENTS) {
      const traits = busyTraits(event);
      const said = JSON.stringify(event);
      expect(found.get(`${MINE} ${event.id}`), said).toMatchObject({ busy: blocksTime(event), traits });
      expect(found.get(`${THEIRS} ${event.id}`), said).toMatchObject({ busy: false, traits });
    }
  });
}, 60_000);

it('marks what a worker of the release before writes later as not looked at', async () => {
  await withDatabase(async (database) => {
    for (const version of VERSIONS) await applyMigration(database, version);
    await database.$executeRaw`insert into workspaces (id, time_zone) values ('acme', 'UTC')`;
    await database.$executeRaw`
      insert into calendar_auth_tokens (id, workspace_id, email, key_id, refresh_token)
      values (${MINE}::uuid, 'acme', 'ada@example.com', 'key', '')`;
    await database.$executeRaw`
      insert into calendars (id, workspace_id, account_id, google_calendar_id, summary, time_zone, access_role)
      values (${MINE}::uuid, 'acme', ${MINE}::uuid, 'ada@example.com', '', 'UTC', 'owner')`;
    await writeBefore(database, MINE);
    expect(new Set((await read(database)).map(({ traits }) => traits))).toEqual(new Set([null]));
  });
}, 60_000);
