import type { Database } from '../../../prisma/client.ts';
import type { Span } from './order-writes.ts';

/** State of a block's event in Google, compared with the block. */
export type Finding =
  /** The event is where Almanac wrote it, or was about to write it. */
  | { found: 'as-written'; span: Span; etag: string | null }
  /** A person has moved or resized it. */
  | { found: 'moved'; span: Span; etag: string | null; resized: boolean }
  /** A person has invited guests or made it repeat, and owns it from then on. */
  | { found: 'meeting'; span: Span; etag: string | null }
  /** A person has deleted it. */
  | { found: 'deleted-by-user' }
  /** Almanac has deleted it; the answer was lost. */
  | { found: 'deleted-by-us' }
  /** The insert never arrived. */
  | { found: 'never-written' };

/** Stores a finding in the block's row and, for an edit, in what the planner has to respect from now on. */
export async function recordFinding(database: Database, blockId: string, finding: Finding): Promise<void> {
  switch (finding.found) {
    case 'as-written':
    case 'moved':
    case 'meeting': {
      const { startMs, endMs } = finding.span;
      await database.$executeRaw`
        update scheduled_blocks
        set status = 'written', start_at = ${new Date(startMs)}, end_at = ${new Date(endMs)}, etag = ${finding.etag},
          pinned_because = coalesce(${pinnedBecause(finding)}, case pinned_because when 'meeting' then 'moved' else pinned_because end),
          updated_at = now()
        where id = ${blockId}::uuid`;
      return;
    }
    case 'deleted-by-user':
      return declineBlock(database, blockId);
    case 'deleted-by-us':
    case 'never-written': {
      // In both cases its ID is used up: a late insert would create an event that is not this block.
      const status = finding.found === 'never-written' ? 'planned' : 'deleted';
      await database.$executeRaw`
        update scheduled_blocks
        set status = ${status}, etag = null, generation = generation + 1, updated_at = now()
        where id = ${blockId}::uuid`;
    }
  }
}

/** Reason to pin the block; null: none. A meeting whose guests have left stays where the person placed it. */
function pinnedBecause(finding: Extract<Finding, { span: Span }>): string | null {
  switch (finding.found) {
    case 'as-written':
      return null;
    case 'moved':
      return finding.resized ? 'resized' : 'moved';
    case 'meeting':
      return 'meeting';
  }
}

/** Records a deletion by the user: a task is not placed there again; a habit is skipped that day. */
async function declineBlock(database: Database, blockId: string): Promise<void> {
  await database.$transaction([
    database.$executeRaw`
      insert into declined_slots (task_id, start_at, end_at)
      select task_id, start_at, end_at from scheduled_blocks where id = ${blockId}::uuid and task_id is not null
      on conflict do nothing`,
    database.$executeRaw`
      insert into habit_skips (habit_id, day)
      select habit_id, habit_day from scheduled_blocks
      where id = ${blockId}::uuid and habit_id is not null and habit_day is not null
      on conflict do nothing`,
    database.$executeRaw`
      update scheduled_blocks set status = 'declined', etag = null, updated_at = now() where id = ${blockId}::uuid`,
  ]);
}

/** Records that a person has restored a deleted event. The block stays where they placed it. */
export async function restoreBlock(
  database: Database,
  blockId: string,
  { found, span, etag }: Extract<Finding, { span: Span }>,
): Promise<void> {
  await database.$transaction([
    database.$executeRaw`
      delete from declined_slots s using scheduled_blocks b
      where b.id = ${blockId}::uuid and s.task_id = b.task_id and s.start_at = b.start_at and s.end_at = b.end_at`,
    database.$executeRaw`
      delete from habit_skips s using scheduled_blocks b
      where b.id = ${blockId}::uuid and s.habit_id = b.habit_id and s.day = b.habit_day`,
    database.$executeRaw`
      update scheduled_blocks
      set status = 'written', start_at = ${new Date(span.startMs)}, end_at = ${new Date(span.endMs)}, etag = ${etag},
        pinned_because = ${found === 'meeting' ? 'meeting' : 'moved'}, updated_at = now()
      where id = ${blockId}::uuid`,
  ]);
}
