import type { Horizon } from '../../calendar/expand.ts';

const DAY_MS = 86_400_000;
const DAYS_BACK = 90;
const DAYS_AHEAD = 400;

/** Half-open span of the occurrences in the read model. */
export interface HorizonSpan {
  from: Date;
  to: Date;
}

/** The horizon of a day: whole UTC days, so that it moves once a day. */
export function horizonAt(now: Date): HorizonSpan {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return { from: new Date(today - DAYS_BACK * DAY_MS), to: new Date(today + DAYS_AHEAD * DAY_MS) };
}

/** The same span as the expansion takes it. */
export function toHorizon({ from, to }: HorizonSpan): Horizon {
  return { from: from.toISOString(), to: to.toISOString() };
}
