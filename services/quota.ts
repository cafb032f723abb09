import { QuotaExceededError } from './errors.ts';

/**
 * Checks that `added` more items fit into a quota. `count` has to be read under the workspace's lock.
 * @param what the counted items, in the plural
 * @throws QuotaExceededError when they do not fit.
 */
export function requireRoom(
  what: string,
  most: number,
  { count, added = 1 }: { count: number; added?: number },
): void {
  if (count + added <= most) return;
  throw new QuotaExceededError(
    `There may be at most ${most} ${what}, and there are ${count}: remove some first.`,
  );
}
