import type { DatabaseServer } from '../support/database-server.ts';

/** PostgreSQL's default. */
const AUTOVACUUM_SECONDS = 60;
/** Number of ticks from which a tick's duration is estimated. */
const TIMED_TICKS = 10;
const MS_PER_SECOND = 1_000;

/**
 * Tables that are rewritten all the time, and their indexes above all, grow for hours before they keep their
 * size. These ticks come without a pause, with autovacuum as often between them as between those of the soak:
 * every minute one way, every few ticks the other.
 */
export async function ageTables(
  databases: DatabaseServer,
  { agedBy, tickSeconds }: { agedBy: number; tickSeconds: number },
  tick: () => Promise<unknown>,
  note: (text: string) => void,
): Promise<void> {
  const beganAt = performance.now();
  for (let done = 1; done <= agedBy; done += 1) {
    await tick();
    note(`${done} of ${agedBy} ticks`);
    if (done !== TIMED_TICKS) continue;
    const secondsPerTick = (performance.now() - beganAt) / done / MS_PER_SECOND;
    const interval = Math.round((AUTOVACUUM_SECONDS / tickSeconds) * secondsPerTick);
    await databases.setAutovacuumInterval(Math.max(1, interval));
  }
  await databases.setAutovacuumInterval(null);
}
