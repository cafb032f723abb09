import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const ROWS = 7;
const PER_PAGE = 3;
const FOUR_MEGABYTES = 4 * 1_024 * 1_024;

let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;

beforeAll(async () => {
  [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
  const { prisma } = fixture;
  api = await startTestApi({ stack: { prisma, temporal } });
  const { accountId } = await fixture.connect('acme');
  for (let n = 1; n <= ROWS; n++) {
    await fixture.addCalendar('acme', accountId, { summary: `Calendar ${n % 2}` });
    if (n > 1) await fixture.connect(`tenant-${n}`);
  }
  // Rows that were made in one statement have one time: only the ID tells them apart.
  await prisma.$executeRaw`
    insert into tasks (workspace_id, title, duration_minutes)
    select 'acme', 'Task ' || n, 30 from generate_series(1, ${ROWS}::int) n`;
  await prisma.$executeRaw`
    insert into habits (workspace_id, title, rrule, start_date, duration_minutes, min_minutes)
    select 'acme', 'Habit ' || n, 'FREQ=DAILY', '2026-01-05', 30, 30 from generate_series(1, ${ROWS}::int) n`;
  await prisma.$executeRaw`
    insert into scheduled_blocks (workspace_id, kind, start_at, end_at, status)
    select 'acme', 'task', now() + interval '1 day', now() + interval '2 days', 'written'
    from generate_series(1, ${ROWS}::int) n`;
  await prisma.$executeRaw`
    insert into dead_letters (workspace_id, operation, workflow_id, run_id, failure_type)
    select 'acme', 'plan-' || n, 'w', 'r' || n, 'Internal' from generate_series(1, ${ROWS}::int) n`;
  await prisma.$executeRaw`
    insert into calendar_auth_tokens (id, workspace_id, email, key_id, refresh_token)
    select gen_random_uuid(), 'acme', 'user' || n || '@example.com', 'k', ''
    from generate_series(2, ${ROWS}::int) n`;
}, 120_000);
afterAll(async () => {
  await api.close();
  await temporal.close();
  await fixture.drop();
});

const LISTS = ['tasks', 'habits', 'blocks', 'calendars', 'accounts', 'dead-letters'].map(
  (name) => `/api/v1/workspaces/acme/${name}`,
);

describe('a list', () => {
  it.each([...LISTS, '/api/v1/workspaces', '/api/v1/dead-letters'])(
    '%s is read whole at once, and page by page without a loss',
    async (path) => {
      const whole = await api.call(path);
      expect(whole).toMatchObject({ status: 200 });
      expect(whole.body).toHaveLength(ROWS);
      expect(whole.headers.get('x-next-cursor')).toBeNull();

      const rows: unknown[] = [];
      const sizes: number[] = [];
      let next: string | null = `${path}?limit=${PER_PAGE}`;
      while (next !== null) {
        const page = await api.call(next);
        expect(page.status).toBe(200);
        rows.push(...page.body);
        sizes.push(page.body.length);
        const link = page.headers.get('link');
        next = link === null ? null : (/^<([^>]+)>; rel="next"$/.exec(link)?.[1] ?? null);
        expect(page.headers.has('x-next-cursor')).toBe(next !== null);
      }
      expect(rows.map((row) => (row as { id: string }).id)).toEqual(
        whole.body.map(({ id }: { id: string }) => id),
      );
      expect(sizes).toEqual([3, 3, 1]);
    },
  );

  it.each(LISTS)('%s refuses a limit or a cursor that it has not given out', async (path) => {
    for (const query of ['limit=0', 'limit=10001', 'limit=1e2', 'cursor=x', 'cursor=e30', 'cursor=bnVsbA'])
      expect(await api.call(`${path}?${query}`)).toMatchObject({
        status: 400,
        body: { type: 'invalid-input' },
      });
  });

  it('reads the calendars of a status page by page, and its health is that of all of them', async () => {
    const path = '/api/v1/workspaces/acme/status';
    const { body: whole } = await api.call(path);
    expect(whole.calendars).toHaveLength(ROWS);
    expect(whole.nextCursor).toBeUndefined();
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await api.call(`${path}?limit=${PER_PAGE}${cursor ? `&cursor=${cursor}` : ''}`);
      expect(body.health).toBe(whole.health);
      ids.push(...body.calendars.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor);
    expect(ids).toEqual(whole.calendars.map(({ id }: { id: string }) => id));
  });
});

describe('a list of long rows', () => {
  it('ends its pages at four megabytes, and loses no row', async () => {
    const { prisma } = fixture;
    await prisma.workspace.create({ data: { id: 'long', timeZone: 'UTC' } });
    await prisma.$executeRaw`
      insert into tasks (workspace_id, title, duration_minutes)
      select 'long', repeat('長', 500), 30 from generate_series(1, 4000) n`;
    const ids = new Set<string>();
    let pages = 0;
    let cursor: string | null = null;
    do {
      const page = await api.call(
        `/api/v1/workspaces/long/tasks${cursor === null ? '' : `?cursor=${cursor}`}`,
      );
      expect(Number(page.headers.get('content-length'))).toBeLessThan(FOUR_MEGABYTES * 1.1);
      for (const { id } of page.body) ids.add(id);
      cursor = page.headers.get('x-next-cursor');
      pages += 1;
    } while (cursor !== null);
    expect(ids.size).toBe(4_000);
    expect(pages).toBeGreaterThan(1);
  });

  it('does so for events of long titles', async () => {
    const { accountId } = await fixture.connect('titles');
    const calendarId = await fixture.addCalendar('titles', accountId);
    for (let n = 0; n < 12; n++)
      await fixture.addOccurrence(
        'titles',
        calendarId,
        `2026-01-05T${10 + n}:00:00Z`,
        '2026-01-06T00:00:00Z',
        {
          title: 'x'.repeat(1_000_000),
        },
      );
    const ids = new Set<string>();
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await api.call(
        `/api/v1/workspaces/titles/events?from=2026-01-05&to=2026-01-07${cursor ? `&cursor=${cursor}` : ''}`,
      );
      for (const { id } of body.events) ids.add(id);
      sizes.push(body.events.length);
      cursor = body.nextCursor;
    } while (cursor);
    expect(ids.size).toBe(12);
    expect(sizes).toEqual([4, 4, 4]);
  });
});
