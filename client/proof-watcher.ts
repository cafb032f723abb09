import type { Database } from '../prisma/client.ts';

/** Longest delay until a proof is noticed. Each interval costs one small query, no matter how many wait. */
const LOOK_EVERY_MS = 100;

interface Waiter {
  ids: readonly string[];
  since: Date;
  end: (proven: boolean) => void;
}

/** Notices when calendars are proven. Without waiting callers there is no query. */
interface ProofWatcher {
  /** Resolves to true when every calendar is proven at or after `since`; to false when the time is up. */
  wait(
    ids: readonly string[],
    since: Date,
    options: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<boolean>;
  /** Ends every wait; later ones end at once. */
  close(): void;
}

export function createProofWatcher(database: Database): ProofWatcher {
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let closed = false;

  async function look(): Promise<void> {
    const ids = [...new Set([...waiters].flatMap((waiter) => waiter.ids))];
    const rows = await database.$queryRaw<{ id: string; provenAt: Date | null }[]>`
      select calendar_id::text as id, proven_at as "provenAt"
      from calendar_sync_states where calendar_id = any(${ids}::uuid[])`;
    const proofs = new Map(rows.map(({ id, provenAt }) => [id, provenAt?.getTime() ?? 0]));
    for (const waiter of waiters) {
      if (waiter.ids.every((id) => (proofs.get(id) ?? 0) >= waiter.since.getTime())) waiter.end(true);
    }
  }

  function schedule(): void {
    if (waiters.size === 0 || looking || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      looking = true;
      // After a short outage of the database the next interval asks again.
      void look()
        .catch(() => undefined)
        .finally(() => {
          looking = false;
          schedule();
        });
    }, LOOK_EVERY_MS);
  }

  return {
    wait(ids, since, { timeoutMs, signal }) {
      return new Promise((resolve) => {
        if (closed || signal?.aborted === true || timeoutMs <= 0) return resolve(false);
        const give = () => waiter.end(false);
        const timeout = setTimeout(give, timeoutMs);
        const waiter: Waiter = {
          ids,
          since,
          end(proven) {
            waiters.delete(waiter);
            clearTimeout(timeout);
            signal?.removeEventListener('abort', give);
            resolve(proven);
          },
        };
        signal?.addEventListener('abort', give, { once: true });
        waiters.add(waiter);
        schedule();
      });
    },
    close() {
      closed = true;
      clearTimeout(timer);
      for (const { end } of waiters) end(false);
    },
  };
}
