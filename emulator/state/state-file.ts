import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EmulatorState } from './emulator-state.ts';
import { restoreLine, stateLines } from './state-lines.ts';

/** Changes are saved this long after the first unsaved one, milliseconds; a kill -9 loses about this much. */
const SAVE_DELAY_MS = 2000;
/** Big states wait longer, so that saving takes at most a tenth of the time. */
const SAVE_REST_FACTOR = 10;
/**
 * Lines written between two turns of the event loop, so that saving 100,000 events does not hold up requests.
 */
const LINES_PER_TURN = 500;

interface StateFile {
  /** Saves what is unsaved and stops. */
  close(): Promise<void>;
}

/** Loads state from an NDJSON file if it exists, and keeps saving to it. */
export async function openStateFile(state: EmulatorState, path: string): Promise<StateFile> {
  await mkdir(dirname(path), { recursive: true });
  if (existsSync(path)) await load(state, path);

  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();
  let dirty = false;
  let lastSaveMs = 0;
  const saveAfter = async (earlier: Promise<void>) => {
    // A save that failed was reported; the next one may succeed.
    await Promise.allSettled([earlier]);
    const startedMs = performance.now();
    await save(state, path);
    lastSaveMs = performance.now() - startedMs;
  };
  const saveNow = () => {
    timer = undefined;
    dirty = false;
    saving = saveAfter(saving);
    return saving;
  };
  state.on('dirty', () => {
    dirty = true;
    const delayMs = Math.max(SAVE_DELAY_MS, SAVE_REST_FACTOR * lastSaveMs);
    timer ??= setTimeout(() => void saveNow().catch(reportFailure), delayMs).unref();
  });
  return {
    async close() {
      clearTimeout(timer);
      await (dirty ? saveNow() : saving);
    },
  };
}

async function load(state: EmulatorState, path: string): Promise<void> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) if (line !== '') restoreLine(state, JSON.parse(line));
  for (const store of state.calendars.values()) store.finishRestoring();
}

async function save(state: EmulatorState, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = createWriteStream(temporary);
  let written = 0;
  for (const line of stateLines(state)) {
    if (!file.write(`${JSON.stringify(line)}\n`)) await once(file, 'drain');
    if (++written % LINES_PER_TURN === 0) await nextTurn();
  }
  file.end();
  await once(file, 'close');
  await rename(temporary, path);
}

function reportFailure(error: Error): void {
  process.stderr.write(`emulator: state could not be saved: ${error.message}\n`);
}
