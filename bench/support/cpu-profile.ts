import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

// Preloaded into a worker process: writes a CPU profile of its main thread when it ends. `--cpu-prof` would
// do that, but Node does not take it from NODE_OPTIONS.

const SAMPLE_EVERY_MICROSECONDS = 500;
const folder = process.env.BENCH_CPU_PROFILE;

if (isMainThread && folder) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_MICROSECONDS });
  session.post('Profiler.start');
  process.on('exit', () => {
    session.post('Profiler.stop', (_error, { profile }) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `worker-${process.pid}.cpuprofile`), JSON.stringify(profile));
    });
  });
}
