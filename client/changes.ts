import { z } from 'zod';
import type { GoogleEvent } from '../calendar/google-event.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import { changeCursorSchema, formatCursor, isCurrent } from './change-cursor.ts';
import { CursorExpiredError } from './errors.ts';
import { parseInput, workspaceIdSchema } from './input.ts';
import { requireWorkspace } from './workspaces.ts';

/** An event has a kilobyte as a rule, and fifty at worst. */
export const MAX_CHANGES_PER_PAGE = 1_000;
const DEFAULT_PAGE_SIZE = 500;

const changesSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** `cursor` of the page before; 0: from the beginning. */
  after: changeCursorSchema.prefault('0'),
  limit: z
    .int()
    .min(1)
    .max(MAX_CHANGES_PER_PAGE, `must be at most ${MAX_CHANGES_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});
export type ChangesRequest = z.input<typeof changesSchema>;

/** What a sync, a repair or a disconnection did to one event of the mirror. */
export interface Change {
  /** 1, 2, 3, … within the workspace, in the order of commits. */
  position: number;
  /** Reads on after this change. */
  cursor: string;
  operation: 'insert' | 'update' | 'delete';
  calendarId: string;
  googleEventId: string;
  /** Of the run that did it, as in the run log. */
  correlationId: string | null;
  /** When it was committed. */
  changedAt: string;
  /** As Google sent it. Null: it was deleted, or what it said has been purged, and its deletion follows. */
  event: GoogleEvent | null;
}

export interface ChangePage {
  changes: Change[];
  /** Where the next page starts, when there is one. */
  cursor: string;
  /** More changes are there already. */
  more: boolean;
}

interface LogRow {
  lastPosition: number;
  compactedThrough: number;
  /** Null: nothing comes after the cursor. */
  position: number | null;
  operation: Change['operation'];
  calendarId: string;
  googleEventId: string;
  correlationId: string | null;
  changedAt: Date;
  event: GoogleEvent | null;
}

/**
 * One page of a workspace's change log, oldest first. Positions are given in the order of commits, so that no change
 * ever appears behind a cursor. Applied in order (an insert or update says what the event is now, whatever was known
 * of it before), the log from 0 is the mirror.
 * @throws CursorExpiredError when changes after the cursor have been compacted, or the log is shorter: read anew from 0.
 */
export async function listChanges(
  database: Database | Transaction,
  request: ChangesRequest,
): Promise<ChangePage> {
  const { workspaceId, after, limit } = parseInput(changesSchema, request);
  // One statement: rows and what has been compacted are of one moment.
  const rows = await database.$queryRaw<LogRow[]>`
    select coalesce(p.last_position, 0)::float8 as "lastPosition",
      coalesce(p.compacted_through, 0)::float8 as "compactedThrough",
      c.position::float8 as position, c.operation, c.calendar_id::text as "calendarId",
      c.google_event_id as "googleEventId", c.correlation_id as "correlationId", c.changed_at as "changedAt",
      c.resource as event
    from workspaces w
    left join calendar_change_positions p on p.workspace_id = w.id
    left join lateral (
      select * from calendar_changes
      where workspace_id = w.id and position > ${after.position}::bigint
      order by position limit ${limit + 1}::int
    ) c on true
    where w.id = ${workspaceId}
    order by c.position`;
  const [log] = rows;
  if (log === undefined) {
    await requireWorkspace(database, workspaceId);
    return { changes: [], cursor: formatCursor(after.position, 0), more: false };
  }
  if (!isCurrent(after, log)) {
    throw new CursorExpiredError(
      'The log no longer has every change after this cursor, or has never come so far: read anew from 0, and forget events that are not named again.',
    );
  }
  const changes = rows.slice(0, limit).flatMap((row) => toChange(row));
  const more = rows.length > limit;
  const readTo = more ? (changes.at(-1)?.position ?? 0) : log.lastPosition;
  return { changes, cursor: formatCursor(readTo, log.compactedThrough), more };
}

function toChange({ lastPosition: _last, compactedThrough, position, changedAt, ...row }: LogRow): Change[] {
  if (position === null) return [];
  const { operation, calendarId, googleEventId, correlationId, event } = row;
  return [
    {
      position,
      cursor: formatCursor(position, compactedThrough),
      operation,
      calendarId,
      googleEventId,
      correlationId,
      changedAt: changedAt.toISOString(),
      event,
    },
  ];
}
