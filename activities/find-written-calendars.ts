import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import type { FindWrittenCalendarsResult, PlanRunContext } from '../contracts/planning-activities.ts';
import { resolveWorkspaceDeadLetters } from '../services/dead-letters/resolve-dead-letters.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { listOwnCalendars } from '../services/google/own-calendars.ts';
import { googleWork } from '../services/planning/write-back/google-work.ts';
import { adoptCalendar } from '../services/planning/write-back/target-calendar.ts';
import { requireWorkspace } from '../services/workspaces.ts';

/**
 * Finds every calendar that Almanac has written to for a workspace, or created: those of its blocks, and
 * those that Google lists with Almanac's mark, including one whose creation was never recorded. Calendars of
 * accounts that must be connected again are only counted, because nothing can be removed there. Turns off the
 * automatic applying of plans.
 */
export function createFindWrittenCalendars({ database, google }: ActivityDependencies) {
  return async function findWrittenCalendars({
    workspaceId,
  }: PlanRunContext): Promise<FindWrittenCalendarsResult> {
    await requireWorkspace(database, workspaceId);
    await database.$transaction(async (transaction) => {
      await transaction.schedulePolicy.updateMany({ where: { workspaceId }, data: { autoApply: false } });
      // Plans that are not applied cannot fail.
      await resolveWorkspaceDeadLetters(transaction, workspaceId, DeadLetterOperation.plan);
    });
    const marked: string[] = [];
    const accounts = await database.calendarAuthToken.findMany({
      where: { workspaceId, status: 'connected' },
      orderBy: { id: 'asc' },
    });
    await googleWork(async (signal) => {
      for (const account of accounts) {
        const grant = { ...account, accountId: account.id };
        for (const own of await listOwnCalendars(google, grant, signal, workspaceId)) {
          marked.push(await adoptCalendar(database, workspaceId, account.id, own));
        }
      }
    });
    const calendars = await database.$queryRaw<{ id: string; reachable: boolean }[]>`
      select c.id::text as id, a.status = 'connected' as reachable from calendars c
      join calendar_auth_tokens a on a.id = c.account_id
      where c.workspace_id = ${workspaceId} and c.status <> 'removed'
        and (c.id = any(${marked}::uuid[]) or exists (select from scheduled_blocks b where b.calendar_id = c.id))
        and (a.status = 'connected' or exists (select from scheduled_blocks b
          where b.calendar_id = c.id and b.status in ('writing', 'written', 'released')))
      order by c.id`;
    const calendarIds = calendars.flatMap(({ id, reachable }) => (reachable ? [id] : []));
    return { calendarIds, unreachable: calendars.length - calendarIds.length };
  };
}
