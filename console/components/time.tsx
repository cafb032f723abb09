import { useSyncExternalStore } from 'react';

const SECOND_MS = 1_000;
const TICK_MS = 5 * SECOND_MS;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const absolute = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'long',
});

let now = Date.now();
const listeners = new Set<() => void>();
window.setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, TICK_MS);

/** The present, one for the whole page, every five seconds. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => now,
  );
}

function sayRelative(instantMs: number, nowMs: number): string {
  const seconds = Math.round((instantMs - nowMs) / SECOND_MS);
  const [unit, size] = UNITS.find(([, seconds_]) => Math.abs(seconds) >= seconds_) ?? ['second', 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** An instant, as far from now as it is; its title has date, time and zone of the reader. */
export function Ago({ at, never = 'never' }: { at: string | null | undefined; never?: string }) {
  const nowMs = useNow();
  if (at === null || at === undefined) return <span className="quiet">{never}</span>;
  const instant = new Date(at);
  return (
    <time dateTime={at} title={absolute.format(instant)}>
      {sayRelative(instant.getTime(), nowMs)}
    </time>
  );
}

/** `950` is `950 ms`, `61000` is `1 min 1 s`. */
export function sayDuration(milliseconds: number): string {
  if (milliseconds < SECOND_MS) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / SECOND_MS);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}
