import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { AlreadyExistsError } from '../errors.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import { requireWorkspace } from '../workspaces.ts';
import type { ArchivedRows, RestoredTable } from './archived-rows.ts';
import { parseArchive, RESTORED_TABLES } from './parse-archive.ts';
import { readArchive } from './read-archive.ts';

/** A workspace that has rows in one of them is not empty. */
const MUST_BE_EMPTY = [...RESTORED_TABLES.slice(1), 'schedule_runs', 'calendar_auth_tokens'].filter(
  (table) => !['task_dependencies', 'declined_slots', 'habit_skips'].includes(table),
);
const ROWS_PER_STATEMENT = 1_000;
/** For ten thousand tasks with all that belongs to them. */
const LONGEST_IMPORT_MS = 5 * 60_000;
/** Columns that hold IDs of the workspace's own rows. */
const OWN_IDS = ['id', 'task_id', 'after_task_id', 'habit_id', 'after_habit_id', 'before_habit_id'];
/** Blocks with a place in a plan. */
const PLACED = ['planned', 'writing', 'written'];
/** The first half of a SHA-256 hash, as a UUID. */
const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/;

export interface ImportReport {
  workspaceId: string;
  /** Instant that the archive shows. */
  snapshotAt: string;
  /** Number of restored rows by table. */
  rows: Record<string, number>;
}

/**
 * Restores tasks, habits, hours, policy, permits and the blocks to come from an archive, all or nothing, into a
 * workspace that has none of them. Under its former ID a workspace gets rows with their former IDs; under another
 * one, IDs that follow from the former ones. Calendars and events are listed anew from Google.
 * @throws InvalidInputError when the archive is damaged or breaks a rule, AlreadyExistsError when the workspace is
 *   not empty.
 */
export async function importWorkspace(
  database: Database,
  workspaceId: string,
  path: string,
): Promise<ImportReport> {
  const { id } = await requireWorkspace(database, workspaceId);
  const { manifest, lines } = await readArchive(path, RESTORED_TABLES);
  const archived = parseArchive(lines);
  const idOf = (former: string) => (manifest.workspaceId === id ? former : derivedId(id, former));
  const rows: Record<string, number> = {};
  const restore = async (transaction: Transaction) => {
    await transaction.$executeRaw`
      select set_config('statement_timeout', ${String(LONGEST_IMPORT_MS)}, true)`;
    await transaction.$queryRaw`select from workspaces where id = ${id} for no key update`;
    await requireEmpty(transaction, id);
    const restored = await toRestored(transaction, archived);
    for (const table of RESTORED_TABLES) {
      rows[table] = restored[table].length;
      if (table === 'workspaces') await restoreWorkspace(transaction, id, restored.workspaces[0]!);
      else await insertRows(transaction, id, table, restored[table], idOf);
    }
  };
  await database.$transaction(restore, { timeout: LONGEST_IMPORT_MS });
  return { workspaceId: id, snapshotAt: manifest.snapshotAt, rows };
}

async function requireEmpty(transaction: Transaction, workspaceId: string): Promise<void> {
  for (const table of MUST_BE_EMPTY) {
    const [row] = await transaction.$queryRaw<{ used: boolean }[]>`
      select exists (select from ${Prisma.raw(table)} where workspace_id = ${workspaceId}) as used`;
    if (row?.used)
      throw new AlreadyExistsError(
        `Workspace ${workspaceId} is not empty: it has rows in ${table}. Create another one, and import into that.`,
      );
  }
}

/** Blocks that are over are history; those with guests are events of people, which Google has. */
async function toRestored(transaction: Transaction, archived: ArchivedRows): Promise<ArchivedRows> {
  const now = await readClock(transaction);
  const isToCome = (block: ArchivedRows['scheduled_blocks'][number]) =>
    PLACED.includes(block.status) &&
    block.pinned_because !== 'meeting' &&
    (block.task_id ?? block.habit_id) !== null &&
    new Date(block.end_at) > now;
  return {
    ...archived,
    scheduled_blocks: archived.scheduled_blocks
      .filter(isToCome)
      .map((block) => ({ ...block, status: 'planned' as const })),
  };
}

async function restoreWorkspace(
  transaction: Transaction,
  id: string,
  { name, time_zone: timeZone, event_detail: eventDetail, writing }: ArchivedRows['workspaces'][number],
): Promise<void> {
  await transaction.workspace.update({ where: { id }, data: { name, timeZone, eventDetail, writing } });
}

async function insertRows(
  transaction: Transaction,
  workspaceId: string,
  table: Exclude<RestoredTable, 'workspaces'>,
  rows: readonly object[],
  idOf: (former: string) => string,
): Promise<void> {
  const toRow = (row: object) => ({
    ...Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        OWN_IDS.includes(column) && typeof value === 'string' ? idOf(value) : (value as unknown),
      ]),
    ),
    ...(!WITHOUT_WORKSPACE.includes(table) && { workspace_id: workspaceId }),
  });
  for (let first = 0; first < rows.length; first += ROWS_PER_STATEMENT) {
    const some = rows.slice(first, first + ROWS_PER_STATEMENT).map(toRow);
    const columns = Prisma.raw(Object.keys(some[0] ?? {}).join(', '));
    await transaction.$executeRaw`
      insert into ${Prisma.raw(table)} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${Prisma.raw(table)}, ${toJsonb(some)}::jsonb)`;
  }
}

const WITHOUT_WORKSPACE: readonly string[] = ['declined_slots', 'habit_skips'];

function derivedId(workspaceId: string, former: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([workspaceId, former]))
    .digest('hex');
  return hash.replace(UUID_PARTS, '$1-$2-$3-$4-$5');
}
