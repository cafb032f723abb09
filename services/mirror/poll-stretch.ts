import type { Database } from '../../prisma/client.ts';
import { readDailyForecast } from '../google/daily-forecast.ts';

/** How far poll intervals are stretched: from 0, not at all, to 1, the longest interval. */
export interface PollStretch {
  /** Calendars with a live push channel, or without a change for weeks. */
  quiet: number;
  /** All others. */
  busy: number;
}

/** Share of the daily budget up to which no poll is stretched. */
const CALM_SHARE = 0.8;
/** As often as the counts of requests are stored. */
const GOOD_FOR_MS = 15_000;

/**
 * Polls are stretched as the forecast of the day's requests goes from `CALM_SHARE` of the budget to all of it:
 * those of quiet calendars in the first half, the others in the second. So the forecast settles between the
 * two, and only as many calendars wait as have to.
 */
export function pollStretch(forecast: number, dailyBudget: number): PollStretch {
  const pressure = (forecast / dailyBudget - CALM_SHARE) / (1 - CALM_SHARE);
  const share = (from: number, to: number) => Math.min(Math.max((pressure - from) / (to - from), 0), 1);
  return { quiet: share(0, 0.5), busy: share(0.5, 1) };
}

/**
 * Creates a function that returns the present stretch. Callers of a process share one query every 15 seconds,
 * so that it costs a sync nothing.
 */
export function createStretchReader(
  database: Database,
  dailyBudget: number,
  goodForMs = GOOD_FOR_MS,
): () => Promise<PollStretch> {
  let last: { stretch: Promise<PollStretch>; readAt: number } | undefined;

  async function read(): Promise<PollStretch> {
    try {
      return pollStretch((await readDailyForecast(database)).forecast, dailyBudget);
    } catch (error) {
      last = undefined;
      throw error;
    }
  }

  return () => {
    // A clock that cannot be set.
    const now = performance.now();
    if (last === undefined || now - last.readAt >= goodForMs) last = { stretch: read(), readAt: now };
    return last.stretch;
  };
}
