import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STATE } from './paths.mjs';
import { say } from './report.mjs';

const LOCK = join(STATE, 'bootstrap.lock');
const POLL_MS = 200;

function holder() {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryToLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Runs `work` while no other bootstrap of this folder runs. A lock whose holder has died is taken over. */
export async function withBootstrapLock(work) {
  mkdirSync(STATE, { recursive: true });
  for (let waited = false; !tryToLock(); waited = true) {
    const pid = holder();
    if (pid && !isAlive(pid)) {
      rmSync(LOCK, { force: true });
      continue;
    }
    if (!waited) say(`· Waiting for process ${pid ?? '?'}, which is preparing this folder …`);
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}
