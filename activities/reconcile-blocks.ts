import type { ReconcileBlocksInput, ReconcileBlocksResult } from '../contracts/planning-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import { createOwnEvents, type OwnEvents, type RemoteEvent } from '../services/google/own-events.ts';
import { recordFinding, restoreBlock } from '../services/planning/write-back/edits.ts';
import { googleWork } from '../services/planning/write-back/google-work.ts';
import { judgeEvent, type KnownBlock } from '../services/planning/write-back/judge-event.ts';
import { removeStrays } from '../services/planning/write-back/strays.ts';
import {
  findSuspects,
  releaseLostBlocks,
  releaseMovedSeries,
  settleWrites,
  type Suspect,
} from '../services/planning/write-back/suspects.ts';
import { loadCalendar } from '../services/planning/write-back/target-calendar.ts';

const NOT_FOUND = 404;
/** Delay after which Google surely shows an event that it has accepted. */
const SHOWN_AFTER_MS = 60_000;

function knownBlock({ status, startAt, endAt, sent }: Suspect): KnownBlock {
  const { afterStart, afterEnd } = sent ?? {};
  const target =
    afterStart && afterEnd ? { startMs: Date.parse(afterStart), endMs: Date.parse(afterEnd) } : null;
  return {
    span: { startMs: startAt.getTime(), endMs: endAt.getTime() },
    inserting: status === 'writing',
    deleting: sent?.operation === 'delete',
    target,
  };
}

/** Null if Google has no such event. */
async function look(
  events: OwnEvents,
  address: Parameters<OwnEvents['get']>[0],
): Promise<RemoteEvent | null> {
  try {
    return await events.get(address);
  } catch (error) {
    if (error instanceof GoogleCallError && error.failure.status === NOT_FOUND) return null;
    throw error;
  }
}

/**
 * Takes over edits that people have made in Google to the blocks of a workspace, and settles writes whose
 * answers were lost. The mirror selects the blocks to check, and Google is asked only for those: without
 * edits there is no request.
 */
export function createReconcileBlocks({ database, google, now }: ActivityDependencies) {
  async function settle(suspect: Suspect, events: OwnEvents): Promise<'pinned' | 'declined' | null> {
    const calendar = await loadCalendar(database, suspect.calendarId);
    if (calendar === null) return null;
    const event = await look(events, { ...calendar, googleEventId: suspect.googleEventId });
    if (event !== null && event.etag === suspect.etag && !event.cancelled && suspect.sent === null)
      return null;
    const finding = judgeEvent(event, knownBlock(suspect));
    if (suspect.status === 'declined') {
      if (!('span' in finding)) return null;
      await restoreBlock(database, suspect.blockId, finding);
      return 'pinned';
    }
    const isYoung = (await now()).getTime() - suspect.writtenAt.getTime() < SHOWN_AFTER_MS;
    if (event === null && suspect.status === 'written' && isYoung) return null;
    await recordFinding(database, suspect.blockId, finding);
    await settleWrites(database, suspect.blockId, isDone(finding.found, suspect));
    if (finding.found === 'moved' || finding.found === 'meeting') return 'pinned';
    return finding.found === 'deleted-by-user' ? 'declined' : null;
  }

  return async function reconcileBlocks({
    workspaceId,
    syncedCalendarIds,
  }: ReconcileBlocksInput): Promise<ReconcileBlocksResult> {
    const edits = { pinned: 0, declined: 0 };
    await googleWork(async (signal) => {
      const events = createOwnEvents(google, signal);
      await releaseLostBlocks(database, workspaceId);
      await releaseMovedSeries(database, workspaceId, syncedCalendarIds);
      for (const suspect of await findSuspects(database, workspaceId, syncedCalendarIds)) {
        signal.throwIfAborted();
        const edit = await settle(suspect, events);
        if (edit !== null) edits[edit] += 1;
      }
      await removeStrays(database, events, workspaceId, syncedCalendarIds);
    });
    return edits;
  };
}

/** Whether a write without an answer has been done, for the record of its run. */
function isDone(found: ReturnType<typeof judgeEvent>['found'], { sent, status }: Suspect): boolean {
  if (sent === null) return false;
  if (sent.operation === 'delete') return found === 'deleted-by-us';
  return found !== 'never-written' && (status === 'writing' || found === 'as-written');
}
