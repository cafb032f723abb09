import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };

const MINUTE_MS = 60_000;
const MOST_SIDE_BY_SIDE = 4;

/** Groups run one after the other, so that the servers of one do not take the time of another. */
const project = (name: string, groupOrder: number, options: object) => ({
  extends: true as const,
  test: { name, sequence: { groupOrder }, ...options },
});

const UNIT_TESTS = ['test/unit/**/*.test.ts', 'test/deploy/**/*.test.ts', 'test/emulator/**/*.test.ts'];
const REPLAY_TESTS = ['test/replay/**/*.test.ts'];
/** They have a configuration of their own. */
const CLUSTER_TESTS = ['test/cluster/**/*.test.ts'];
const RUNS_SLOW_TESTS = process.env.ALMANAC_SLOW_TESTS === 'true';
/**
 * Files with half a minute and more of tests that wait or try every case; tests of some seconds elsewhere have
 * the tag `slow`. CI runs them all, `npm test` when it is asked to.
 */
const SLOW_TESTS = [
  'test/api/large-pages.test.ts',
  'test/api/waits.test.ts',
  'test/chaos/killed-*.test.ts',
  'test/console/**/*.test.ts',
  'test/deploy/audit.test.ts',
  'test/e2e/**/*.test.ts',
  'test/packages/{packed,python}.test.ts',
  'test/prisma/upgrades.test.ts',
  'test/scale/**/*.test.ts',
  'test/worker/worker-process.test.ts',
  'test/workflows/convergence.test.ts',
  'test/workflows/fairness.test.ts',
  'test/workflows/two-builds.test.ts',
  'test/workflows/verify-workspace.test.ts',
];
const LEFT_OUT = RUNS_SLOW_TESTS ? [] : SLOW_TESTS;
const END_TO_END_TESTS = ['test/e2e/**/*.test.ts'];

/** The package's own exports, from their sources. */
const alias = Object.fromEntries(
  Object.entries(packageJson.exports).map(([path, file]) => [
    `almanac${path.slice(1)}`,
    fileURLToPath(new URL(file['almanac-source'], import.meta.url)),
  ]),
);

export default defineConfig({
  resolve: { alias },
  test: {
    // Worker threads crash Temporal's native bridge.
    pool: 'forks',
    // Most of them wait for servers: one file at a time would leave half of two cores idle.
    maxWorkers: Math.min(availableParallelism() + 2, MOST_SIDE_BY_SIDE),
    tags: [
      { name: 'slow', description: 'Takes four seconds and more, and no path of every day runs through it.' },
    ],
    ...(!RUNS_SLOW_TESTS && { tagsFilter: ['!slow'] }),
    testTimeout: MINUTE_MS,
    hookTimeout: 2 * MINUTE_MS,
    // A busy machine takes longer than a second for what is waited for.
    expect: { poll: { timeout: MINUTE_MS / 3 } },
    projects: [
      // Files share no state, and loading their modules anew takes a third of the processor's time.
      project('unit', 0, { include: UNIT_TESTS, exclude: LEFT_OUT, isolate: false }),
      project('replay', 1, { include: REPLAY_TESTS }),
      project('integration', 2, {
        include: ['test/**/*.test.ts'],
        exclude: [...UNIT_TESTS, ...REPLAY_TESTS, ...END_TO_END_TESTS, ...CLUSTER_TESTS, ...LEFT_OUT],
        globalSetup: 'test/support/servers.ts',
        isolate: false,
      }),
      project('e2e', 3, {
        include: END_TO_END_TESTS,
        exclude: LEFT_OUT,
        fileParallelism: false,
        testTimeout: 5 * MINUTE_MS,
        hookTimeout: 5 * MINUTE_MS,
      }),
    ],
  },
});
