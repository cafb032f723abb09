import { Prisma } from '../../prisma/generated/client.ts';

/** Google's own default, and the most it grants. */
export const CHANNEL_LIFE_MS = 7 * 86_400_000;

/** An answer is recorded seconds after the channel was announced, if ever. */
export const OPENING_LIMIT_MS = 10 * 60_000;

/** Google may learn to watch a calendar. */
export const UNSUPPORTED_FOR_MS = 30 * 86_400_000;

/** Renewed this long before the end, as a share of a channel's life: a day of seven. */
const LEAD = 1 / 7;

/**
 * When another channel is to take the place of one that lives from `from` to `to`. Channels that were opened together
 * are not renewed together: the calendar's UUID, which is random, spreads them over as long as the lead again.
 */
export function renewalOf(calendarId: string, from: Date, to: Date): Date {
  const share = Number.parseInt(calendarId.slice(0, 4), 16) / 0xffff;
  const lifeMs = to.getTime() - from.getTime();
  return new Date(to.getTime() - lifeMs * LEAD * (1 + share));
}

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

/** A condition of a query: whether calendar `c`, of a connected account, is to have a channel opened. */
export function wantsChannel(address: string | null, at: Date): Prisma.Sql {
  return Prisma.sql`(
    ${address}::text is not null and c.enabled and c.status = 'active'
    and (c.push_unsupported_at is null
      or c.push_unsupported_at <= ${new Date(at.getTime() - UNSUPPORTED_FOR_MS)})
    and not exists (
      select from watch_channels w where w.calendar_id = c.id and w.status = 'live'
        and w.address = ${address}::text and w.renew_at > ${at}))`;
}
