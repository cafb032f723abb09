import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './process-identity.ts';

const POLL_MS = 20;

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has ended.
  }
}

/** Signals a process that is not a child, kills it after `graceMs`, and waits until it has ended. */
export async function stopProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const identity = processIdentity(pid);
  if (!identity) return;
  send(pid, signal);
  const deadline = Date.now() + graceMs;
  let insisted = false;
  while (processIdentity(pid) === identity) {
    if (!insisted && Date.now() > deadline) {
      send(pid, 'SIGKILL');
      insisted = true;
    }
    await sleep(POLL_MS);
  }
}
