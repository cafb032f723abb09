import { MAX_CHANGES_PER_DELIVERY } from '../../contracts/limits.ts';
import type { Transaction } from '../../prisma/client.ts';
import { CursorExpiredError } from '../errors.ts';
import type { Batch, BatchStart, DeliveredChange, Filter } from './batch.ts';

interface Row {
  lastPosition: number;
  compactedThrough: number;
  /** Null: there is no change after the cursor. */
  position: number | null;
  type: string;
  data: { calendarId?: string };
  changedAt: Date;
}

/**
 * Reads the next changes of a workspace itself. Each is an entry of some hundred bytes: IDs, codes and times.
 * Changes that name a calendar are filtered by it.
 * @throws CursorExpiredError when some of them have been deleted
 */
export async function readWorkspaceChanges(
  transaction: Transaction,
  { workspaceId, cursor, through }: BatchStart,
  { types, calendarIds }: Filter,
): Promise<Batch> {
  const rows = await transaction.$queryRaw<Row[]>`
    select p.last_position::float8 as "lastPosition", p.compacted_through::float8 as "compactedThrough",
      c.position::float8 as position, c.type, c.data, c.changed_at as "changedAt"
    from workspace_change_positions p
    left join lateral (
      select * from workspace_changes c
      where c.workspace_id = p.workspace_id and c.position > ${cursor.position}::bigint
        and c.position <= coalesce(${through}::bigint, c.position)
      order by c.position limit ${MAX_CHANGES_PER_DELIVERY}::int
    ) c on true
    where p.workspace_id = ${workspaceId} order by c.position`;
  const [log] = rows;
  if (log === undefined) return { changes: [], cursor };
  const isKept =
    cursor.position >= log.compactedThrough || (cursor.compactedThrough ?? 0) === log.compactedThrough;
  if (!isKept || cursor.position > log.lastPosition)
    throw new CursorExpiredError('The log of the workspace no longer has what comes next: replay it.');
  const read = rows.flatMap(({ position, ...row }) => (position === null ? [] : [{ ...row, position }]));
  const isAsked = ({ type, data: { calendarId } }: Row) =>
    types.includes(type) &&
    (calendarIds.length === 0 || calendarId === undefined || calendarIds.includes(calendarId));
  const end = read.length < MAX_CHANGES_PER_DELIVERY ? (through ?? log.lastPosition) : read.at(-1)!.position;
  return { changes: read.filter(isAsked).map(toDelivered), cursor: { position: end } };
}

function toDelivered({ position, type, data, changedAt }: Row & { position: number }): DeliveredChange {
  const at = changedAt.toISOString();
  return { position, changedAt: at, entry: JSON.stringify({ type, position, ...data, changedAt: at }) };
}
