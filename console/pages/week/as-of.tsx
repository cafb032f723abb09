import { useState } from 'react';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Moments to look back to, from now on; further apart the older they are. The change log keeps 30 days. */
const BACK: [string, number][] = [
  ['now', 0],
  ['1 minute ago', MINUTE_MS],
  ['5 minutes ago', 5 * MINUTE_MS],
  ['15 minutes ago', 15 * MINUTE_MS],
  ['30 minutes ago', 30 * MINUTE_MS],
  ['1 hour ago', HOUR_MS],
  ['2 hours ago', 2 * HOUR_MS],
  ['4 hours ago', 4 * HOUR_MS],
  ['12 hours ago', 12 * HOUR_MS],
  ['1 day ago', DAY_MS],
  ['2 days ago', 2 * DAY_MS],
  ['4 days ago', 4 * DAY_MS],
  ['1 week ago', 7 * DAY_MS],
  ['2 weeks ago', 14 * DAY_MS],
  ['4 weeks ago', 28 * DAY_MS],
];

interface AsOfProps {
  asOf: string | null;
  setAsOf: (asOf: string | null) => void;
}

/** Shows the mirror as it was: its change log is read back to the moment. */
export function AsOf({ asOf, setAsOf }: AsOfProps) {
  const [position, setPosition] = useState(0);
  function look(back: number) {
    setPosition(back);
    const [, age] = BACK[back]!;
    setAsOf(age === 0 ? null : new Date(Date.now() - age).toISOString());
  }
  const [words] = BACK[position]!;
  return (
    <div className="filters">
      <label htmlFor="as-of">As it was</label>
      <input
        id="as-of"
        className="as-of"
        type="range"
        // The present is at the right.
        dir="rtl"
        min={0}
        max={BACK.length - 1}
        value={position}
        aria-valuetext={words}
        onChange={(event) => look(Number(event.target.value))}
      />
      <output htmlFor="as-of">
        {words}
        {asOf !== null && <span className="quiet"> · {new Date(asOf).toLocaleString('en-GB')}</span>}
      </output>
    </div>
  );
}
