import type { Database, Transaction } from './client.ts';

/** Reads Postgres's clock, the only one that all processes share. */
export async function readClock(database: Database | Transaction): Promise<Date> {
  const [row] = await database.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`;
  return row!.now;
}
