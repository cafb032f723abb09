import { QuotaExceededError } from './errors.ts';

/**
 * Whether one more, or `added` more, fit into a quota. `count` has to be read under the workspace's lock.
 * @param what in the plural, as people call it
 * @throws QuotaExceededError when they do not.
 */
export function requireRoom(
  what: string,
  most: number,
  { count, added = 1 }: { count: number; added?: number },
): void {
  if (count + added <= most) return;
  throw new QuotaExceededError(
    `There may be at most ${most} ${what}, and there are ${count}: remove some before others are added.`,
  );
}
