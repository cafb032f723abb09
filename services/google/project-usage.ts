import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { readDailyForecast } from './daily-forecast.ts';

/** What the whole project asks of Google today. */
export const projectUsageSchema = z.object({
  day: z.iso.date().describe("Google's day, which is that of Pacific time"),
  requests: z.int().describe('Requests of the day so far'),
  forecast: z.int().describe('Requests expected by the end of the day'),
  budget: z.int().describe('Requests a day that are planned for'),
  stretchedCalendars: z.int().describe('Calendars that are polled less, to keep the budget'),
});
export type ProjectUsage = z.infer<typeof projectUsageSchema>;

export async function readProjectUsage(
  database: Pick<Database, '$queryRaw'>,
  budget: number,
): Promise<ProjectUsage> {
  const forecast = await readDailyForecast(database);
  const [row] = await database.$queryRaw<{ stretched: number }[]>`
    select count(*)::int as stretched from calendar_sync_states
    where stretched_seconds is not null and next_sync_at is not null`;
  return { ...forecast, budget, stretchedCalendars: row?.stretched ?? 0 };
}
