import { expect, it } from 'vitest';
import { mapInTurns } from '../../../../services/mirror/map-in-turns.ts';

/** Blocks the event loop, as the expansion of a series does. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('lets timers have their turn between long items, and keeps the order', async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const mapped = await mapInTurns([1, 2, 3, 4, 5, 6], (item) => {
    block(15);
    return item * 10;
  });
  clearInterval(timer);
  expect(mapped).toEqual([10, 20, 30, 40, 50, 60]);
  expect(turns).toBeGreaterThanOrEqual(4);
});

it('maps what is short at one go', async () => {
  let turns = 0;
  const other = setImmediate(() => (turns += 1));
  const mapping = mapInTurns([1, 2, 3], (item) => item);
  await mapping;
  expect(turns).toBe(0);
  clearImmediate(other);
});
