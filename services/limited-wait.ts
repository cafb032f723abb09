import { z } from 'zod';
import type { Database, Transaction } from '../prisma/client.ts';
import { BusyError } from './errors.ts';

/**
 * Longest wait for a lock. A page commit takes a tenth of a second; giant series and rebuilds take minutes.
 */
const LONGEST_WAIT_MS = 10_000;

/** Postgres's `lock_not_available`, as Prisma's driver adapter reports it. */
const lockTimeoutSchema = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.literal('55P03') }) }) }),
});

/**
 * Runs a transaction that gives up when it waits longer than ten seconds for a lock.
 * @param what the locked resource, as the beginning of a sentence
 * @throws BusyError when it has given up; nothing was changed.
 */
export async function withLimitedWait<T>(
  database: Database,
  what: string,
  change: (transaction: Transaction) => Promise<T>,
  timeoutMs: number,
): Promise<T> {
  try {
    return await database.$transaction(
      async (transaction) => {
        await limitWait(transaction);
        return change(transaction);
      },
      { timeout: timeoutMs },
    );
  } catch (error) {
    throw orBusy(what, error);
  }
}

/** Limits each wait for a lock in the running transaction to ten seconds. */
export async function limitWait(transaction: Transaction): Promise<void> {
  await transaction.$executeRaw`select set_config('lock_timeout', ${String(LONGEST_WAIT_MS)}, true)`;
}

/** Converts a lock timeout into a `BusyError`; returns any other error unchanged. */
export function orBusy(what: string, error: unknown): unknown {
  if (!lockTimeoutSchema.safeParse(error).success) return error;
  return new BusyError(
    `${what} is being synced or rebuilt. Nothing was changed: try again when that has ended.`,
  );
}
