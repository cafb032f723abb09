import { z } from 'zod';
import { Prisma } from '../../prisma/generated/client.ts';
import { instant, uuid } from '../shapes.ts';

const calendarProofSchema = z.object({
  workspaceId: z.string(),
  calendarId: uuid('the calendar')
    .optional()
    .describe(
      "UUID of the calendar; absent for another workspace's calendars, which have one proof together",
    ),
  provenAt: instant.nullable().describe('The mirror holds everything that Google held then; null: no proof'),
});
export type CalendarProof = z.infer<typeof calendarProofSchema>;

/** As of when an answer from the mirror is true: per calendar, and for all that count. */
export const proofSchema = z.object({
  provenAt: instant
    .nullable()
    .describe('The earliest of all calendars; null if one has none, or there is no calendar'),
  calendars: z.array(calendarProofSchema),
});
export type Proof = z.infer<typeof proofSchema>;

/** The proof of an answer that rests on these calendars. */
export function proofOf(calendars: CalendarProof[]): Proof {
  const instants = calendars.map(({ provenAt }) => provenAt);
  const isProven = instants.length > 0 && instants.every((provenAt) => provenAt !== null);
  // Instants of one form sort as text.
  return { provenAt: isProven ? instants.reduce((a, b) => (a < b ? a : b)) : null, calendars };
}

/** Conditions on calendars `c` that an answer is about. */
export function askedCalendars(workspaceId: string, calendarIds: readonly string[] | undefined): Prisma.Sql {
  const ids = calendarIds === undefined ? Prisma.empty : Prisma.sql`and c.id = any(${calendarIds}::uuid[])`;
  return Prisma.sql`c.workspace_id = ${workspaceId} and c.enabled and c.status <> 'removed' ${ids}`;
}

/** The proofs of calendars, for `proofOf`: one JSON value, to be selected by the statement that reads the rows. */
export function proofsJson(workspaceId: string, calendarIds?: readonly string[]): Prisma.Sql {
  return Prisma.sql`(
    select coalesce(json_agg(json_build_object('workspaceId', c.workspace_id, 'calendarId', c.id, 'provenAt',
      to_char(s.proven_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by c.id), '[]')
    from calendars c left join calendar_sync_states s on s.calendar_id = c.id
    where ${askedCalendars(workspaceId, calendarIds)})`;
}
