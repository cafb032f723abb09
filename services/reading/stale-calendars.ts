import type { StaleReason } from '../../contracts/stale-reasons.ts';
import type { Database } from '../../prisma/client.ts';
import type { StaleCalendar } from '../errors.ts';
import { askedCalendars } from './proof.ts';

/** Calendars whose mirror has to be proven, and since when. */
export interface ProofRequest {
  workspaceId: string;
  /** Default: every enabled one. */
  calendarIds?: readonly string[] | undefined;
  /** Greatest age of a proof, in seconds. */
  maxAgeSeconds: number;
}

export interface StaleRow {
  workspaceId: string;
  calendarId: string;
  provenAt: Date | null;
  /** Earliest sufficient proof, by Postgres's clock at the time of the query. */
  provenSince: Date;
  lastError: string | null;
  /** Why no sync can prove it; null: one can. */
  obstacle: StaleReason | null;
}

/** Calendars whose proof is too old now. */
export async function findStaleCalendars(
  database: Database,
  { workspaceId, calendarIds, maxAgeSeconds }: ProofRequest,
): Promise<StaleRow[]> {
  return database.$queryRaw<StaleRow[]>`
    select c.workspace_id as "workspaceId", c.id::text as "calendarId", s.proven_at as "provenAt", limits.since as "provenSince",
      s.last_error as "lastError",
      case when w.status <> 'active' then 'paused'
        when a.status = 'needs_reconnect' then 'needs-reconnect'
        when a.status <> 'connected' then 'disconnected'
        when s.next_sync_at is null and c.status = 'inaccessible' then 'inaccessible'
        when s.next_sync_at is null then 'not-polled' end as obstacle
    from calendars c
    join calendar_auth_tokens a on a.id = c.account_id
    join workspaces w on w.id = c.workspace_id
    left join calendar_sync_states s on s.calendar_id = c.id
    cross join (select now() - make_interval(secs => ${maxAgeSeconds}::float8) as since) limits
    where ${askedCalendars(workspaceId, calendarIds)} and coalesce(s.proven_at < limits.since, true)
    order by c.id`;
}

/** A stale calendar as callers see it, after a sync could not prove it in time. */
export function toStaleCalendar(row: StaleRow): StaleCalendar {
  const { workspaceId, calendarId, provenAt, obstacle, lastError } = row;
  return {
    workspaceId,
    calendarId,
    provenAt: provenAt?.toISOString() ?? null,
    reason: obstacle ?? (lastError === null ? 'timed-out' : 'failing'),
    ...(lastError !== null && { lastError }),
  };
}
