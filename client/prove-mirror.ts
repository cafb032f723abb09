import { performance } from 'node:perf_hooks';
import { SECOND_MS } from '../contracts/durations.ts';
import { MAX_CALENDAR_IDS } from '../contracts/limits.ts';
import type { SyncSource } from '../contracts/sync-modes.ts';
import type { Database } from '../prisma/client.ts';
import { StaleMirrorError } from '../services/errors.ts';
import {
  findStaleCalendars,
  type ProofRequest,
  toStaleCalendar,
} from '../services/reading/stale-calendars.ts';
import type { AlmanacClient } from './almanac-client.ts';
import { createProofWatcher } from './proof-watcher.ts';

/** Default time that a caller waits for syncs. */
export const DEFAULT_PROOF_WAIT_SECONDS = 10;
/** A request that has had no effect by then is made again: its run may have failed. */
const REQUEST_LIFE_MS = 30_000;
/** Calendars whose last request is remembered; the oldest are forgotten first. */
const MOST_REMEMBERED = 20_000;

interface ProofWait extends ProofRequest {
  /** Longest wait. 0: nothing is synced. */
  waitMs: number;
  source: SyncSource;
  correlationId?: string | undefined;
  /** Aborts the wait, when nobody is interested in its result. */
  signal?: AbortSignal | undefined;
}

/** Makes the mirror as recent as callers ask. */
export interface MirrorProver {
  /**
   * Syncs the calendars whose proof is too old, and waits until all are proven. Callers that ask meanwhile
   * share the syncs.
   * @throws StaleMirrorError if that is impossible, or takes too long
   */
  prove(request: ProofWait): Promise<void>;
  /** Ends every wait. */
  close(): void;
}

export function createMirrorProver({
  database,
  almanac,
}: {
  database: Database;
  almanac: Pick<AlmanacClient, 'requestSync'>;
}): MirrorProver {
  const watcher = createProofWatcher(database);
  /** The request of each calendar's sync that is not yet served. A listing that begins after it serves it. */
  const requests = new Map<string, { atMs: number; sent: Promise<unknown> }>();

  /** Requests the syncs that no recent request covers, and waits until all requests have arrived. */
  async function requestSyncs(calendarIds: string[], { workspaceId, maxAgeSeconds, ...rest }: ProofWait) {
    const { source, correlationId } = rest;
    const now = performance.now();
    const coveredSince = now - Math.min(maxAgeSeconds * SECOND_MS, REQUEST_LIFE_MS);
    const isCovered = (id: string) => (requests.get(id)?.atMs ?? Number.NEGATIVE_INFINITY) >= coveredSince;
    const uncovered = calendarIds.filter((id) => !isCovered(id));
    if (uncovered.length > 0) {
      const named = uncovered.length <= MAX_CALENDAR_IDS ? { calendarIds: uncovered } : {};
      const sent = almanac.requestSync({ workspaceId, ...named, source, correlationId });
      const request = { atMs: now, sent };
      for (const id of uncovered) remember(id, request);
      sent.catch(() => forget(uncovered));
    }
    await Promise.all(calendarIds.map(async (id) => requests.get(id)?.sent));
  }

  function forget(ids: readonly string[]): void {
    for (const id of ids) requests.delete(id);
  }

  function remember(id: string, request: { atMs: number; sent: Promise<unknown> }): void {
    requests.delete(id);
    requests.set(id, request);
    const [oldest] = requests.keys();
    if (requests.size > MOST_REMEMBERED && oldest !== undefined) requests.delete(oldest);
  }

  return {
    async prove(request) {
      const { waitMs, signal } = request;
      const stale = await findStaleCalendars(database, request);
      const [first] = stale;
      if (first === undefined) return;
      const refuse = () => new StaleMirrorError(stale.map(toStaleCalendar));
      if (waitMs === 0 || stale.some(({ obstacle }) => obstacle !== null)) throw refuse();
      const ids = stale.map(({ calendarId }) => calendarId);
      const until = performance.now() + waitMs;
      await requestSyncs(ids, request);
      const timeoutMs = until - performance.now();
      if (await watcher.wait({ ids, since: first.provenSince }, { timeoutMs, signal })) return forget(ids);
      const since = first.provenSince.getTime();
      const latest = await findStaleCalendars(database, { ...request, calendarIds: ids });
      const left = latest.filter(({ provenAt }) => provenAt === null || provenAt.getTime() < since);
      if (left.length > 0) throw new StaleMirrorError(left.map(toStaleCalendar));
    },
    close: () => watcher.close(),
  };
}
