export interface WaitOptions {
  timeoutMs: number;
  /** Aborts the wait. */
  signal?: AbortSignal | undefined;
}

/** Delay of a look that is hurried, so that many hints make one look. */
const HURRIED_MS = 20;

/** Waits of many callers, served by one query per interval. With no caller waiting there is no query. */
export interface SharedWait<Wanted> {
  /** Number of waiting callers. */
  readonly waiting: number;
  /** Resolves to true once the wanted is there; to false when the time is up. */
  wait(wanted: Wanted, options: WaitOptions): Promise<boolean>;
  /** Looks soon, if anything of what is meant is wanted. */
  hurry(isMeant: (wanted: Wanted) => boolean): void;
  /** Ends every wait; later ones end at once. */
  close(): void;
}

interface Waiter<Wanted> {
  wanted: Wanted;
  end: (isThere: boolean) => void;
}

/** @param look reads the present state for everything wanted; its result tells what is there */
export function createSharedWait<Wanted>(
  look: (wanted: readonly Wanted[]) => Promise<(wanted: Wanted) => boolean>,
  lookEveryMs: number,
): SharedWait<Wanted> {
  const waiters = new Set<Waiter<Wanted>>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let hurried = false;
  let closed = false;

  async function serve(): Promise<void> {
    const isThere = await look([...waiters].map(({ wanted }) => wanted));
    for (const { wanted, end } of waiters) if (isThere(wanted)) end(true);
  }

  function schedule(): void {
    if (waiters.size === 0 || looking || timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        looking = true;
        hurried = false;
        // If the database is briefly unavailable, the next interval asks again; the caller's next read reports
        // the outage.
        void serve()
          .catch(() => undefined)
          .finally(() => {
            looking = false;
            schedule();
          });
      },
      hurried ? HURRIED_MS : lookEveryMs,
    );
  }

  return {
    get waiting() {
      return waiters.size;
    },
    wait(wanted, { timeoutMs, signal }) {
      return new Promise((resolve) => {
        if (closed || signal?.aborted === true || timeoutMs <= 0) return resolve(false);
        const give = () => waiter.end(false);
        const timeout = setTimeout(give, timeoutMs);
        const waiter: Waiter<Wanted> = {
          wanted,
          end(isThere) {
            waiters.delete(waiter);
            clearTimeout(timeout);
            signal?.removeEventListener('abort', give);
            if (waiters.size === 0) {
              clearTimeout(timer);
              timer = undefined;
            }
            resolve(isThere);
          },
        };
        signal?.addEventListener('abort', give, { once: true });
        waiters.add(waiter);
        schedule();
      });
    },
    hurry(isMeant) {
      if (hurried || ![...waiters].some(({ wanted }) => isMeant(wanted))) return;
      hurried = true;
      clearTimeout(timer);
      timer = undefined;
      schedule();
    },
    close() {
      closed = true;
      for (const { end } of waiters) end(false);
    },
  };
}
