import type { Verifier } from '../verify.ts';

const POLL_INTERVAL_MS = 1_000;

/** A bar on stderr while a verification is waited for; nothing where stderr is not a terminal. */
export async function showVerifyProgress(verifier: Verifier, workspaceId: string): Promise<{ stop(): void }> {
  if (!process.stderr.isTTY) return { stop() {} };
  const { SingleBar, Presets } = await import('cli-progress');
  const format = `${workspaceId} {bar} {value}/{total} calendars, {pages} pages, {events} events`;
  const bar = new SingleBar({ stream: process.stderr, format, hideCursor: true }, Presets.shades_classic);
  bar.start(1, 0, { pages: 0, events: 0 });
  const poll = async () => {
    try {
      const { calendarsDone, calendarsTotal, pages, events } = await verifier.progress(workspaceId);
      bar.setTotal(Math.max(calendarsTotal, 1));
      bar.update(calendarsDone, { pages, events });
    } catch {
      // The run may just have ended, or its worker be restarting: the bar does without an answer.
    }
  };
  const timer = setInterval(() => void poll(), POLL_INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      bar.stop();
    },
  };
}
