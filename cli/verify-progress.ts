import type { Verifier } from '../client/verify.ts';
import { showProgressBar } from '../terminal/progress-bar.ts';

/** A bar while a verification is waited for. */
export function showVerifyProgress(verifier: Verifier, workspaceId: string): Promise<{ stop(): void }> {
  const format = `${workspaceId} {bar} {value}/{total} calendars, {pages} pages, {events} events`;
  return showProgressBar(format, { pages: 0, events: 0 }, async () => {
    const { calendarsDone, calendarsTotal, pages, events } = await verifier.progress(workspaceId);
    return { done: calendarsDone, total: calendarsTotal, counts: { pages, events } };
  });
}
