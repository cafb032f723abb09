const POLL_INTERVAL_MS = 1_000;

/** What a bar shows: counts for its format beside the two it is drawn from. */
interface BarState {
  done: number;
  total: number;
  counts: Record<string, number>;
}

/**
 * A bar on stderr while a run is waited for; nothing where stderr is not a terminal.
 * @param format of cli-progress, with `{bar}`, `{value}`, `{total}` and the names of `start`
 * @param start the counts before the first answer
 * @param read how far the run is; null, or a failure, where nobody answers
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
    // The bar does without an answer: the run may just have ended, or its worker be restarting.
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
