/** Google's own default, and the most it grants. */
export const CHANNEL_LIFE_MS = 7 * 86_400_000;

/** An answer is recorded seconds after the channel was announced, if ever. */
export const OPENING_LIMIT_MS = 10 * 60_000;

/** Google may learn to watch a calendar. */
export const UNSUPPORTED_FOR_MS = 30 * 86_400_000;

/** Renewed this long before the end, as a share of a channel's life: a day of seven. */
const LEAD = 1 / 7;

/**
 * When another channel is to take the place of one that lives from `from` to `to`. Channels that were opened together
 * are not renewed together: the calendar's UUID, which is random, spreads them over as long as the lead again.
 */
export function renewalOf(calendarId: string, from: Date, to: Date): Date {
  const share = Number.parseInt(calendarId.slice(0, 4), 16) / 0xffff;
  const lifeMs = to.getTime() - from.getTime();
  return new Date(to.getTime() - lifeMs * LEAD * (1 + share));
}
