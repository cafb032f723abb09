// Preloaded into a worker whose clock is to be wrong by CHAOS_CLOCK_OFFSET_MS. Plain JavaScript, for nothing
// compiles it.
import { isMainThread } from 'node:worker_threads';

const offsetMs = Number(process.env.CHAOS_CLOCK_OFFSET_MS ?? 0);

// Workflows run in other threads, by Temporal's clock.
if (isMainThread && offsetMs !== 0) {
  const RealDate = Date;
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [RealDate.now() + offsetMs] : args));
    }
    static now() {
      return RealDate.now() + offsetMs;
    }
  };
}
