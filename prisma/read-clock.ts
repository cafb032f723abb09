import type { Database, Transaction } from './client.ts';

/** Postgres's clock: the one that all processes share, whatever their own ones say. */
export async function readClock(database: Database | Transaction): Promise<Date> {
  const [row] = await database.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`;
  return row!.now;
}
