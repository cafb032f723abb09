import { z } from 'zod';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import { MOST_PAGE_BYTES } from '../../contracts/limits.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { changeStartSchema, formatCursor, isCurrent } from './change-cursor.ts';
import { CursorExpiredError } from '../errors.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { requireWorkspace } from '../workspaces.ts';

/**
 * An event usually has a kilobyte, and at most fifty. A page of large ones ends earlier, at
 * `MOST_PAGE_BYTES`.
 */
export const MAX_CHANGES_PER_PAGE = 1_000;
const DEFAULT_PAGE_SIZE = 500;

const changesSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** `cursor` of the previous page; 0: from the beginning; now: what comes next; now-20: from 20 positions earlier. */
  after: changeStartSchema.prefault('0'),
  limit: z
    .int()
    .min(1)
    .max(MAX_CHANGES_PER_PAGE, `must be at most ${MAX_CHANGES_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});
export type ChangesRequest = z.input<typeof changesSchema>;

/** What a sync, a repair or a disconnection did to one event of the mirror. */
const changeSchema = z.object({
  position: z.int().describe('1, 2, 3, … within the workspace, in the order of commits'),
  cursor: z.string().describe('Cursor after this change'),
  operation: z.enum(['insert', 'update', 'delete']),
  calendarId: z.guid(),
  googleEventId: z.string(),
  correlationId: z.string().nullable().describe('Correlation ID of the run, as in the run log'),
  changedAt: z.iso.datetime().describe('When it was committed'),
  event: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('As Google sent it. Null: it was deleted, or its content was purged and its deletion follows'),
});
export type Change = Omit<z.infer<typeof changeSchema>, 'event'> & { event: GoogleEvent | null };

export const changePageSchema = z.object({
  changes: z.array(changeSchema),
  cursor: z.string().describe('`after` of the next request'),
  more: z.boolean().describe('Whether more changes are available'),
});
type ChangePage = Omit<z.infer<typeof changePageSchema>, 'changes'> & { changes: Change[] };

/** A change whose event is unparsed text. */
export interface UnparsedChange extends Omit<Change, 'event'> {
  /** JSON, as the database prints it. */
  event: string | null;
}

export interface UnparsedChangePage extends Omit<ChangePage, 'changes'> {
  changes: UnparsedChange[];
}

interface LogRow {
  lastPosition: number;
  compactedThrough: number;
  /** Whether more rows follow the page. */
  more: boolean;
  /** Null: there is no change after the cursor. */
  position: number | null;
  operation: Change['operation'];
  calendarId: string;
  googleEventId: string;
  correlationId: string | null;
  changedAt: Date;
  event: string | null;
}

/** Smallest size of a change without its event. */
const ROW_BYTES = 256;

/**
 * One page of a workspace's change log, oldest first. Positions follow the order of commits, so no change
 * ever appears behind a cursor. An insert or update holds the event's complete new state, so the log from 0,
 * applied in order, yields the mirror. A page ends early, with `more`, before its rows exceed
 * `MOST_PAGE_BYTES`; it has at least one row if there is any.
 * @throws CursorExpiredError when changes after the cursor have been compacted, or the log ends before it:
 *   read again from 0.
 */
export async function listChanges(
  database: Database | Transaction,
  request: ChangesRequest,
): Promise<ChangePage> {
  const { changes, ...page } = await readChanges(database, request);
  return {
    ...page,
    changes: changes.map(({ event, ...change }) => ({
      ...change,
      event: event === null ? null : (JSON.parse(event) as GoogleEvent),
    })),
  };
}

/**
 * As `listChanges`, but leaves events as text, so that a page passed on unchanged costs its bytes and no
 * objects.
 */
export async function readChanges(
  database: Database | Transaction,
  request: ChangesRequest,
): Promise<UnparsedChangePage> {
  const { workspaceId, after, limit } = parseInput(changesSchema, request);
  const cursor = 'position' in after ? after : undefined;
  const beforeEnd = 'position' in after ? null : after.beforeEnd;
  // One statement, so that rows and the compacted position are consistent. It reads row by row, because it
  // must not load what follows the page to learn its length: the rest of the log may be gigabytes.
  const rows = await database.$queryRaw<LogRow[]>`
    with recursive start as (
      select case when ${beforeEnd}::bigint is null then ${cursor?.position ?? 0}::bigint
        else greatest(p.last_position - ${beforeEnd}::bigint, p.compacted_through, 0) end as position
      from (select) nothing left join calendar_change_positions p on p.workspace_id = ${workspaceId}
    ), page as (
      (
        select 1 as number, ${ROW_BYTES} + coalesce(octet_length(text), 0)::bigint as bytes, first.*
        from (
          select c.position, c.operation, c.calendar_id, c.google_event_id, c.correlation_id, c.changed_at,
            c.resource::text as text
          from calendar_changes c
          where c.workspace_id = ${workspaceId} and c.position > (select position from start)
          order by c.position limit 1
        ) first
      )
      union all
      select page.number + 1, page.bytes + ${ROW_BYTES} + coalesce(octet_length(next.text), 0), next.*
      from page cross join lateral (
        select c.position, c.operation, c.calendar_id, c.google_event_id, c.correlation_id, c.changed_at,
          c.resource::text as text
        from calendar_changes c
        where c.workspace_id = ${workspaceId} and c.position > page.position
        order by c.position limit 1
      ) next
      where page.number < ${limit}::int
        and page.bytes + ${ROW_BYTES} + coalesce(octet_length(next.text), 0) <= ${MOST_PAGE_BYTES}::int
    )
    select coalesce(p.last_position, 0)::float8 as "lastPosition",
      coalesce(p.compacted_through, 0)::float8 as "compactedThrough",
      exists (
        select 1 from calendar_changes c
        where c.workspace_id = w.id and c.position > (select max(position) from page)
      ) as more,
      page.position::float8 as position, page.operation, page.calendar_id::text as "calendarId",
      page.google_event_id as "googleEventId", page.correlation_id as "correlationId",
      page.changed_at as "changedAt", page.text as event
    from workspaces w
    left join calendar_change_positions p on p.workspace_id = w.id
    left join page on true
    where w.id = ${workspaceId}
    order by page.position`;
  const [log] = rows;
  if (log === undefined) {
    await requireWorkspace(database, workspaceId);
    return { changes: [], cursor: formatCursor(cursor?.position ?? 0, 0), more: false };
  }
  if (cursor !== undefined && !isCurrent(cursor, log)) {
    throw new CursorExpiredError(
      'The log no longer has every change after this cursor, or ends before it: read again from 0, and discard events that are not listed again.',
    );
  }
  const changes = rows.flatMap((row) => toChange(row));
  const readTo = log.more ? (changes.at(-1)?.position ?? 0) : log.lastPosition;
  return { changes, cursor: formatCursor(readTo, log.compactedThrough), more: log.more };
}

function toChange({ compactedThrough, position, changedAt, ...row }: LogRow): UnparsedChange[] {
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
