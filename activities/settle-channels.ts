import type { ActivityDependencies } from './dependencies.ts';
import { CHANNEL_LIFE_MS, OPENING_LIMIT_MS } from '../services/push/channel-conditions.ts';

/**
 * Updates the status of every channel: an expired one is stopped; one that was announced but never confirmed,
 * and a live one that is not needed, are to be stopped. A calendar left without a live channel becomes due at
 * once, and is polled at the plain interval from then on.
 */
export function createSettleChannels({ database, push, now }: ActivityDependencies) {
  return async function settleChannels(_input: void): Promise<void> {
    const at = await now();
    const before = (ms: number) => new Date(at.getTime() - ms);
    await database.$executeRaw`
      with judged as (
        select w.id, w.calendar_id, w.status, case
          when w.expires_at <= ${at} or w.expires_at is null and w.created_at <= ${before(CHANNEL_LIFE_MS)}
            then 'stopped'
          when w.status = 'opening' and w.created_at <= ${before(OPENING_LIMIT_MS)} then 'stopping'
          when w.status = 'live' and not (${push.address}::text is not null and c.enabled and c.status = 'active'
            and a.status = 'connected') then 'stopping'
          else w.status end as verdict
        from watch_channels w
        join calendars c on c.id = w.calendar_id
        join calendar_auth_tokens a on a.id = c.account_id
        where w.status <> 'stopped'
      ), moved as (
        update watch_channels w set status = j.verdict from judged j
        where w.id = j.id and w.status = j.status and j.verdict <> j.status
        returning w.calendar_id, j.status as before
      )
      update calendar_sync_states s set next_sync_at = least(s.next_sync_at, ${at})
      where s.next_sync_at is not null
        and s.calendar_id in (select calendar_id from moved where before = 'live')
        and not exists (select from judged j where j.calendar_id = s.calendar_id and j.verdict = 'live')`;
  };
}
