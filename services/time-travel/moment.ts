import { z } from 'zod';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { InvalidInputError, MomentNotKeptError } from '../errors.ts';
import { timeSchema, toInstant } from '../input.ts';

/** Weeks, days, hours, minutes and seconds, as ISO 8601 writes them. */
const DURATION = /^P(?=\d|T\d)(?:\d{1,5}W)?(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,5}M)?(?:\d{1,5}S)?)?$/;

/** A past moment: an instant, a date in the workspace's zone, or a duration before now. */
export const asOfSchema = z.union([timeSchema, z.string().regex(DURATION)], {
  error:
    'must be an instant such as 2026-01-05T09:00:00Z, a date, or a duration before now such as PT2H or P7D',
});

/** A past moment of a workspace's change log. */
export interface Moment {
  workspaceId: string;
  at: Date;
  /** Position of the last change that was committed by then; 0 if there was none. */
  position: bigint;
}

interface LogRow {
  at: Date;
  isFuture: boolean;
  isTooOld: boolean;
  lastPosition: bigint | null;
  compactedThrough: bigint | null;
  compactedUntil: Date | null;
  position: bigint | null;
}

/**
 * Finds the last change that was committed at a moment, by Postgres's clock. Reads only changes that were
 * committed later.
 * @param days retention of time travel
 * @throws InvalidInputError when the moment is in the future
 * @throws MomentNotKeptError when it is older than the retention, or changes before it have been compacted
 */
export async function findMoment(
  transaction: Transaction,
  { id: workspaceId, timeZone }: { id: string; timeZone: string },
  asOf: string,
  days: number,
): Promise<Moment> {
  const at = DURATION.test(asOf)
    ? Prisma.sql`(now() - ${asOf}::interval)`
    : Prisma.sql`${toInstant(asOf, timeZone).toString()}::timestamptz`;
  const [log] = await transaction.$queryRaw<LogRow[]>`
    select ${at} as at, ${at} > now() as "isFuture",
      ${at} < now() - make_interval(days => ${days}::int) as "isTooOld",
      p.last_position as "lastPosition", p.compacted_through as "compactedThrough",
      p.compacted_until as "compactedUntil", reached.position
    from (values (${workspaceId})) w(id)
    left join calendar_change_positions p on p.workspace_id = w.id
    left join lateral (
      select c.position from calendar_changes c
      where c.workspace_id = w.id and c.position > p.compacted_through and c.changed_at <= ${at}
      order by c.position desc limit 1
    ) reached on true`;
  if (log === undefined || log.isFuture) throw new InvalidInputError('asOf', 'must not be in the future');
  if (log.isTooOld) throw new MomentNotKeptError(`The past is kept for ${days} days.`);
  if (log.position !== null) return { workspaceId, at: log.at, position: log.position };
  const compacted = log.compactedThrough ?? 0n;
  // Without a later change by then, the moment is the end of the compacted part, or it lies within that part.
  const isKept = compacted === 0n || (log.compactedUntil !== null && log.compactedUntil <= log.at);
  if (!isKept) throw new MomentNotKeptError('Changes of that time have been compacted.');
  return { workspaceId, at: log.at, position: compacted };
}
