import { z } from 'zod';
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
