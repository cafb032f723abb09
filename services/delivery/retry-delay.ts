import { DAY_MS, HOUR_MS, SECOND_MS } from '../../contracts/durations.ts';
import type { AttemptOutcome } from './post-delivery.ts';

/** A receiver that fails for longer is not asked any more. */
export const LONGEST_FAILURE_MS = 3 * DAY_MS;

const FIRST_DELAY_MS = 5 * SECOND_MS;
const LONGEST_DELAY_MS = 6 * HOUR_MS;
const JITTER = 0.2;
/** Longest time that a receiver may ask for. */
const LONGEST_ASKED_MS = DAY_MS;

/** Delay after a number of failures in a row: it doubles from 5 seconds to 6 hours, with jitter. */
export function delayAfter(failures: number, random: () => number = Math.random): number {
  const doubled = FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 30);
  return Math.round(Math.min(doubled, LONGEST_DELAY_MS) * (1 + JITTER * random()));
}

/** Delay that an answer asks for with `Retry-After`, in seconds or as a date. */
export function askedDelay({ retryAfter }: AttemptOutcome, now: Date): number {
  if (retryAfter === undefined) return 0;
  const askedMs = /^\d{1,9}$/.test(retryAfter)
    ? Number(retryAfter) * SECOND_MS
    : Date.parse(retryAfter) - now.getTime();
  return Number.isFinite(askedMs) ? Math.min(Math.max(askedMs, 0), LONGEST_ASKED_MS) : 0;
}
