import { Prisma } from '../../../prisma/generated/client.ts';
import { isActiveWorkspace } from '../../active-workspaces.ts';

/**
 * SQL for the IDs of workspaces that need a planning run: their policy applies plans, an account is
 * connected, and there is something to place (an open task, a habit) or to clean up (a block that differs
 * from its row, or whose task is done or deleted).
 */
export const PLANNED_WORKSPACES = Prisma.sql`
  select p.workspace_id from schedule_policies p
  where p.auto_apply and ${isActiveWorkspace('p.workspace_id')}
    and exists (select from calendar_auth_tokens a where a.workspace_id = p.workspace_id and a.status = 'connected')
    and (
      exists (select from tasks t where t.workspace_id = p.workspace_id and t.status = 'open' and t.auto_schedule)
      or exists (select from habits h where h.workspace_id = p.workspace_id and h.auto_schedule)
      or exists (select from scheduled_blocks b
        where b.workspace_id = p.workspace_id and b.status in ('planned', 'writing', 'released'))
      or exists (select from scheduled_blocks b left join tasks t on t.id = b.task_id
        where b.workspace_id = p.workspace_id and b.status = 'written' and b.start_at > now()
          and b.pinned_because is distinct from 'meeting' and b.habit_id is null and t.status is distinct from 'open'))`;
