import { FailureType } from '../../../contracts/failure-types.ts';
import type { Database } from '../../../prisma/client.ts';
import { failure } from '../../failures.ts';
import type { RemoteEvent } from '../../google/own-events.ts';
import type { Span } from './order-writes.ts';
import { titleHash } from './title-hash.ts';
import type { PendingWrite } from './writes.ts';

// Every statement here requires the write to be unfinished. An attempt that wakes up after another one has
// made the write, or after a later run has given it up, changes nothing.

function overtaken(write: PendingWrite): Error {
  return failure(
    FailureType.fenced,
    `Write ${write.position} of run ${write.runId} was taken over by another attempt or run.`,
  );
}

/**
 * Records the intent before the call, so that after a crash the next attempt knows what may have happened.
 */
export async function announceWrite(database: Database, write: PendingWrite): Promise<void> {
  const rows = await database.$executeRaw`
    update schedule_writes set status = 'sent'
    where run_id = ${write.runId}::uuid and position = ${write.position}::int and status in ('pending', 'sent')`;
  if (rows === 0) throw overtaken(write);
}

/** Records the intent and the event ID before an insert, so that the event can be found again. */
export async function announceInsert(
  database: Database,
  write: PendingWrite,
  event: { calendarId: string; googleEventId: string; generation: number },
): Promise<void> {
  const { calendarId, googleEventId, generation } = event;
  const rows = await database.$executeRaw`
    with sent as (
      update schedule_writes set status = 'sent'
      where run_id = ${write.runId}::uuid and position = ${write.position}::int and status in ('pending', 'sent')
      returning block_id
    )
    update scheduled_blocks b
    set status = 'writing', account_id = c.account_id, calendar_id = c.id, google_event_id = ${googleEventId},
      generation = ${generation}::int, etag = null, start_at = ${write.afterStartAt}, end_at = ${write.afterEndAt},
      content_hash = ${titleHash(write.title ?? '')}, updated_at = now()
    from calendars c, sent where b.id = sent.block_id and c.id = ${calendarId}::uuid`;
  if (rows === 0) throw overtaken(write);
}

/** Records that the block is in Google, at `after`. */
export async function recordWritten(
  database: Database,
  write: PendingWrite,
  event: RemoteEvent,
  after: Span,
): Promise<void> {
  await database.$executeRaw`
    with done as (
      update schedule_writes set status = 'done', done_at = now()
      where run_id = ${write.runId}::uuid and position = ${write.position}::int and status = 'sent'
      returning block_id
    )
    update scheduled_blocks
    set status = 'written', start_at = ${new Date(after.startMs)}, end_at = ${new Date(after.endMs)},
      etag = ${event.etag}, run_id = ${write.runId}::uuid, updated_at = now(),
      content_hash = coalesce(${write.title === null ? null : titleHash(write.title)}, content_hash)
    from done where id = done.block_id`;
}

/** Records that the block was deleted from Google. Its ID is used up. */
export async function recordDeleted(database: Database, write: PendingWrite): Promise<void> {
  await database.$executeRaw`
    with done as (
      update schedule_writes set status = 'done', done_at = now()
      where run_id = ${write.runId}::uuid and position = ${write.position}::int and status = 'sent'
      returning block_id
    )
    update scheduled_blocks
    set status = 'deleted', etag = null, generation = generation + 1, run_id = ${write.runId}::uuid, updated_at = now()
    from done where id = done.block_id`;
}

/** Records that the write will not be made. */
export async function skipWrite(database: Database, write: PendingWrite): Promise<void> {
  await database.$executeRaw`
    update schedule_writes set status = 'skipped'
    where run_id = ${write.runId}::uuid and position = ${write.position}::int and status in ('pending', 'sent')`;
}
