/** A step failed. The reason is already on stderr. */
export class BootstrapError extends Error {
  name = 'BootstrapError';
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function fail(message, exitCode = 1) {
  say(message);
  process.exit(exitCode);
}

const HEARTBEAT_MS = 15_000;

/** Reports a step on stderr: its start, a heartbeat while it runs, and its duration. */
export async function step(label, work) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  say(`· ${label} …`);
  const heartbeat = setInterval(() => say(`· ${label} … ${seconds().toFixed(0)} s`), HEARTBEAT_MS);
  try {
    const result = await work();
    say(`✔ ${label} (${seconds().toFixed(1)} s)`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}
