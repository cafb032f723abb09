import { counted } from '../support/counted.ts';
import { peakResidentBytes } from '../support/process-memory.ts';
import { processorMs } from '../support/processor-time.ts';
import {
  countRows,
  countRowsWrittenSince,
  nextTransactionId,
  type RowCounts,
} from '../support/row-counts.ts';
import type { BenchStack } from '../support/stack.ts';
import { percentile } from '../support/statistics.ts';
import { type BenchAccount, withDatabase } from '../support/workspace.ts';
import { FIRST_SYNC_ONLY, type PeerName, placePeer } from './peer.ts';

export const SCENARIOS = ['full', 'unchanged', 'idle'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Figures of one run of one peer in one scenario. */
export interface PeerRun {
  peer: PeerName;
  scenario: Scenario;
  ms: number;
  requests: number;
  statements: number;
  /** Row versions that were written and are still there, by table. */
  rowsWritten: RowCounts;
  walBytes: number;
  /** Processor time of the process and of Postgres: steadier than the clock on a machine that others use. */
  processorMs: { own: number; postgres: number };
  /** Peak memory of the process since its start. */
  peakBytes: number;
}

/** Idle syncs one after the other; figures are per sync, their time is the median. */
const IDLE_SYNCS = 10;

/**
 * A full sync of a calendar that the database does not have, an unchanged full resync, and idle syncs, by one
 * process.
 */
export async function measurePeer(
  stack: BenchStack,
  account: BenchAccount,
  peer: PeerName,
): Promise<PeerRun[]> {
  return withDatabase(stack, async (database, target) => {
    const placed = await placePeer(peer, { stack, database, target, account });
    const running = await placed.start();
    const measure = async (
      scenario: Scenario,
      repeat: number,
      work: () => Promise<number>,
    ): Promise<PeerRun> => {
      const since = await nextTransactionId(database);
      const processor = () => ({
        own: processorMs(running.pid),
        postgres: processorMs(stack.servers.postgres),
      });
      const processorBefore = processor();
      const walBefore = await stack.databases.walPosition();
      const { result, requests, statements } = await counted(stack, target, async () => {
        const times: number[] = [];
        for (let run = 0; run < repeat; run += 1) times.push(await work());
        return times;
      });
      const { own, postgres } = processor();
      return {
        peer,
        scenario,
        processorMs: {
          own: (own - processorBefore.own) / repeat,
          postgres: (postgres - processorBefore.postgres) / repeat,
        },
        ms: percentile(result, 0.5),
        requests: requests / repeat,
        statements: statements / repeat,
        walBytes: ((await stack.databases.walPosition()) - walBefore) / repeat,
        rowsWritten: await countRowsWrittenSince(database, since),
        peakBytes: peakResidentBytes(running.pid),
      };
    };
    try {
      await running.warmUp();
      const runs = [await measure('full', 1, () => running.sync())];
      const before = JSON.stringify(await countRows(database));
      if (FIRST_SYNC_ONLY.has(peer)) return runs;
      runs.push(await measure('unchanged', 1, () => running.resync()));
      if (JSON.stringify(await countRows(database)) !== before)
        throw new Error(`${peer}: an unchanged resync left other rows.`);
      // A refilling peer lists everything each time, so its idle sync is the unchanged one.
      if (peer !== 'refill') runs.push(await measure('idle', IDLE_SYNCS, () => running.sync()));
      return runs;
    } finally {
      await running.close();
    }
  });
}
