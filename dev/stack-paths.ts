import { join } from 'node:path';

/** Files in which a folder's development stack keeps its state. */
export function stackPaths(directory: string) {
  const state = join(directory, '.almanac');
  const logs = join(state, 'logs');
  return {
    state,
    logs,
    log: (part: string) => join(logs, `${part}.log`),
    /** Addresses and keys of the running stack. Mode 0600. */
    stackFile: join(state, 'dev.json'),
    /** Lock of the one process that runs the stack. */
    lockFile: join(state, 'dev.lock'),
    /** Keys that outlive a run. Mode 0600. */
    keysFile: join(state, 'keys.json'),
    postgres: join(state, 'postgres'),
    temporalDatabase: join(state, 'temporal.db'),
    /** The latest mails that the stack's mail server has taken. */
    mails: join(state, 'mails'),
    emulatorState: join(state, 'emulator.ndjson'),
  };
}
