import { setImmediate } from 'node:timers/promises';

/** Heartbeats, health checks and other activities of the process wait no longer for a turn. */
const TURN_MS = 10;

/** Maps one after the other, and lets the rest of the process have its turn between them. */
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
