import { setImmediate } from 'node:timers/promises';

/** Longest time that heartbeats, health checks and other activities of the process wait for a turn. */
const TURN_MS = 10;

/** Maps items one after the other, and yields to the event loop in between. */
export async function mapInTurns<From, To>(items: Iterable<From>, map: (item: From) => To): Promise<To[]> {
  const mapped: To[] = [];
  let turnEndsAt = performance.now() + TURN_MS;
  for (const item of items) {
    if (performance.now() >= turnEndsAt) {
      await setImmediate();
      turnEndsAt = performance.now() + TURN_MS;
    }
    mapped.push(map(item));
  }
  return mapped;
}
