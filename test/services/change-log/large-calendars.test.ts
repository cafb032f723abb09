import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendChanges } from '../../../services/change-log/append-changes.ts';
import { connectCalendar } from '../../support/connected-calendar.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());

const EVENTS = 20_000;
const PAGE = 2_500;

it('looks the events of a page up by their keys, however large the calendar is', async () => {
  const { id: calendarId } = await connectCalendar(stack);
  await stack.database.$executeRaw`
    insert into calendar_events (calendar_id, google_event_id, kind, status, start_at, end_at, resource)
    select ${calendarId}::uuid, 'event' || number, 'single', 'confirmed', now(), now(),
      jsonb_build_object('id', 'event' || number, 'summary', repeat('long ', 80))
    from generate_series(1, ${EVENTS}::int) as number`;
  const changes = Array.from({ length: PAGE }, (_, index) => ({
    calendarId,
    googleEventId: `event${index + 1}`,
    operation: 'insert' as const,
  }));

  const read = await stack.database.$transaction(async (transaction) => {
    await appendChanges(transaction, { workspaceId: 'acme', correlationId: null }, changes);
    // Rows of the table that this transaction has read without an index.
    return transaction.$queryRaw<{ rows: number }[]>`
      select seq_tup_read::int as rows from pg_stat_xact_user_tables where relname = 'calendar_events'`;
  });
  expect(read).toEqual([{ rows: 0 }]);
  expect(await stack.database.calendarChange.count({ where: { calendarId } })).toBe(PAGE);
});
