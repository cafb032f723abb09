import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

/** The connection pool of a process. */
export type Database = PrismaClient;
/** What runs inside `database.$transaction(async (transaction) => …)`. */
export type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0];

interface PrismaClientOptions {
  databaseUrl: string;
  /** Connections in the pool. One pool per process. */
  poolSize: number;
}

/** How long a statement waits for a connection of the pool. */
export const CONNECT_TIMEOUT_MS = 10_000;

export function createPrismaClient({ databaseUrl, poolSize }: PrismaClientOptions): Database {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  return new PrismaClient({ adapter });
}
