import { CHANGE_EVENT_TYPES } from '../../contracts/delivery.ts';
import { MAX_CHANGES_PER_DELIVERY, MOST_DELIVERY_BYTES } from '../../contracts/limits.ts';
import type { Transaction } from '../../prisma/client.ts';
import { type ChangeCursor, changeCursorSchema, formatCursor } from '../reading/change-cursor.ts';
import { readChanges, type UnparsedChange } from '../reading/changes.ts';

export interface Filter {
  types: readonly string[];
  /** Empty: all. */
  calendarIds: readonly string[];
}

/** Next changes of a workspace's log. */
interface Batch {
  /** Those that the filter lets pass. */
  changes: UnparsedChange[];
  /** End of what was read, whether it passes or not. */
  cursor: ChangeCursor;
}

/**
 * Reads the next changes after a cursor, as many as one delivery takes.
 * @param through last position of a delivery that is repeated
 * @throws CursorExpiredError when some of them have been compacted
 */
export async function readBatch(
  transaction: Transaction,
  { workspaceId, cursor, through }: { workspaceId: string; cursor: ChangeCursor; through: number | null },
  filter: Filter,
): Promise<Batch> {
  const page = await readChanges(transaction, {
    workspaceId,
    after: formatCursor(cursor.position, cursor.compactedThrough ?? 0),
    limit: MAX_CHANGES_PER_DELIVERY,
  });
  const changes: UnparsedChange[] = [];
  let end: string | undefined;
  let bytes = 0;
  for (const change of page.changes) {
    const isAsked = passes(change, filter);
    if (isAsked) bytes += Buffer.byteLength(change.event ?? '');
    const isFull = through === null ? bytes > MOST_DELIVERY_BYTES : change.position > through;
    if (isFull && end !== undefined) return { changes, cursor: changeCursorSchema.parse(end) };
    if (isAsked) changes.push(change);
    end = change.cursor;
  }
  return { changes, cursor: changeCursorSchema.parse(through === null ? page.cursor : (end ?? page.cursor)) };
}

function passes({ operation, calendarId }: UnparsedChange, { types, calendarIds }: Filter): boolean {
  if (!types.includes(CHANGE_EVENT_TYPES[operation])) return false;
  return calendarIds.length === 0 || calendarIds.includes(calendarId);
}
