import { defineConfig } from 'vitest/config';

const MINUTE_MS = 60_000;

/** `npm run test:cluster`: builds a Temporal server with Go where there is none, and takes minutes. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: 'test/support/servers.ts',
    testTimeout: 30 * MINUTE_MS,
    hookTimeout: 40 * MINUTE_MS,
  },
});
