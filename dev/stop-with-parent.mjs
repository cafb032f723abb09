// Preloaded into Node children of `almanac dev`. When stdin closes, the parent has ended, even by SIGKILL:
// this process is asked to stop, and killed after the `graceMs` of the module's URL. Plain JavaScript, so
// that tests run it from the sources.
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
