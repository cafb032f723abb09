import type { EmulatorAdmin } from '../../emulator/admin.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../emulator/create-emulator.ts';

/** Hooks of a test runner: of Vitest, of Jest, or of Bun. */
export interface TestHooks {
  beforeAll(run: () => Promise<void>): void;
  afterEach(run: () => Promise<void>): void;
  afterAll(run: () => Promise<void>): void;
}

/** An emulator that runs while tests do. */
export interface GoogleInTests {
  /** Origin, without a trailing slash. */
  readonly url: string;
  readonly admin: EmulatorAdmin;
}

/**
 * Starts an emulator on a free port for the tests of a file or of a `describe`, and empties it after each: users,
 * calendars, faults, quotas, knobs and clock are as at first. Under the same seed each test gets the same IDs.
 *
 * @example
 * import * as vitest from 'vitest';
 *
 * const google = useEmulator(vitest);
 * it('syncs', async () => {
 *   const { refreshToken } = await google.admin.createUser({ email: 'ada@example.com' });
 * });
 */
export function useEmulator(hooks: TestHooks, options: EmulatorOptions = {}): GoogleInTests {
  let emulator: Emulator | undefined;
  const running = () => {
    if (emulator === undefined)
      throw new Error('The emulator runs only while tests do: use it in a test or a hook.');
    return emulator;
  };
  hooks.beforeAll(async () => {
    emulator = await createEmulator(options);
  });
  hooks.afterEach(async () => running().admin.reset());
  hooks.afterAll(async () => {
    await emulator?.close();
    emulator = undefined;
  });
  return {
    get url() {
      return running().url;
    },
    get admin() {
      return running().admin;
    },
  };
}
