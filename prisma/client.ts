import { PrismaClient } from './generated/client.ts';
import { PostgresAdapter } from './postgres-adapter.ts';

/** The connection pool of a process. */
export type Database = PrismaClient;
/** What runs inside `database.$transaction(async (transaction) => …)`. */
export type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0];

interface PrismaClientOptions {
  databaseUrl: string;
  /** Connections in the pool. One pool per process. */
  poolSize: number;
  /** How long a statement may take before Postgres cancels it, waits for locks included. Default: for ever. */
  statementTimeoutMs?: number;
}

/** By who asks. Migrations have none: to rebuild a large table takes what it takes. */
export const StatementTimeout = {
  /** Longer than any read of a page takes; what takes longer is asked for by a client that has gone. */
  apiMs: 30_000,
  /** Longer than the longest transaction of an activity. */
  workerMs: 5 * 60_000,
  /** As long as the rebuild of a large calendar may take. */
  commandMs: 15 * 60_000,
} as const;

/** How long a statement, or a transaction, waits for a connection of the pool. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Prisma gives a transaction five seconds, which a busy server takes for one that waits for a lock. */
const TRANSACTION_TIMEOUT_MS = 60_000;

export function createPrismaClient({
  databaseUrl,
  poolSize,
  statementTimeoutMs,
}: PrismaClientOptions): Database {
  const adapter = new PostgresAdapter({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(statementTimeoutMs !== undefined && { statement_timeout: statementTimeoutMs }),
  });
  return new PrismaClient({
    adapter,
    transactionOptions: { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
}
