import { Command } from 'commander';
import { asWorkspace } from '../prisma/as-workspace.ts';
import type { Database } from '../prisma/client.ts';
import { readEvents } from '../services/reading/list-occurrences.ts';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { horizonAt } from './support/horizon-at.ts';
import { formatCount, printTable } from './support/report.ts';
import { withStack } from './support/stack.ts';
import { withDatabase } from './support/workspace.ts';

/** The first one is asked; the others hold as many events with the same words. */
const WORKSPACES = ['bench', 'other-1', 'other-2'];
const CALENDARS = 5;
const WORDS = 5_000;
const GUESTS = 3_000;
/** Words of a description. Every event has one of twenty words in its title. */
const DESCRIPTION_WORDS = 25;

interface Options {
  events: number;
  runs: number;
  json?: boolean;
}

async function seed(database: Database, workspaceId: string, events: number): Promise<void> {
  await database.workspace.create({ data: { id: workspaceId, timeZone: 'UTC', eventDetail: 'standard' } });
  const email = `${workspaceId}@example.com`;
  const { id: accountId } = await database.calendarAuthToken.create({
    data: { workspaceId, email, keyId: 'none', refreshToken: new Uint8Array() },
  });
  const calendars = await database.calendar.createManyAndReturn({
    data: Array.from({ length: CALENDARS }, (_, index) => ({
      workspaceId,
      accountId,
      googleCalendarId: `${index}-${email}`,
      summary: 'Work',
      timeZone: 'UTC',
      accessRole: 'owner',
    })),
  });
  const ids = calendars.map(({ id }) => id);
  const { from, to } = horizonAt(new Date());
  await database.$executeRaw`
    insert into calendar_events (calendar_id, google_event_id, kind, status, start_at, end_at, resource)
    select (${ids}::uuid[])[1 + i % ${CALENDARS}::int], 'event' || i, 'single', 'confirmed', at, at + interval '30 minutes',
      jsonb_build_object('id', 'event' || i, 'summary', 'Meeting' || i % 20 || ' of team ' || i % 400,
        'location', 'Room ' || i % 40,
        'description', (select string_agg('word' || abs(hashint4(i * 31 + n)) % ${WORDS}::int, ' ')
          from generate_series(1, ${DESCRIPTION_WORDS}::int) n),
        'attendees', (select jsonb_agg(jsonb_build_object('responseStatus', 'accepted',
          'email', 'guest' || (i * 7 + n * 13) % ${GUESTS}::int || '@example.com',
          'displayName', 'Guest ' || (i * 7 + n * 13) % ${GUESTS}::int)) from generate_series(1, 3) n))
    from (
      select i, ${from}::timestamptz + (${to}::timestamptz - ${from}::timestamptz) * i / ${events}::float8 as at
      from generate_series(0, ${events}::int - 1) i
    ) event`;
  await database.$executeRaw`
    insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, title,
      status, busy, event_type, all_day, start_at, end_at)
    select gen_random_uuid(), ${workspaceId}, calendar_id, google_event_id, google_event_id, resource ->> 'summary',
      'confirmed', true, 'default', false, start_at, end_at
    from calendar_events where calendar_id = any(${ids}::uuid[])`;
}

/** What people look for, from rare to frequent. */
const SEARCHES: readonly ((run: number) => { q?: string; attendee?: string })[] = [
  (run) => ({ q: `word${1_000 + ((run * 37) % 4_000)}` }),
  (run) => ({ q: `word${1_000 + ((run * 41) % 4_000)} meeting${run % 20}` }),
  (run) => ({ q: `meeting${run % 20} team ${100 + (run % 300)}` }),
  (run) => ({ q: `guest${1_000 + ((run * 17) % 2_000)}` }),
  (run) => ({ attendee: `guest${(run * 29) % GUESTS}@example.com` }),
];

async function measure({ events, runs }: Options) {
  return withStack(async (stack) =>
    withDatabase(stack, async (database) => {
      await stack.progress.step('Writing events', async () => {
        for (const workspaceId of WORKSPACES) await seed(database, workspaceId, events);
        await database.$executeRaw`vacuum analyze calendar_events, workspace_calendar_events`;
      });
      const { from, to } = horizonAt(new Date());
      const range = { workspaceId: 'bench', from: from.toISOString(), to: to.toISOString() };
      const tenant = asWorkspace(database, 'bench');
      const took: number[] = [];
      let found = 0;
      for (let run = -SEARCHES.length; run < runs; run += 1) {
        const search = SEARCHES[(run + SEARCHES.length) % SEARCHES.length]!(Math.abs(run));
        const startedAt = performance.now();
        const page = await readEvents(tenant, { ...range, ...search });
        if (run < 0) continue;
        took.push(performance.now() - startedAt);
        found += (JSON.parse(page.events) as unknown[]).length;
      }
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
      return { events, searches: runs, foundPerSearch: found / runs, p50Ms: at(0.5), p95Ms: at(0.95) };
    }),
  );
}

const program = new Command('bench:search')
  .description('finding events of one workspace by words and by guests, as a tenant, over the whole horizon')
  .option('--events <number>', 'events of each of three workspaces', toWholeNumber(100, 1_000_000), 100_000)
  .option('--runs <number>', 'searches', toWholeNumber(20, 100_000), 500)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<Options>();
const report = await measure(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  printTable(
    ['events of the workspace', 'found by a search', 'p50 ms', 'p95 ms'],
    [
      [
        formatCount(report.events),
        report.foundPerSearch.toFixed(0),
        report.p50Ms.toFixed(1),
        report.p95Ms.toFixed(1),
      ],
    ],
  );
}
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
