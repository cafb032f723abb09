import type { SampleCalendarsInput, SampledWorkspace } from '../contracts/verification-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * The calendars that no audit has taken for longest, by workspace; a verification that was asked for counts, too, if
 * it came to a result. Those that cannot be compared now (never synced, failing, disabled, disconnected) are left out:
 * their health says so already. Whatever comes of an audit, its calendars go to the end of the queue: one that never
 * can be settled keeps no other from its turn.
 */
export function createSampleCalendars({ database }: ActivityDependencies) {
  return async function sampleCalendars({ limit }: SampleCalendarsInput): Promise<SampledWorkspace[]> {
    return database.$queryRaw<SampledWorkspace[]>`
      with sample as (
        select s.calendar_id from calendar_sync_states s
        join calendars c on c.id = s.calendar_id
        join calendar_auth_tokens a on a.id = c.account_id
        where s.sync_token is not null and s.failures = 0 and s.next_sync_at is not null
          and c.enabled and c.status = 'active' and a.status = 'connected'
        order by greatest(s.audited_at, s.verified_at) nulls first, s.calendar_id limit ${limit}::int
      ), taken as (
        update calendar_sync_states s set audited_at = now() from sample
        where s.calendar_id = sample.calendar_id
        returning s.workspace_id, s.calendar_id
      )
      select workspace_id as "workspaceId", array_agg(calendar_id::text order by calendar_id) as "calendarIds"
      from taken group by workspace_id order by workspace_id`;
  };
}
