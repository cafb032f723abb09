/** A step failed, and has said why on stderr. */
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

/** Says what is being done before it starts, and how long it took after it. */
export async function step(label, work) {
  const startedAt = performance.now();
  say(`· ${label} …`);
  const result = await work();
  say(`✔ ${label} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return result;
}
