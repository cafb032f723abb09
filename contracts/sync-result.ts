import { z } from 'zod';
import { failureTypeSchema } from './failure-type-schema.ts';
import { SYNC_MODES } from './sync-modes.ts';

const calendarSyncResultSchema = z.object({
  calendarId: z.string(),
  mode: z.enum(SYNC_MODES).describe('`full` once the run has listed the whole calendar'),
  upserted: z.int(),
  deleted: z.int(),
  pages: z.int(),
  error: failureTypeSchema.optional(),
});
export type CalendarSyncResult = z.infer<typeof calendarSyncResultSchema>;

const accountFailureSchema = z.object({ accountId: z.string(), error: failureTypeSchema });
export type AccountFailure = z.infer<typeof accountFailureSchema>;

/** Result of `incrementalSync` and `fullSync`. */
export const syncResultSchema = z.object({
  workspaceId: z.string(),
  success: z.boolean().describe('False if a calendar or an account has an error'),
  calendars: z.array(calendarSyncResultSchema),
  accounts: z.array(accountFailureSchema).optional().describe('Accounts that could not be reached'),
});
export type SyncResult = z.infer<typeof syncResultSchema>;
