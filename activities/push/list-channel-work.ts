import type { ChannelWork, ListChannelWorkInput, ListChannelWorkResult } from '../../contracts/push.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { UNSUPPORTED_FOR_MS } from './channel-life.ts';
import { STOPPABLE_CHANNELS } from './stoppable-channels.ts';

const CALENDARS_PER_PAGE = 200;

/** The next calendars, in ID order, that need a channel opened or stopped. Where all is as it should be, none. */
export function createListChannelWork({ database, push, now }: ActivityDependencies) {
  return async function listChannelWork({
    afterCalendarId,
  }: ListChannelWorkInput): Promise<ListChannelWorkResult> {
    const at = now();
    const work = await database.$queryRaw<ChannelWork[]>`
      with wanting as (
        select c.id, ${push.address}::text is not null and c.enabled and c.status = 'active'
            and (c.push_unsupported_at is null
              or c.push_unsupported_at <= ${new Date(at.getTime() - UNSUPPORTED_FOR_MS)})
            and not exists (
              select from watch_channels w where w.calendar_id = c.id and w.status = 'live'
                and w.address = ${push.address}::text and w.renew_at > ${at}) as open,
          exists (
            select from (${STOPPABLE_CHANNELS}) s where s.calendar_id = c.id and s.resource_id is not null) as stop
        from calendars c join calendar_auth_tokens a on a.id = c.account_id
        where a.status = 'connected' and (${afterCalendarId}::uuid is null or c.id > ${afterCalendarId}::uuid)
      )
      select id::text as "calendarId", open, stop from wanting
      where open or stop order by id limit ${CALENDARS_PER_PAGE}::int`;
    const nextCalendarId = work.length < CALENDARS_PER_PAGE ? null : (work.at(-1)?.calendarId ?? null);
    return { work, nextCalendarId };
  };
}
