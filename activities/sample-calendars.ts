import type { SampleCalendarsInput, SampledWorkspace } from '../contracts/verification-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * The calendars that have not been verified for longest, by workspace. Those that cannot be compared now (never
 * synced, failing, disabled, disconnected) are left out: their health says so already.
 */
export function createSampleCalendars({ database }: ActivityDependencies) {
  return async function sampleCalendars({ limit }: SampleCalendarsInput): Promise<SampledWorkspace[]> {
    return database.$queryRaw<SampledWorkspace[]>`
      select workspace_id as "workspaceId", array_agg(calendar_id::text order by calendar_id) as "calendarIds"
      from (
        select s.workspace_id, s.calendar_id from calendar_sync_states s
        join calendars c on c.id = s.calendar_id
        join calendar_auth_tokens a on a.id = c.account_id
        where s.sync_token is not null and s.failures = 0 and s.next_sync_at is not null
          and c.enabled and c.status = 'active' and a.status = 'connected'
        order by s.verified_at nulls first, s.calendar_id limit ${limit}::int
      ) sample
      group by workspace_id order by workspace_id`;
  };
}
