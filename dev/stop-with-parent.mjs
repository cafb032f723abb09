// Preloaded into Node children of `almanac dev`: asks the process to stop when its stdin closes, which happens as
// soon as its parent is gone, however it went. Plain JavaScript, so that tests run it from the sources.
import { isMainThread } from 'node:worker_threads';

const GRACE_MS = 8_000;

// Worker threads inherit the preload.
if (isMainThread) {
  const stop = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  };
  process.stdin.on('close', stop).on('error', stop).resume();
  process.stdin.unref();
}
