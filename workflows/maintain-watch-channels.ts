import { continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import { MAX_SAMPLE_FAILURES } from '../contracts/fan-out.ts';
import type { ChannelTotals, ChannelWork, MaintainChannelsInput } from '../contracts/push.ts';
import { database, google } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { checkMaintainChannelsInput } from './input/push.ts';
import { Pool } from './pool.ts';

const CALENDARS_AT_ONCE = 10;

/**
 * Gives every calendar that Google watches one push channel, replaces channels well before they expire, and stops those
 * that are replaced, that nobody wants any more, or that an interrupted run has left behind. Started hourly by the
 * schedule `calendar-watch-renewal`; for one workspace by a sync that finds calendars without a channel.
 */
export async function maintainWatchChannels(untrusted: MaintainChannelsInput = {}): Promise<ChannelTotals> {
  const { resume, workspaceId } = checkMaintainChannelsInput(untrusted);
  const totals = resume?.totals ?? emptyTotals();
  let afterCalendarId = resume?.afterCalendarId ?? null;
  if (resume === undefined && workspaceId === undefined) await database.settleChannels();
  do {
    const { work, nextCalendarId } = await database.listChannelWork({ afterCalendarId, workspaceId });
    const pool = new Pool(CALENDARS_AT_ONCE);
    for (const calendar of work) await pool.start(() => maintain(calendar, totals));
    await pool.drain();
    afterCalendarId = nextCalendarId;
    if (afterCalendarId !== null && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof maintainWatchChannels>({
        workspaceId,
        resume: { afterCalendarId, totals },
      });
    }
  } while (afterCalendarId !== null);
  return totals;
}

function emptyTotals(): ChannelTotals {
  return { opened: 0, stopped: 0, unsupported: 0, failed: 0, sampleFailures: [], addressRefused: false };
}

/** One calendar: the channel that takes another's place is live before that one is stopped. */
async function maintain({ calendarId, open, stop }: ChannelWork, totals: ChannelTotals): Promise<void> {
  const options = { summary: calendarId };
  let isLeft = stop;
  try {
    if (open && !totals.addressRefused) {
      const opened = await google.openChannel.executeWithOptions(options, [{ calendarId }]);
      isLeft ||= opened.stop;
      if (opened.outcome === 'live') totals.opened += 1;
      if (opened.outcome === 'unsupported') totals.unsupported += 1;
      if (opened.outcome === 'address-refused') totals.addressRefused = true;
    }
    if (isLeft) {
      const { stopped } = await google.stopChannels.executeWithOptions(options, [{ calendarId }]);
      totals.stopped += stopped;
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    totals.failed += 1;
    if (totals.sampleFailures.length < MAX_SAMPLE_FAILURES) {
      totals.sampleFailures.push({ calendarId, error: failureTypeOf(error) });
    }
  }
}
