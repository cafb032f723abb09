import type { ChannelWork, ListChannelWorkInput, ListChannelWorkResult } from '../contracts/push.ts';
import { isActiveWorkspace } from '../services/active-workspaces.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { STOPPABLE_CHANNELS, wantsChannel } from '../services/push/channel-conditions.ts';

const CALENDARS_PER_PAGE = 200;

/** Lists the next calendars, in ID order, that need a channel opened or stopped. */
export function createListChannelWork({ database, push, now }: ActivityDependencies) {
  return async function listChannelWork({
    afterCalendarId,
    workspaceId,
  }: ListChannelWorkInput): Promise<ListChannelWorkResult> {
    const at = await now();
    const work = await database.$queryRaw<ChannelWork[]>`
      with wanting as (
        select c.id, ${isActiveWorkspace('c.workspace_id')} and ${wantsChannel(push.address, at)} as open,
          exists (
            select from (${STOPPABLE_CHANNELS}) s where s.calendar_id = c.id and s.resource_id is not null) as stop
        from calendars c join calendar_auth_tokens a on a.id = c.account_id
        where a.status = 'connected' and (${afterCalendarId}::uuid is null or c.id > ${afterCalendarId}::uuid)
          and (${workspaceId ?? null}::text is null or c.workspace_id = ${workspaceId ?? null}::text)
      )
      select id::text as "calendarId", open, stop from wanting
      where open or stop order by id limit ${CALENDARS_PER_PAGE}::int`;
    const nextCalendarId = work.length < CALENDARS_PER_PAGE ? null : (work.at(-1)?.calendarId ?? null);
    return { work, nextCalendarId };
  };
}
