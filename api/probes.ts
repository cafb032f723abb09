import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { Database } from '../prisma/client.ts';

const PATIENCE_MS = 2_000;
/** Time for which an answer is reused, because the probe needs no key. */
const GOOD_FOR_MS = 1_000;

/** Whether something the service depends on answers. */
export const probeSchema = z.object({
  status: z.enum(['ok', 'unreachable']),
  latencyMs: z.number().describe('How long the answer took, or was waited for'),
});
type Probe = z.infer<typeof probeSchema>;

async function probe(ask: () => Promise<unknown>): Promise<Probe> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, PATIENCE_MS, new Error('No answer in time.'));
  });
  const status = await Promise.race([ask(), patience]).then(
    () => 'ok' as const,
    () => 'unreachable' as const,
  );
  clearTimeout(timer);
  return { status, latencyMs: Math.round((performance.now() - startedAt) * 10) / 10 };
}

function shortly<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked = -Infinity;
  let answer: Promise<T> | undefined;
  return () => {
    if (answer === undefined || performance.now() - asked > GOOD_FOR_MS) {
      asked = performance.now();
      answer = ask();
    }
    return answer;
  };
}

/** Probes the dependencies of the service. */
export function createProbes({ database, temporal }: { database: Database; temporal: Client }) {
  const { connection } = temporal;
  return {
    postgres: shortly(() => probe(() => database.$queryRaw`select 1`)),
    temporal: shortly(() =>
      probe(() =>
        connection.withDeadline(Date.now() + PATIENCE_MS, () => connection.workflowService.getSystemInfo({})),
      ),
    ),
  };
}
