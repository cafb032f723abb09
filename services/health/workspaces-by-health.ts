import type { Health } from '../../contracts/health.ts';
import type { Database } from '../../prisma/client.ts';
import type { StatusOptions } from '../reading/status.ts';
import { readWorkspaceHealths } from './roll-up.ts';

/** Share of time in which the health of all workspaces is read: a twentieth. */
const REST_PER_READ = 20;
/** A read that takes longer goes on behind answers from the one before. */
const FAST_MS = 50;
/** Age of the oldest such answer. */
const MOST_AGE_MS = 30_000;

interface Snapshot {
  /** IDs by health, in the order of Postgres. */
  ids: Map<Health, string[]>;
  readAtMs: number;
  tookMs: number;
}

/**
 * Workspaces by health, without reading that of ten thousand for each question. Where the read is fast, it is seconds
 * old at most; elsewhere up to half a minute. Check the health of the workspaces it names.
 */
export function createHealthIndex(
  database: Database,
  options: StatusOptions,
): (healths: readonly Health[]) => Promise<string[]> {
  let latest: Snapshot | null = null;
  let reading: Promise<Snapshot> | null = null;

  async function read(): Promise<Snapshot> {
    const readAtMs = performance.now();
    const ids = new Map<Health, string[]>();
    for (const { id, health } of await readWorkspaceHealths(database, null, options)) {
      const others = ids.get(health);
      if (others === undefined) ids.set(health, [id]);
      else others.push(id);
    }
    return { ids, readAtMs, tookMs: performance.now() - readAtMs };
  }

  async function refresh(): Promise<Snapshot> {
    reading ??= read().finally(() => (reading = null));
    latest = await reading;
    return latest;
  }

  async function current(): Promise<Snapshot> {
    if (latest === null) return refresh();
    const ageMs = performance.now() - latest.readAtMs;
    if (ageMs <= latest.tookMs * REST_PER_READ) return latest;
    const refreshed = refresh();
    if (latest.tookMs < FAST_MS || ageMs > MOST_AGE_MS) return refreshed;
    // The next question reports a failure, when the snapshot is too old.
    refreshed.catch(() => undefined);
    return latest;
  }

  return async (healths) => {
    const { ids } = await current();
    return healths.flatMap((health) => ids.get(health) ?? []);
  };
}
