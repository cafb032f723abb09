interface Span {
  start: string;
  end: string;
  allDay: boolean;
}

const DAY_MS = 86_400_000;

/** `Tue 1 Dec, 10:30 – 12:00`, in the zone; dates without one. */
export function saySpan({ start, end, allDay }: Span, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: allDay ? 'UTC' : timeZone,
  });
  // The end of a date is exclusive.
  if (allDay) return day.formatRange(new Date(start), new Date(Date.parse(end) - DAY_MS));
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  const [from, to] = [new Date(start), new Date(end)];
  const lastDay = day.format(to) === day.format(from) ? '' : `${day.format(to)}, `;
  return `${day.format(from)}, ${time.format(from)} – ${lastDay}${time.format(to)}`;
}
