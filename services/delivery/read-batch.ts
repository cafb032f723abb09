import { CHANGE_EVENT_TYPES, type WebhookPayload } from '../../contracts/delivery.ts';
import { MAX_CHANGES_PER_DELIVERY, MOST_DELIVERY_BYTES } from '../../contracts/limits.ts';
import type { Transaction } from '../../prisma/client.ts';
import { changeCursorSchema, formatCursor } from '../reading/change-cursor.ts';
import { readChanges, type UnparsedChange } from '../reading/changes.ts';
import type { Batch, BatchStart, DeliveredChange, Filter } from './batch.ts';
import type { DeliveryLog } from './logs.ts';
import { readWorkspaceChanges } from './read-workspace-changes.ts';

/**
 * Reads the next changes after a cursor, as many as one delivery takes.
 * @throws CursorExpiredError when some of them have been compacted
 */
export async function readBatch(
  transaction: Transaction,
  log: DeliveryLog,
  start: BatchStart,
  filter: Filter,
): Promise<Batch> {
  return log.name === 'events'
    ? readEventChanges(transaction, start, filter)
    : readWorkspaceChanges(transaction, start, filter);
}

async function readEventChanges(
  transaction: Transaction,
  { workspaceId, cursor, through }: BatchStart,
  filter: Filter,
): Promise<Batch> {
  const page = await readChanges(transaction, {
    workspaceId,
    after: formatCursor(cursor.position, cursor.compactedThrough ?? 0),
    limit: MAX_CHANGES_PER_DELIVERY,
  });
  const changes: DeliveredChange[] = [];
  let end: string | undefined;
  let bytes = 0;
  for (const change of page.changes) {
    const isAsked = passes(change, filter);
    if (isAsked) bytes += Buffer.byteLength(change.event ?? '');
    const isFull = through === null ? bytes > MOST_DELIVERY_BYTES : change.position > through;
    if (isFull && end !== undefined) return { changes, cursor: changeCursorSchema.parse(end) };
    if (isAsked) changes.push(toDelivered(change, filter.payload));
    end = change.cursor;
  }
  return { changes, cursor: changeCursorSchema.parse(through === null ? page.cursor : (end ?? page.cursor)) };
}

function passes({ operation, calendarId }: UnparsedChange, { types, calendarIds }: Filter): boolean {
  if (!types.includes(CHANGE_EVENT_TYPES[operation])) return false;
  return calendarIds.length === 0 || calendarIds.includes(calendarId);
}

/** Events are passed on as the database prints them, so that they cost their bytes and no objects. */
function toDelivered(
  { operation, event, cursor: _cursor, ...change }: UnparsedChange,
  payload: WebhookPayload,
): DeliveredChange {
  const entry = JSON.stringify({ type: CHANGE_EVENT_TYPES[operation], ...change });
  return {
    ...change,
    entry: payload === 'full' ? `${entry.slice(0, -1)},"event":${event ?? 'null'}}` : entry,
  };
}
