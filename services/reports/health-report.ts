import { z } from 'zod';
import { FailureType } from '../../contracts/failure-types.ts';
import { projectUsageSchema } from '../google/project-usage.ts';
import { overallHealthSchema } from '../health/roll-up.ts';
import { instant } from '../shapes.ts';

export const healthReportSchema = z.object({
  readAt: instant.describe("Postgres's time"),
  overall: overallHealthSchema,
  oldestCalendar: z
    .object({ workspaceId: z.string(), calendarId: z.string(), provenAt: instant.nullable() })
    .nullable()
    .describe('Calendar whose match with Google was confirmed longest ago. Null: there is none'),
  failures: z
    .array(
      z.object({
        failureType: z.enum(Object.values(FailureType)),
        operation: z.string(),
        deadLetters: z.int(),
        since: instant.describe('First failure of the oldest one'),
      }),
    )
    .describe('Open dead letters by failure type and operation, most first'),
  google: projectUsageSchema,
  push: z.object({
    calendars: z.int().describe('Synced calendars'),
    live: z.int().describe('Those with a live channel'),
  }),
  webhooks: z
    .object({ active: z.int(), failing: z.int(), paused: z.int() })
    .describe('Webhooks that receive changes; `failing`: active, and refused at the last attempt'),
  messages: z
    .object({ delivered: z.int(), unconfirmed: z.int(), failed: z.int() })
    .describe('Messages to notifiers that ended within a day'),
  verification: z
    .object({
      lastAt: instant.nullable().describe('End of the last verification of a calendar. Null: none so far'),
      calendars: z.int().describe('Calendars verified within a week'),
      drifted: z.int().describe('Those of them that differed from Google'),
      lasting: z.int().describe('Those whose differences no sync has repaired'),
    })
    .describe('Comparisons of the mirror with Google'),
  versions: z.object({
    almanac: z.string(),
    node: z.string(),
    postgres: z.string(),
    lastMigration: z.string().nullable(),
  }),
});
export type HealthReport = z.infer<typeof healthReportSchema>;
