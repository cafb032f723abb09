import type { Database } from '../../../prisma/client.ts';
import type { BlockRow } from './diff-plan.ts';

type Row = Omit<BlockRow, 'span'> & { startAt: Date; endAt: Date };

/** Blocks that have not ended: those in Google, and those that an interrupted run still had to write. */
export async function loadBlocks(database: Database, workspaceId: string, now: Date): Promise<BlockRow[]> {
  const rows = await database.$queryRaw<Row[]>`
    select b.id::text as id, b.kind, coalesce(b.task_id, b.habit_id)::text as "refId", b.status,
      to_char(b.habit_day, 'YYYY-MM-DD') as "habitDay",
      b.start_at as "startAt", b.end_at as "endAt", b.pinned_because is not null as pinned,
      b.pinned_because is not distinct from 'meeting' as "isMeeting",
      coalesce(t.status = 'open', h.id is not null) as live, coalesce(t.title, h.title) as title,
      b.content_hash as "contentHash"
    from scheduled_blocks b
    left join tasks t on t.id = b.task_id
    left join habits h on h.id = b.habit_id
    where b.workspace_id = ${workspaceId} and b.status in ('planned', 'written', 'released') and b.end_at > ${now}
    order by b.start_at, b.id`;
  return rows.map(({ startAt, endAt, ...row }) => ({
    ...row,
    span: { startMs: startAt.getTime(), endMs: endAt.getTime() },
  }));
}
