import { join } from 'node:path';

/** Where the development stack of a folder keeps its state. */
export function stackPaths(directory: string) {
  const state = join(directory, '.almanac');
  const logs = join(state, 'logs');
  return {
    state,
    logs,
    log: (part: string) => join(logs, `${part}.log`),
    /** How the running stack is reached; mode 0600, for it holds keys. */
    stackFile: join(state, 'dev.json'),
    /** Held by the one process that runs the stack. */
    lockFile: join(state, 'dev.lock'),
    /** Keys that outlive a run; mode 0600. */
    keysFile: join(state, 'keys.json'),
    postgres: join(state, 'postgres'),
    temporalDatabase: join(state, 'temporal.db'),
    emulatorState: join(state, 'emulator.ndjson'),
  };
}
