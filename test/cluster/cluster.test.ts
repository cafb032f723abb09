import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { FanOutComparison } from '../../bench/fan-out/measure.ts';
import { formatCount, printTable } from '../../bench/support/report.ts';
import { ensureSearchAttributes } from '../../client/search-attributes.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { countRuns, seedWorkspaces } from '../support/scale.ts';
import { connectTo } from '../support/temporal.ts';
import { startWorkflowStack } from '../support/workflow-stack.ts';
import { type Cluster, startCluster } from './start-cluster.ts';

const WORKSPACES = Number(process.env.ALMANAC_CLUSTER_WORKSPACES ?? 1_000);
/** The frontend is killed when this share of the tick is done, and stays away for a while. */
const SHARE_BEFORE_RESTART = 0.2;
const AWAY_MS = 3_000;
const MAX_OUTPUT_BYTES = 64_000_000;
const WAITING = { interval: 100, timeout: 10 * 60_000 };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster(inject('servers').temporalCommand);
  return () => cluster.close();
});

async function runNode(args: string[], more: NodeJS.ProcessEnv = {}): Promise<string> {
  const env = { ...process.env, ...more, VITEST: undefined };
  const options = { cwd: PROJECT_ROOT, env, maxBuffer: MAX_OUTPUT_BYTES };
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
}

async function measureTick(...args: string[]): Promise<FanOutComparison> {
  const bench = join('dist', 'bench', 'fan-out.js');
  const stdout = await runNode([bench, '--json', `--workspaces=${WORKSPACES}`, ...args]);
  const [comparison] = JSON.parse(stdout) as FanOutComparison[];
  if (comparison === undefined) throw new Error('The benchmark measured nothing.');
  return comparison;
}

const rowOf = (server: string, { tick, floor, ratio }: FanOutComparison) => [
  server,
  tick.perSecond.toFixed(1),
  floor.perSecond.toFixed(1),
  ratio.toFixed(2),
  formatCount(tick.childMs.p50),
  formatCount(tick.childMs.p95),
  formatCount(tick.childMs.p99),
  formatCount(tick.mostHistoryEvents),
];

describe('on a Temporal server of several processes, with PostgreSQL and many shards', () => {
  it('the development stack comes up, syncs, plans and goes down', async () => {
    await cluster.createNamespace('e2e');
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    await runNode([vitest, 'run', '--project', 'e2e', '--testTimeout=600000'], {
      ALMANAC_E2E_TEMPORAL_ADDRESS: cluster.address,
      ALMANAC_E2E_TEMPORAL_NAMESPACE: 'e2e',
    });
  });

  it(`a tick over ${WORKSPACES} workspaces syncs all of them`, async () => {
    await cluster.createNamespace('tick');
    const onCluster = await measureTick(`--address=${cluster.address}`, '--namespace=tick');
    const onDevServer = await measureTick();
    printTable(
      ['tick', 'workspaces/s', 'floor', '÷ floor', 'child p50 ms', 'p95', 'p99', 'history events'],
      [
        rowOf(`cluster, PostgreSQL, ${cluster.historyShards} shards`, onCluster),
        rowOf('dev server, SQLite, 1 shard', onDevServer),
      ],
    );
  });

  it('a tick goes on where the frontend is killed in the middle of it', async () => {
    await cluster.createNamespace('restart');
    const stack = await startWorkflowStack(() => connectTo(cluster.address, 'restart'));
    await ensureSearchAttributes(stack.temporal.client);
    const tick = async (prefix: string, meanwhile: () => Promise<void>) => {
      const due = await seedWorkspaces(stack, prefix, WORKSPACES);
      const startedAt = performance.now();
      const handle = await stack.startFanOut({ source: 'schedule' });
      await vi.waitUntil(
        async () => (await countRuns(stack, due)) > WORKSPACES * SHARE_BEFORE_RESTART,
        WAITING,
      );
      await meanwhile();
      expect(await handle.result()).toMatchObject({ succeeded: WORKSPACES, failed: 0, skipped: 0 });
      expect(await countRuns(stack, due)).toBe(WORKSPACES);
      return performance.now() - startedAt;
    };
    await stack.withWorkers(async () => {
      const undisturbedMs = await tick('calm', async () => {});
      const disturbedMs = await tick('disturbed', async () => {
        await cluster.kill('frontend');
        await sleep(AWAY_MS);
        await cluster.start('frontend');
      });
      printTable(
        ['tick on the cluster', 'seconds'],
        [
          ['left alone', (undisturbedMs / 1_000).toFixed(1)],
          [`frontend killed, back after ${AWAY_MS / 1_000} s`, (disturbedMs / 1_000).toFixed(1)],
        ],
      );
    });
    await stack.close();
  });
});
