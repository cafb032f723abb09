import type { SampleCalendarsInput, SampledWorkspace } from '../contracts/verification-activities.ts';
import { isActiveWorkspace } from '../services/active-workspaces.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * Takes the least recently audited calendars, by workspace; a requested verification counts as well if it was
 * conclusive. Calendars that cannot be compared (never synced, failing, disabled, disconnected) are left out,
 * because their health says so already. Sampling moves a calendar to the end of the queue before its audit
 * has a result, so one that can never be settled does not block the others.
 */
export function createSampleCalendars({ database }: ActivityDependencies) {
  return async function sampleCalendars({ limit }: SampleCalendarsInput): Promise<SampledWorkspace[]> {
    return database.$queryRaw<SampledWorkspace[]>`
      with sample as (
        select s.calendar_id from calendar_sync_states s
        join calendars c on c.id = s.calendar_id
        join calendar_auth_tokens a on a.id = c.account_id
        where s.sync_token is not null and s.failures = 0 and s.next_sync_at is not null
          and c.enabled and c.status = 'active' and a.status = 'connected' and ${isActiveWorkspace('s.workspace_id')}
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
