import { z } from 'zod';
import type { Database, Transaction } from '../prisma/client.ts';
import { BusyError } from './errors.ts';

/** Commits of pages take a tenth of a second; those of giant series, and rebuilds, minutes. */
const LONGEST_WAIT_MS = 10_000;

/** Postgres's `lock_not_available`, as Prisma's driver adapter hands it on. */
const lockTimeoutSchema = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.literal('55P03') }) }) }),
});

/**
 * Runs a transaction that gives up where it would wait for a lock for more than ten seconds.
 * @param what is locked, at the beginning of a sentence
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

/** Of the transaction that is running. */
export async function limitWait(transaction: Transaction): Promise<void> {
  await transaction.$executeRaw`select set_config('lock_timeout', ${String(LONGEST_WAIT_MS)}, true)`;
}

/** What to throw for an error: a `BusyError` where the wait for a lock was too long. */
export function orBusy(what: string, error: unknown): unknown {
  if (!lockTimeoutSchema.safeParse(error).success) return error;
  return new BusyError(
    `${what} is being synced or rebuilt, and nothing was changed: try again when that has ended.`,
  );
}
