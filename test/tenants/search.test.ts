import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asWorkspace } from '../../prisma/as-workspace.ts';
import { createPrismaClient, type Database, type Transaction } from '../../prisma/client.ts';
import { API_ROLE } from '../../prisma/database-logins.ts';
import { buildSearchIndex } from '../../prisma/search-index.ts';
import { foundEvents, type Search } from '../../services/reading/find-events.ts';
import { createTestDatabase, databaseAs, type TestDatabase } from '../support/database.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const EVENTS = 4_000;

let database: TestDatabase;
let prisma: Database;

beforeAll(async () => {
  database = await createTestDatabase(2);
  prisma = database.prisma;
  for (const workspaceId of ['acme', 'globex']) {
    await seedWorkspace(prisma, workspaceId);
    await prisma.$executeRaw`
      insert into calendar_events (calendar_id, google_event_id, kind, status, start_at, end_at, resource)
      select (select id from calendars where workspace_id = ${workspaceId} order by id limit 1), 'e' || n, 'single',
        'confirmed', now(), now() + interval '1 hour', jsonb_build_object('id', 'e' || n,
          'summary', 'Meeting ' || n || ' of ' || ${workspaceId}::text, 'description', 'Word' || n % 500,
          'location', 'Stand-up room', 'attendees', jsonb_build_array(jsonb_build_object(
            'email', 'Guest' || n % 40 || '@example.com', 'displayName', 'Guest number ' || n % 40)))
      from generate_series(1, ${EVENTS}::int) n`;
  }
  await prisma.$executeRaw`vacuum analyze calendar_events`;
});
afterAll(() => database.drop());

async function find(from: Database | Transaction, workspaceId: string, search: Search): Promise<string[]> {
  const rows = await from.$queryRaw<{ calendarId: string; id: string }[]>`
    select found.calendar_id as "calendarId", found.google_event_id as id
    from (${foundEvents(workspaceId, search)}) found order by id`;
  const calendars = await prisma.calendar.findMany({
    where: { id: { in: rows.map(({ calendarId }) => calendarId) } },
  });
  const workspaceOf = new Map(calendars.map((calendar) => [calendar.id, calendar.workspaceId]));
  return rows.map(({ calendarId, id }) => `${workspaceOf.get(calendarId)} ${id}`);
}

/** Scans of the table of events in the running transaction, by their kind. */
async function scans(transaction: Transaction) {
  const [row] = await transaction.$queryRaw<{ index: number; sequential: number }[]>`
    select idx_scan::int as index, seq_scan::int as sequential
    from pg_stat_xact_user_tables where relname = 'calendar_events'`;
  return row!;
}

describe('a search', () => {
  it.each([
    ['a title', { q: 'meeting 17 acme' }, 'acme e17'],
    ['the beginning of the last word', { q: '17 meeti' }, 'acme e17'],
    ['part of a word with a hyphen', { q: 'up 17 meeting' }, 'acme e17'],
    ['a description', { q: 'word499' }, 'acme e499'],
    ['an address', { q: 'guest7@example.com 47' }, 'acme e47'],
    ['part of an address', { q: 'guest7 47 example' }, 'acme e47'],
    ['a guest, by any case', { q: '47', attendee: 'guest7@example.com' }, 'acme e47'],
    ['letters that a query language would read', { q: "'meeting' & !17 <-> \\ 17:*" }, 'acme e17'],
  ])('finds %s', async (_what, search, expected) => {
    expect(await find(asWorkspace(prisma, 'acme'), 'acme', search)).toContain(expected);
  });

  it('finds nothing that lacks one of the words', async () => {
    expect(await find(asWorkspace(prisma, 'acme'), 'acme', { q: 'meeting nowhere' })).toEqual([]);
    expect(await find(asWorkspace(prisma, 'acme'), 'acme', { q: 'eeting' })).toEqual([]);
  });

  it('takes no other address for that of a guest', async () => {
    const found = await find(prisma, 'acme', { attendee: 'guest4@example.com' });
    expect(found).toHaveLength(EVENTS / 40);
  });

  it('reads from an index as a tenant, and no other table of events', async () => {
    const acme = asWorkspace(prisma, 'acme');
    await acme.$transaction(async (transaction) => {
      const before = await scans(transaction);
      expect(await find(transaction, 'acme', { q: 'word499' })).toHaveLength(EVENTS / 500);
      const after = await scans(transaction);
      expect(after.index).toBeGreaterThan(before.index);
      expect(after.sequential).toBe(before.sequential);
    });
  });

  it('shows a tenant nothing of another workspace, whatever it asks', async () => {
    const acme = asWorkspace(prisma, 'acme');
    const all = await find(acme, 'acme', { q: 'meeting' });
    expect(all).toHaveLength(EVENTS);
    expect(all.filter((line) => !line.startsWith('acme '))).toEqual([]);
    expect(await find(acme, 'globex', { q: 'meeting' })).toEqual([]);
    expect(await find(asWorkspace(prisma, 'nobody'), 'acme', { q: 'meeting' })).toEqual([]);
  });

  it('is not for the login of the API outside of a workspace', async () => {
    const api = createPrismaClient({ databaseUrl: await databaseAs(prisma, API_ROLE), poolSize: 1 });
    await expect(find(api, 'acme', { q: 'meeting' })).rejects.toThrow(/permission denied/);
    expect(await find(asWorkspace(api, 'acme'), 'acme', { q: 'word499' })).toHaveLength(EVENTS / 500);
    await api.$disconnect();
  });

  it('cannot be led to other tables by the tables of its session', async () => {
    const acme = asWorkspace(prisma, 'acme');
    const found = await acme.$transaction(async (transaction) => {
      await transaction.$executeRaw`create temporary table calendars (id uuid, workspace_id text) on commit drop`;
      await transaction.$executeRaw`
        insert into pg_temp.calendars select calendar_id, 'acme' from public.calendar_events limit 1`;
      await transaction.$executeRaw`set local search_path = pg_temp, public`;
      return transaction.$queryRaw<{ id: string }[]>`
        select google_event_id as id from (${foundEvents('acme', { q: 'word499' })}) found`;
    });
    expect(found).toHaveLength(EVENTS / 500);
  });
});

describe('the index of searches', () => {
  it('is built again after a build that was interrupted', async () => {
    const isValid = async () => {
      const [row] = await prisma.$queryRaw<{ valid: boolean }[]>`
        select indisvalid as valid from pg_index where indexrelid = 'calendar_events_words_idx'::regclass`;
      return row!.valid;
    };
    expect(await isValid()).toBe(true);
    await prisma.$executeRaw`
      update pg_index set indisvalid = false where indexrelid = 'calendar_events_words_idx'::regclass`;
    await buildSearchIndex(prisma);
    expect(await isValid()).toBe(true);
    await buildSearchIndex(prisma);
  });
});
