const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });

const HOUR_MINUTES = 60;

/** `09:30`, in the reader's zone. */
export const sayClock = (instant: string): string => clock.format(new Date(instant));

/** `Mon, 7 Dec`, in the reader's zone. */
export const sayDay = (instant: string): string => day.format(new Date(instant));

/** `09:30–10:00`, in the reader's zone. */
export const saySpan = (start: string, end: string): string => `${sayClock(start)}–${sayClock(end)}`;

/** `Mon, 7 Dec, 09:30–10:00`, in the reader's zone. */
export const sayDaySpan = (start: string, end: string): string => `${sayDay(start)}, ${saySpan(start, end)}`;

/** `45 min`, `2 h` or `1 h 30 min`. */
export function sayMinutes(minutes: number): string {
  const hours = Math.floor(minutes / HOUR_MINUTES);
  const rest = minutes % HOUR_MINUTES;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
