import { PrismaClient } from './generated/client.ts';
import { PostgresAdapter } from './postgres-adapter.ts';

/** The connection pool of a process. */
export type Database = PrismaClient;
/** The handle inside `database.$transaction(async (transaction) => …)`. */
export type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0];

interface PrismaClientOptions {
  databaseUrl: string;
  /** Connections in the pool. One pool per process. */
  poolSize: number;
  /** Time after which Postgres cancels a statement, waits for locks included. Default: none. */
  statementTimeoutMs?: number;
}

/** Statement timeouts by process. Migrations have none, because rebuilding a large table may take long. */
export const StatementTimeout = {
  /** Longer than reading any page takes; the client of a longer request has given up. */
  apiMs: 30_000,
  /** Longer than the longest transaction of an activity. */
  workerMs: 5 * 60_000,
  /** Longer than the rebuild of a large calendar takes. */
  commandMs: 15 * 60_000,
} as const;

/** Longest wait of a statement or a transaction for a connection of the pool. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Prisma's default of five seconds is too short for a transaction that waits for a lock on a busy server. */
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
