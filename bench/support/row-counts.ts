import { OWN } from './database-server.ts';
import type { Database } from '../../prisma/client.ts';

/** The tables that a sync fills. */
type Table = 'calendar_events' | 'workspace_calendar_events' | 'calendar_changes';
export type RowCounts = Record<Table, number>;

async function forEachTable(count: (table: Table) => Promise<number>): Promise<RowCounts> {
  return {
    calendar_events: await count('calendar_events'),
    workspace_calendar_events: await count('workspace_calendar_events'),
    calendar_changes: await count('calendar_changes'),
  };
}

async function single(database: Database, selected: string): Promise<number> {
  const [row] = await database.$queryRawUnsafe<{ value: number }[]>(`select ${OWN} ${selected}`);
  return row?.value ?? 0;
}

export function countRows(database: Database): Promise<RowCounts> {
  return forEachTable((table) => single(database, `count(*)::int as value from ${table}`));
}

/** The next transaction that begins has this ID or a later one. */
export function nextTransactionId(database: Database): Promise<number> {
  return single(database, 'pg_snapshot_xmax(pg_current_snapshot())::text::float8 as value');
}

/**
 * Row versions written by that transaction and later ones: inserts and updates, also such as change nothing.
 */
export function countRowsWrittenSince(database: Database, transactionId: number): Promise<RowCounts> {
  return forEachTable((table) =>
    single(database, `count(*)::int as value from ${table} where xmin::text::float8 >= ${transactionId}`),
  );
}
