import type { Database } from '../../prisma/client.ts';

/** Number of calendars for which Google sends notifications. */
export interface PushCoverage {
  /** Number of synced calendars. */
  calendars: number;
  /** Number of synced calendars with a live channel. */
  live: number;
}

export async function readPushCoverage(database: Database): Promise<PushCoverage> {
  const [row] = await database.$queryRaw<PushCoverage[]>`
    select count(*)::int as calendars, count(*) filter (where exists (
      select from watch_channels w
      where w.calendar_id = c.id and w.status = 'live' and w.expires_at > now()))::int as live
    from calendars c join calendar_auth_tokens a on a.id = c.account_id
    where c.enabled and c.status = 'active' and a.status = 'connected'`;
  if (row === undefined) throw new Error('An aggregate has a row.');
  return row;
}
