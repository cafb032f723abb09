import type { FanOutProgress, FanOutTotals } from '../../contracts/fan-out.ts';

const POLL_INTERVAL_MS = 1_000;

/** A bar on stderr while a fan-out is waited for; nothing where stderr is not a terminal. */
export async function showFanOutProgress(
  read: () => Promise<FanOutProgress<FanOutTotals> | null>,
): Promise<{ stop(): void }> {
  if (!process.stderr.isTTY) return { stop() {} };
  const { SingleBar, Presets } = await import('cli-progress');
  const format = '{bar} {value}/{total} workspaces, {failed} failed, {skipped} skipped';
  const bar = new SingleBar({ stream: process.stderr, format, hideCursor: true }, Presets.shades_classic);
  bar.start(1, 0, { failed: 0, skipped: 0 });
  const poll = async () => {
    // The display does without an answer: the run may just have ended, or Temporal be restarting.
    const progress = await read().catch(() => null);
    if (progress === null) return;
    const { workspaces, succeeded, failed, skipped } = progress;
    bar.setTotal(Math.max(workspaces, 1));
    bar.update(succeeded + failed + skipped, { failed, skipped });
  };
  const timer = setInterval(() => void poll(), POLL_INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      bar.stop();
    },
  };
}
