import type { BenchDatabase } from './database-server.ts';
import type { BenchStack } from './stack.ts';

async function requestsOf({ admin }: BenchStack): Promise<number> {
  return Object.values(await admin.requestCounts()).reduce((sum, count) => sum + count, 0);
}

/** Does some work, and counts what it costs the emulator and Postgres. */
export async function counted<T>(stack: BenchStack, target: BenchDatabase, work: () => Promise<T>) {
  const requestsBefore = await requestsOf(stack);
  await stack.databases.resetCounts(target);
  const result = await work();
  const { executionMs, ...counts } = await stack.databases.counts(target);
  return { result, ...counts, postgresMs: executionMs, requests: (await requestsOf(stack)) - requestsBefore };
}
