import type { SyncProgress } from '../contracts/sync.ts';
import type { AlmanacClient } from '../client/almanac-client.ts';
import type { FanOutProgress } from '../contracts/fan-out.ts';
import type { FanOutTotals } from '../contracts/fan-out-results.ts';
import { showProgressBar } from '../terminal/progress-bar.ts';
import type { Verifier } from '../client/verify.ts';

const POLL_INTERVAL_MS = 1_000;
/** Each bar costs one workflow query per second. */
const MAX_BARS = 20;

interface ProgressDisplay {
  finish(workspaceId: string): void;
  stop(): void;
}

const NO_DISPLAY: ProgressDisplay = { finish() {}, stop() {} };

/** Shows one bar per workspace on stderr during its sync. Does nothing unless stderr is a terminal. */
export async function showProgress(almanac: AlmanacClient, workspaceIds: string[]): Promise<ProgressDisplay> {
  if (!process.stderr.isTTY) return NO_DISPLAY;
  const { MultiBar, Presets } = await import('cli-progress');
  const format = '{workspace} {bar} {value}/{total} calendars, {pages} pages, {upserted} events';
  const bars = new MultiBar({ stream: process.stderr, format, hideCursor: true }, Presets.shades_classic);
  const shown = new Map(
    workspaceIds
      .slice(0, MAX_BARS)
      .map((workspace) => [workspace, bars.create(1, 0, { workspace, pages: 0, upserted: 0 })]),
  );

  const poll = async (workspaceId: string) => {
    const progress = await readProgress(almanac, workspaceId);
    const bar = shown.get(workspaceId);
    if (!progress || !bar) return;
    bar.setTotal(Math.max(progress.calendarsTotal, 1));
    bar.update(progress.calendarsDone, { pages: progress.pages, upserted: progress.upserted });
  };
  const timer = setInterval(() => void Promise.all([...shown.keys()].map(poll)), POLL_INTERVAL_MS);

  return {
    finish(workspaceId) {
      const bar = shown.get(workspaceId);
      shown.delete(workspaceId);
      bar?.update(bar.getTotal());
    },
    stop() {
      clearInterval(timer);
      bars.stop();
    },
  };
}

/** Null if the query is not answered: the run may just have ended, or its worker may be restarting. */
async function readProgress(almanac: AlmanacClient, workspaceId: string): Promise<SyncProgress | undefined> {
  try {
    return await almanac.syncProgress(workspaceId);
  } catch {
    return undefined;
  }
}

const FORMAT = '{bar} {value}/{total} workspaces, {failed} failed, {skipped} skipped';

/** Shows a bar during a fan-out. */
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

/** Shows a bar during a verification. */
export function showVerifyProgress(verifier: Verifier, workspaceId: string): Promise<{ stop(): void }> {
  const format = `${workspaceId} {bar} {value}/{total} calendars, {pages} pages, {events} events`;
  return showProgressBar(format, { pages: 0, events: 0 }, async () => {
    const { calendarsDone, calendarsTotal, pages, events } = await verifier.progress(workspaceId);
    return { done: calendarsDone, total: calendarsTotal, counts: { pages, events } };
  });
}
