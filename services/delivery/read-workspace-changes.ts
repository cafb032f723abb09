import { OCCURRENCE_TYPES } from '../../contracts/delivery.ts';
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
  data: ChangeData;
  changedAt: Date;
}

interface ChangeData {
  calendarId?: string;
  /** Of a change of occurrences: whole days until the first of them. It is not delivered. */
  withinDays?: number;
  /** Begin of a span that holds more changes of occurrences than a commit names. */
  from?: string;
}

/**
 * Reads the next changes of a workspace itself. Each is an entry of some hundred bytes: IDs, codes and times.
 * Changes that name a calendar are filtered by it.
 * @throws CursorExpiredError when some of them have been deleted
 */
export async function readWorkspaceChanges(
  transaction: Transaction,
  { workspaceId, cursor, through }: BatchStart,
  filter: Filter,
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
  const end = read.length < MAX_CHANGES_PER_DELIVERY ? (through ?? log.lastPosition) : read.at(-1)!.position;
  return { changes: read.filter((row) => passes(filter, row)).map(toDelivered), cursor: { position: end } };
}

function passes({ types, calendarIds, occurrenceDays }: Filter, { type, data }: Row): boolean {
  const { calendarId, withinDays = 0, from } = data;
  const isOfOccurrences = withinDays > 0 && from !== undefined;
  const asked: readonly string[] = isOfOccurrences ? OCCURRENCE_TYPES : [type];
  return (
    asked.some((one) => types.includes(one)) &&
    withinDays <= occurrenceDays &&
    (calendarIds.length === 0 || calendarId === undefined || calendarIds.includes(calendarId))
  );
}

function toDelivered(row: Row & { position: number }): DeliveredChange {
  const { position, type, changedAt } = row;
  const { withinDays: _withinDays, ...data } = row.data;
  const at = changedAt.toISOString();
  return { position, changedAt: at, entry: JSON.stringify({ type, position, ...data, changedAt: at }) };
}
