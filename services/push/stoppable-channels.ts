import { Prisma } from '../../prisma/generated/client.ts';

/**
 * Channels `w` that Google can be told to stop, as rows of a query: their ID and resource ID. All channels of a calendar
 * have the same resource ID, so one whose opening was never confirmed is stopped by that of another; not by one that
 * only a stranger has named.
 */
export const STOPPABLE_CHANNELS = Prisma.sql`
  select w.id, w.calendar_id, w.token_hash is null as adopted, w.created_at, coalesce(w.resource_id, (
      select known.resource_id from watch_channels known
      where known.calendar_id = w.calendar_id and known.resource_id is not null and known.token_hash is not null
      order by known.created_at desc limit 1)) as resource_id
  from watch_channels w where w.status = 'stopping'`;
