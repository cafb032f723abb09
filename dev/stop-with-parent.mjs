// Preloaded into Node children of `almanac dev`. When stdin closes, its parent has ended, even by SIGKILL: the process
// is asked to stop, and killed after `graceMs` of this module's URL. Plain JavaScript: tests run it from the sources.
import { isMainThread } from 'node:worker_threads';

const graceMs = Number(new URL(import.meta.url).searchParams.get('graceMs'));

// Worker threads inherit the preload.
if (isMainThread) {
  const stop = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
  };
  process.stdin.on('close', stop).on('error', stop).resume();
  process.stdin.unref();
}
