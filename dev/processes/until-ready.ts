import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from './part.ts';

const POLL_MS = 50;
const START_TIMEOUT_MS = 60_000;

/**
 * Waits until a part that has just started is ready.
 * @throws when it ends first, or is not ready in time; it is stopped by then
 */
export async function untilReady(part: Part, isReady: () => boolean | Promise<boolean>): Promise<void> {
  let end: string | undefined;
  void part.ended.then((how) => (end = how));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady())) {
    if (end) throw new Error(`${part.name} ended while starting (${end}): see ${part.logFile}.`);
    if (Date.now() > deadline) {
      await part.stop();
      throw new Error(`${part.name} was not ready within ${START_TIMEOUT_MS / 1000} s: see ${part.logFile}.`);
    }
    await sleep(POLL_MS);
  }
}

/** Waits until a GET of `url` succeeds. */
export async function untilAnswers(part: Part, url: string): Promise<void> {
  await untilReady(part, () =>
    fetch(url).then(
      (response) => response.ok,
      () => false,
    ),
  );
}
