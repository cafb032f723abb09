import type { WriteCounts } from '../../../contracts/plan-result.ts';
import type { Database, Transaction } from '../../../prisma/client.ts';
import { toJsonb } from '../../mirror/to-jsonb.ts';
import type { BlockChange, OrderedWrite, Span } from './order-writes.ts';
import { mergeWrites, type RunDiff, summariseWrites } from './summarise-writes.ts';

/** An unfinished write of a run, with the current state of its block. */
export interface PendingWrite {
  runId: string;
  position: number;
  operation: OrderedWrite['operation'];
  blockId: string;
  /** Span of the block when the run was made. */
  beforeStartAt: Date | null;
  beforeEndAt: Date | null;
  /** Span to which the block is to be written. */
  afterStartAt: Date | null;
  afterEndAt: Date | null;
  status: 'pending' | 'sent';
  title: string | null;
  timeZone: string;
  calendarId: string | null;
  googleEventId: string | null;
  generation: number;
  etag: string | null;
  contentHash: string | null;
}

const toInstant = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

/** Stores the writes of a run in their order. */
export async function storeWrites(
  transaction: Transaction,
  runId: string,
  writes: readonly OrderedWrite[],
): Promise<void> {
  const rows = writes.map(({ operation, blockId, before, after }, position) => ({
    position,
    operation,
    block_id: blockId,
    before_start: toInstant(before?.startMs),
    before_end: toInstant(before?.endMs),
    after_start: toInstant(after?.startMs),
    after_end: toInstant(after?.endMs),
  }));
  await transaction.$executeRaw`
    insert into schedule_writes (run_id, position, block_id, operation, before_start, before_end, after_start, after_end)
    select ${runId}::uuid, position, block_id, operation, before_start, before_end, after_start, after_end
    from jsonb_to_recordset(${toJsonb(rows)}::jsonb) as r(position int, block_id uuid, operation text,
      before_start timestamptz, before_end timestamptz, after_start timestamptz, after_end timestamptz)`;
}

/** Next write of a run, which may be one that was sent and never answered. Null when none is left. */
export async function nextWrite(database: Database, runId: string): Promise<PendingWrite | null> {
  const [write] = await database.$queryRaw<PendingWrite[]>`
    select w.run_id::text as "runId", w.position, w.operation, w.block_id::text as "blockId",
      w.before_start as "beforeStartAt", w.before_end as "beforeEndAt",
      w.after_start as "afterStartAt", w.after_end as "afterEndAt", w.status,
      coalesce(t.title, h.title) as title, ws.time_zone as "timeZone",
      b.calendar_id::text as "calendarId", b.google_event_id as "googleEventId", b.generation, b.etag,
      b.content_hash as "contentHash"
    from schedule_writes w
    join scheduled_blocks b on b.id = w.block_id
    join workspaces ws on ws.id = b.workspace_id
    left join tasks t on t.id = b.task_id
    left join habits h on h.id = b.habit_id
    where w.run_id = ${runId}::uuid and w.status in ('pending', 'sent')
    order by w.position limit 1`;
  return write ?? null;
}

/** Net changes of a run so far, by block. */
export async function netChanges(database: Database, runId: string): Promise<BlockChange[]> {
  const rows = await database.scheduleWrite.findMany({
    where: { runId, status: 'done' },
    orderBy: { position: 'asc' },
  });
  const writes = rows.map(({ blockId, beforeStart, beforeEnd, afterStart, afterEnd }) => ({
    blockId,
    before: toSpan(beforeStart, beforeEnd),
    after: toSpan(afterStart, afterEnd),
  }));
  return mergeWrites(writes);
}

export async function doneWrites(database: Database, runId: string): Promise<RunDiff> {
  return summariseWrites(await netChanges(database, runId));
}

export function countsOf({ created, moved, deleted }: RunDiff): WriteCounts {
  return { created: created.length, moved: moved.length, deleted: deleted.length };
}

/** Span of two columns; null where either is null. */
export function toSpan(startAt: Date | null, endAt: Date | null): Span | null {
  return startAt === null || endAt === null ? null : { startMs: startAt.getTime(), endMs: endAt.getTime() };
}
