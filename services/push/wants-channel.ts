import { Prisma } from '../../prisma/generated/client.ts';
import { UNSUPPORTED_FOR_MS } from './channel-life.ts';

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
