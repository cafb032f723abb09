import { expect, it } from 'vitest';
import { pollStretch } from '../../../../services/mirror/poll-stretch.ts';

it.each([
  [0, 0, 0],
  [0.8, 0, 0],
  [0.82, 0.2, 0],
  [0.85, 0.5, 0],
  [0.9, 1, 0],
  [0.95, 1, 0.5],
  [1, 1, 1],
  [12, 1, 1],
])(
  'at a forecast of %d of the budget, quiet calendars are stretched by %d and others by %d',
  (share, quiet, busy) => {
    const stretch = pollStretch(share * 900_000, 900_000);
    expect(stretch.quiet).toBeCloseTo(quiet, 10);
    expect(stretch.busy).toBeCloseTo(busy, 10);
  },
);
