const POLL_INTERVAL_MS = 1_000;

/** State of a bar: `value` and `total`, and the other counts of its format. */
interface BarState {
  done: number;
  total: number;
  counts: Record<string, number>;
}

/**
 * Shows a bar on stderr during a run. Does nothing unless stderr is a terminal.
 * @param format cli-progress format with `{bar}`, `{value}`, `{total}` and the names of `start`
 * @param start counts before the first answer
 * @param read progress of the run; null, or a rejection, if there is no answer
 */
export async function showProgressBar(
  format: string,
  start: BarState['counts'],
  read: () => Promise<BarState | null>,
): Promise<{ stop(): void }> {
  if (!process.stderr.isTTY) return { stop() {} };
  const { SingleBar, Presets } = await import('cli-progress');
  const bar = new SingleBar({ stream: process.stderr, format, hideCursor: true }, Presets.shades_classic);
  bar.start(1, 0, start);
  const poll = async () => {
    // No answer is fine: the run may just have ended, or its worker may be restarting.
    const state = await read().catch(() => null);
    if (state === null) return;
    bar.setTotal(Math.max(state.total, 1));
    bar.update(state.done, state.counts);
  };
  const timer = setInterval(() => void poll(), POLL_INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      bar.stop();
    },
  };
}
