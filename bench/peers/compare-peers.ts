import { withStack } from '../support/stack.ts';
import { generateAccount } from '../support/workspace.ts';
import { type Kill, KILL_PAGE_SIZE, killPeer } from './kill-test.ts';
import { measurePeer } from './measure.ts';
import type { PeerName } from './peer.ts';
import type { SizeReport } from './tables.ts';

/** Options of the comparison. */
export interface ComparisonOptions {
  events: number[];
  runs: number;
  recurringShare: number;
  peers: PeerName[];
  /** 0: nothing is killed. */
  killEvents: number;
}

export interface ComparisonReport {
  options: ComparisonOptions;
  sizes: SizeReport[];
  kills: Kill[];
}

const GOOGLE_PAGE_SIZE = 2_500;

/** All peers in turn, over and over, on the same servers. */
export async function comparePeers(options: ComparisonOptions): Promise<ComparisonReport> {
  const { peers, runs, recurringShare, killEvents } = options;
  return withStack(async (stack) => {
    const generate = (events: number) =>
      stack.progress.step(`Generating ${events} events`, () =>
        generateAccount(stack, { events, recurringShare }),
      );
    const sizes: SizeReport[] = [];
    for (const events of options.events) {
      const account = await generate(events);
      const size: SizeReport = { listedEvents: account.listedEvents, runs: [] };
      for (let run = 1; run <= runs; run += 1) {
        for (const peer of peers) {
          const label = `${events} events, run ${run} of ${runs}: ${peer}`;
          size.runs.push(...(await stack.progress.step(label, () => measurePeer(stack, account, peer))));
        }
      }
      sizes.push(size);
    }
    const kills: Kill[] = [];
    if (killEvents > 0) {
      const account = await generate(killEvents);
      await stack.admin.setPageShape({ maxPageSize: KILL_PAGE_SIZE });
      for (const peer of peers.filter((name) => name !== 'gcal-sync-occurrences'))
        kills.push(...(await stack.progress.step(`Killing ${peer}`, () => killPeer(stack, account, peer))));
      await stack.admin.setPageShape({ maxPageSize: GOOGLE_PAGE_SIZE });
    }
    return { options, sizes, kills };
  });
}
