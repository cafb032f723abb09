import { continueAsNew, isCancellation, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { MAX_SAMPLE_FAILURES } from '../contracts/fan-out.ts';
import type { ChannelTotals, ChannelWork, MaintainChannelsInput } from '../contracts/push.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { database, google } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { checkMaintainChannelsInput } from './input/push.ts';
import { Pool } from './pool.ts';

const CALENDARS_AT_ONCE = 10;

/**
 * Opens one push channel for every calendar that Google can watch, replaces channels well before they expire,
 * and stops channels that were replaced, are not needed, or were left behind by an interrupted run. Started
 * hourly by the schedule `calendar-watch-renewal`, and for one workspace by a sync that finds calendars
 * without a channel.
 */
export async function maintainWatchChannels(untrusted: MaintainChannelsInput = {}): Promise<ChannelTotals> {
  const { resume, workspaceId } = checkMaintainChannelsInput(untrusted);
  const totals = resume?.totals ?? emptyTotals();
  let afterCalendarId = resume?.afterCalendarId ?? null;
  if (resume === undefined && workspaceId === undefined) await database.settleChannels();
  do {
    const { work, nextCalendarId } = await database.listChannelWork.executeWithOptions(
      { summary: summaryOf.page(afterCalendarId) },
      [{ afterCalendarId, workspaceId }],
    );
    const pool = new Pool(CALENDARS_AT_ONCE);
    for (const calendar of work) await pool.start(() => maintain(calendar, totals));
    await pool.drain();
    setCurrentDetails(
      `Channels: ${totals.opened} opened, ${totals.stopped} stopped, ${totals.failed} failed`,
    );
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

/** A calendar's new channel is live before its old one is stopped, so no notification is missed. */
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
