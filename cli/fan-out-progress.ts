import type { FanOutProgress, FanOutTotals } from '../contracts/fan-out.ts';
import { showProgressBar } from '../terminal/progress-bar.ts';

const FORMAT = '{bar} {value}/{total} workspaces, {failed} failed, {skipped} skipped';

/** A bar while a fan-out is waited for. */
export function showFanOutProgress(
  read: () => Promise<FanOutProgress<FanOutTotals> | null>,
): Promise<{ stop(): void }> {
  return showProgressBar(FORMAT, { failed: 0, skipped: 0 }, async () => {
    const progress = await read();
    if (progress === null) return null;
    const { workspaces, succeeded, failed, skipped } = progress;
    return { done: succeeded + failed + skipped, total: workspaces, counts: { failed, skipped } };
  });
}
