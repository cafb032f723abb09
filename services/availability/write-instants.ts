import { DAY_MS, MINUTE_MS } from '../../contracts/durations.ts';
import { formatInstant } from '../../contracts/instants.ts';

const DATE_LENGTH = 'YYYY-MM-DDT'.length;

/**
 * Returns a function that writes instants as `formatInstant` does. An answer has thousands, most of them on whole
 * minutes and each near the one before, so that only a new day is formatted.
 */
export function createInstantWriter(): (epochMs: number) => string {
  let known = Number.NaN;
  let date = '';
  return (epochMs) => {
    if (epochMs % MINUTE_MS !== 0) return formatInstant(epochMs);
    const day = Math.floor(epochMs / DAY_MS);
    if (day !== known) {
      known = day;
      date = formatInstant(day * DAY_MS).slice(0, DATE_LENGTH);
    }
    const minutes = (epochMs - day * DAY_MS) / MINUTE_MS;
    const [hour, minute] = [Math.floor(minutes / 60), minutes % 60];
    return `${date}${hour < 10 ? '0' : ''}${hour}:${minute < 10 ? '0' : ''}${minute}:00Z`;
  };
}
