import type { Interval } from '../../calendar/availability/interval.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/durations.ts';
import { MOST_AVAILABILITY_DAYS } from '../../contracts/limits.ts';
import { InvalidInputError } from '../errors.ts';
import { toInstant } from '../input.ts';
import type { AvailabilityQuestion } from './availability-input.ts';

type Windows = Pick<AvailabilityQuestion, 'windows' | 'timeZone'>;

/** Midnight comes so much earlier than in UTC where the day begins first, and later where it begins last. */
const EARLIEST_MIDNIGHT_MS = 14 * HOUR_MS;
const LATEST_MIDNIGHT_MS = 12 * HOUR_MS;

const isDate = (time: string) => !time.includes('T');

function spansOf(windows: Windows['windows'], timeZone: string): Interval[] {
  const spans = windows.map(({ from, to }) => ({
    start: toInstant(from, timeZone).epochMilliseconds,
    end: toInstant(to, timeZone).epochMilliseconds,
  }));
  const days = spans.reduce((sum, { start, end }) => sum + Math.max(0, end - start) / DAY_MS, 0);
  // Whole days, because dates may lie around a change of clocks.
  if (Math.floor(days) > MOST_AVAILABILITY_DAYS)
    throw new InvalidInputError('windows', `must have at most ${MOST_AVAILABILITY_DAYS} days in all`);
  return spans;
}

/**
 * Windows of a question in a zone.
 * @throws InvalidInputError naming the window.
 */
export function toWindows({ windows }: Windows, timeZone: string): Interval[] {
  const spans = spansOf(windows, timeZone);
  const wrong = spans.findIndex(({ start, end }) => end <= start);
  if (wrong >= 0) throw new InvalidInputError(`windows.${wrong}.to`, 'must be later than from');
  return spans;
}

/**
 * Windows that hold those of the question in any zone, for the case that the zone is not known yet.
 * @throws InvalidInputError where they have too many days.
 */
export function widestWindows({ timeZone, windows }: Windows): Interval[] {
  return spansOf(windows, timeZone ?? 'UTC').map(({ start, end }, index) => {
    const { from, to } = windows[index]!;
    const isOpen = timeZone === undefined;
    return {
      start: isOpen && isDate(from) ? start - EARLIEST_MIDNIGHT_MS : start,
      end: isOpen && isDate(to) ? end + LATEST_MIDNIGHT_MS : end,
    };
  });
}
