import { readdirSync } from 'node:fs';
import type { Database } from '../../prisma/client.ts';
import { residentBytes } from '../support/process-memory.ts';
import { OWN } from '../support/database-server.ts';
import type { SoakMetric } from './metrics.ts';

interface SizeRow {
  name: string;
  bytes: number;
  rows: number;
}

/**
 * Tables whose rows are rewritten while their number stays: dead rows that are not vacuumed raise the bytes
 * per row.
 */
const MIRROR_TABLES = [
  'calendar_events',
  'workspace_calendar_events',
  'calendar_sync_states',
  'calendar_auth_tokens',
  'google_quotas',
];
/** These grow until their retention: what a row takes must not. */
const LOG_TABLES = ['calendar_changes', 'workspace_calendar_sync_log'];

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Tables with their indexes and TOAST. */
async function sizes(database: Database): Promise<SizeRow[]> {
  const rows: SizeRow[] = [];
  for (const name of [...MIRROR_TABLES, ...LOG_TABLES]) {
    const [row] = await database.$queryRawUnsafe<SizeRow[]>(
      `select '${name}' as name, pg_total_relation_size('${name}')::float8 as bytes,
        (select count(*)::float8 from ${name}) as rows ${OWN}`,
    );
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function bytesPerRow(all: readonly SizeRow[], names: readonly string[]): number {
  const chosen = all.filter(({ name }) => names.includes(name));
  const sum = (field: 'bytes' | 'rows') => chosen.reduce((total, row) => total + row[field], 0);
  return sum('bytes') / Math.max(1, sum('rows'));
}

interface Sources {
  database: Database;
  workerPid: number;
  apiPid: number;
}

/** One look at everything that must not grow. */
export async function takeSample({ database, workerPid, apiPid }: Sources) {
  const [connections] = await database.$queryRawUnsafe<{ count: number }[]>(
    `select count(*)::float8 as count from pg_stat_activity where datname = current_database() ${OWN}`,
  );
  const tables = await sizes(database);
  const values: Partial<Record<SoakMetric, number>> = {
    'worker RSS': residentBytes(workerPid),
    'API RSS': residentBytes(apiPid),
    'worker open files': openFiles(workerPid),
    'API open files': openFiles(apiPid),
    'Postgres connections': connections?.count ?? 0,
    'mirror tables, bytes per row': bytesPerRow(tables, MIRROR_TABLES),
    'log tables, bytes per row': bytesPerRow(tables, LOG_TABLES),
  };
  return { atMs: Date.now(), values };
}
