import type { Transaction } from '../../../prisma/client.ts';
import type { PlanWindow } from './plan-window.ts';

interface CurrentBlockRow {
  id: string;
  kind: 'task' | 'habit';
  refId: string;
  startAt: Date;
  endAt: Date;
  pinned: boolean;
  /** Local date of a habit's block; null for a task. */
  habitDay: string | null;
  /**
   * Whether the planner may move it: its task is open or its habit exists, and is scheduled automatically.
   */
  plannable: boolean;
}

/**
 * A block that starts inside the window may end up to a day of 25 hours after it, and blocks there take up
 * time.
 */
const REACH_MS = 2 * 86_400_000;

/**
 * Current blocks that matter to a plan: those inside the window, those shortly after it, which only take up
 * time, and those of habits made for a day of the window and dragged out of it.
 *
 * Leaves out blocks that never reached Google before their start, and blocks that ended before the user last
 * reported progress, because the report includes them. For a done or deleted task, only a block that has
 * begun takes up time, because its future blocks are removed. A meeting of such a task is an ordinary event
 * and read by `readBusy`.
 */
export async function readCurrentBlocks(
  transaction: Transaction,
  workspaceId: string,
  window: PlanWindow,
  now: Date,
): Promise<CurrentBlockRow[]> {
  const reach = new Date(window.end.getTime() + REACH_MS);
  return transaction.$queryRaw<CurrentBlockRow[]>`
    select b.id::text as id, b.kind, coalesce(b.task_id, b.habit_id, b.id)::text as "refId",
      b.start_at as "startAt", b.end_at as "endAt", b.pinned_because is not null as pinned,
      to_char(b.habit_day, 'YYYY-MM-DD') as "habitDay",
      coalesce(b.status <> 'released' and (t.status = 'open' and t.auto_schedule or h.auto_schedule)
        and (b.start_at < ${window.end}::timestamptz or b.habit_day <= ${window.lastDay}::date), false) as plannable
    from scheduled_blocks b
    left join tasks t on t.id = b.task_id
    left join habits h on h.id = b.habit_id
    where b.workspace_id = ${workspaceId}
      and (b.end_at > ${window.start}::timestamptz and b.start_at < ${reach}::timestamptz
        or b.habit_day between ${window.firstDay}::date and ${window.lastDay}::date)
      and case
        when b.status = 'planned' then b.start_at > ${now}::timestamptz
        when b.status in ('writing', 'written') then true
        when b.status = 'released' then b.start_at <= ${now}::timestamptz
        else false end
      and (b.start_at <= ${now}::timestamptz or t.status = 'open' or h.id is not null)
      and (b.pinned_because is distinct from 'meeting' or t.status = 'open' or h.id is not null)
      and not (t.id is not null and b.end_at <= ${now}::timestamptz and b.end_at <= t.done_stated_at)
    order by b.start_at, b.id`;
}

/**
 * Minutes by task that need no place in the window: blocks of earlier days, which count as worked since the
 * user last reported progress, and blocks after the window, which stay where they are.
 */
export async function readMinutesElsewhere(
  transaction: Transaction,
  workspaceId: string,
  window: PlanWindow,
): Promise<Map<string, number>> {
  const rows = await transaction.$queryRaw<{ taskId: string; minutes: number }[]>`
    select t.id::text as "taskId", sum(extract(epoch from b.end_at - b.start_at) / 60)::int as minutes
    from scheduled_blocks b join tasks t on t.id = b.task_id
    where b.workspace_id = ${workspaceId} and b.status in ('writing', 'written') and t.status = 'open'
      and (b.end_at <= ${window.start}::timestamptz and b.end_at > t.done_stated_at
        or b.start_at >= ${window.end}::timestamptz)
    group by t.id`;
  return new Map(rows.map(({ taskId, minutes }) => [taskId, minutes]));
}
