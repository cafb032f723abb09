import type { Database } from '../../../prisma/client.ts';
import type { Span } from './order-writes.ts';

/** What a look at Google has shown of a block. */
export type Finding =
  /** Where we had put it, or were about to. */
  | { found: 'as-written'; span: Span; etag: string | null }
  /** A person has moved or resized it. */
  | { found: 'moved'; span: Span; etag: string | null; resized: boolean }
  /** A person has invited guests or made it repeat: from now on it is theirs. */
  | { found: 'meeting'; span: Span; etag: string | null }
  /** A person has deleted it. */
  | { found: 'deleted-by-user' }
  /** We have deleted it; the answer was lost. */
  | { found: 'deleted-by-us' }
  /** An insert that never arrived. */
  | { found: 'never-written' };

/** Takes over what was found: the block's row and, of an edit, what the planner has to heed from now on. */
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
      // Either way its ID is burnt: should the insert arrive after all, it would not be this block.
      const status = finding.found === 'never-written' ? 'planned' : 'deleted';
      await database.$executeRaw`
        update scheduled_blocks
        set status = ${status}, etag = null, generation = generation + 1, updated_at = now()
        where id = ${blockId}::uuid`;
    }
  }
}

/** Null: the finding is no reason to pin it. A meeting whose guests have gone is still where a person wants it. */
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

/** A task is not put there again; a habit is skipped that day. */
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

/** A person has fetched a deleted event back: it is theirs to place. */
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
