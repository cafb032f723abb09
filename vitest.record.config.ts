import { defineConfig } from 'vitest/config';

/** Not a test: `npm run record-histories` writes the histories that the replay tests run against. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/replay/**/*.record.ts'],
    globalSetup: 'test/support/servers.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
