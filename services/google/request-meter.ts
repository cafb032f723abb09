import type { Database } from '../../prisma/client.ts';
import { storeRequests, type CountedRequests } from './store-requests.ts';

/** Counts requests to Google by account and method. */
export interface RequestMeter {
  /** @param method as Google names it: `events.list` */
  count(accountId: string, method: string): void | Promise<void>;
}

/** A meter that keeps its counts in memory until they are flushed. */
export interface BufferedMeter extends RequestMeter {
  count(accountId: string, method: string): void;
  /** Stores what was counted since the last flush. After a failure the next one stores it. */
  flush(): Promise<void>;
}

/** Bounds the memory and the statement of a flush. Beyond it requests count for the project alone. */
const MOST_COUNTERS = 5_000;

/**
 * The meter of workers. A sync sends one request per calendar, and commits one transaction for it: a counter
 * in that transaction would make the workspace's calendars wait for each other, and miss requests without a
 * commit. In memory a request costs nothing, and a flush is one statement, however many there were. A killed
 * process loses what it has not flushed.
 */
export function createRequestMeter(database: Database, mostCounters = MOST_COUNTERS): BufferedMeter {
  let counts = new Map<string, CountedRequests>();

  function add(accountId: string | null, method: string, requests: number): void {
    const key = `${accountId ?? ''} ${method}`;
    const known = counts.get(key);
    if (known !== undefined) known.requests += requests;
    else if (accountId !== null && counts.size >= mostCounters) add(null, method, requests);
    else counts.set(key, { accountId, method, requests });
  }

  return {
    count: (accountId, method) => add(accountId, method, 1),

    async flush() {
      if (counts.size === 0) return;
      const taken = [...counts.values()];
      counts = new Map();
      try {
        await storeRequests(database, taken);
      } catch (error) {
        for (const { accountId, method, requests } of taken) add(accountId, method, requests);
        throw error;
      }
    },
  };
}

/**
 * The meter of the API and the command line, whose requests are few: each is stored before it is sent. A
 * request is made even if it cannot be counted.
 * @param database handle that belongs to no workspace
 */
export function createImmediateMeter(database: Database): RequestMeter {
  return {
    count: (accountId, method) =>
      storeRequests(database, [{ accountId, method, requests: 1 }]).catch(() => undefined),
  };
}
