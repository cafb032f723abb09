import { Prisma } from '../../prisma/generated/client.ts';

/** Requested life of a channel: Google's default and maximum. */
export const CHANNEL_LIFE_MS = 7 * 86_400_000;

/** Time after which an unconfirmed opening has failed: an answer is recorded within seconds, if at all. */
export const OPENING_LIMIT_MS = 10 * 60_000;

/** Time after which a calendar without push support is tried again, because Google may have added it. */
export const UNSUPPORTED_FOR_MS = 30 * 86_400_000;

/** Lead of a renewal before the end, as a share of the channel's life: one day of seven. */
const LEAD = 1 / 7;

/**
 * Time at which a channel that lives from `from` to `to` is replaced. The calendar's random UUID spreads
 * renewals over another lead, so that channels opened together are not renewed together.
 */
export function renewalOf(calendarId: string, from: Date, to: Date): Date {
  const share = Number.parseInt(calendarId.slice(0, 4), 16) / 0xffff;
  const lifeMs = to.getTime() - from.getTime();
  return new Date(to.getTime() - lifeMs * LEAD * (1 + share));
}

/**
 * Channels `w` that Google can be asked to stop, as rows of a query: their ID and resource ID. All channels
 * of a calendar have the same resource ID, so a channel whose opening was never confirmed is stopped with the
 * ID of another one. IDs that only an unverified notification has named are not used for that.
 */
export const STOPPABLE_CHANNELS = Prisma.sql`
  select w.id, w.calendar_id, w.token_hash is null as adopted, w.created_at, coalesce(w.resource_id, (
      select known.resource_id from watch_channels known
      where known.calendar_id = w.calendar_id and known.resource_id is not null and known.token_hash is not null
      order by known.created_at desc limit 1)) as resource_id
  from watch_channels w where w.status = 'stopping'`;

/** A query condition: whether calendar `c` of a connected account needs a channel. */
export function wantsChannel(address: string | null, at: Date): Prisma.Sql {
  return Prisma.sql`(
    ${address}::text is not null and c.enabled and c.status = 'active'
    and (c.push_unsupported_at is null
      or c.push_unsupported_at <= ${new Date(at.getTime() - UNSUPPORTED_FOR_MS)})
    and not exists (
      select from watch_channels w where w.calendar_id = c.id and w.status = 'live'
        and w.address = ${address}::text and w.renew_at > ${at}))`;
}
