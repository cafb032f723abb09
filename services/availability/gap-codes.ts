import { z } from 'zod';
import { uuid } from '../shapes.ts';

/** Why busy time may be unknown. */
const GAP_CODES = [
  /** The account has to be connected again. */
  'needsReconnect',
  /** Google no longer shows the calendar to the account. */
  'inaccessible',
  /** The calendar has not been read yet. */
  'neverSynced',
  /** The account's calendar list lacks the calendar. */
  'missing',
  /** The windows go beyond the days for which occurrences are expanded. */
  'outsideHorizon',
  /** Events that cannot be read, or series that are too costly to expand. */
  'leftOut',
  /** An account's calendar list has not been read yet. */
  'neverListed',
  /** No calendar counts. */
  'noCalendar',
  /** One of these, in another workspace. */
  'incomplete',
] as const;

export const gapSchema = z.object({
  workspaceId: z.string(),
  calendarId: uuid('the calendar').optional().describe('Absent if it is not about one calendar'),
  code: z.enum(GAP_CODES),
});
export type Gap = z.infer<typeof gapSchema>;
export type GapCode = Gap['code'];
