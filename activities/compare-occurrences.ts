import { cancellationSignal } from '@temporalio/activity';
import type {
  CompareOccurrencesInput,
  CompareOccurrencesResult,
} from '../contracts/verification-activities.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { SOURCES_PER_STATEMENT } from '../services/mirror/expand-sources.ts';
import { compareSources } from '../services/verification/compare-sources.ts';
import { anyDiffers, noteOccurrences } from '../services/verification/differences.ts';
import { readExpansionTarget } from '../services/mirror/expansion-target.ts';
import {
  fenceOf,
  holdVerification,
  type VerificationFence,
} from '../services/verification/verification-fence.ts';

/** Longest work per activity: a lost worker repeats no more than this. */
const WORK_MS = 20_000;
const LONGEST_CHUNK_MS = 60_000;

/** The next sources in ID order, from the stored events and from the read model. */
async function nextSources(
  transaction: Transaction,
  calendarId: string,
  after: string | null,
): Promise<string[]> {
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    select id from (
      (select google_event_id as id from calendar_events
        where calendar_id = ${calendarId}::uuid and kind <> 'exception' and google_event_id > ${after ?? ''}
        order by 1 limit ${SOURCES_PER_STATEMENT}::int)
      union
      (select distinct series_id from calendar_events
        where calendar_id = ${calendarId}::uuid and kind = 'exception' and series_id > ${after ?? ''}
        order by 1 limit ${SOURCES_PER_STATEMENT}::int)
      union
      (select distinct source_event_id from workspace_calendar_events
        where calendar_id = ${calendarId}::uuid and source_event_id > ${after ?? ''}
        order by 1 limit ${SOURCES_PER_STATEMENT}::int)
    ) source order by id limit ${SOURCES_PER_STATEMENT}::int`;
  return rows.map(({ id }) => id);
}

/** Compares the next sources in one snapshot, because syncs commit events and occurrences together. */
function compareNext(database: Database, fence: VerificationFence, after: string | null) {
  const { calendarId } = fence;
  return database.$transaction(
    async (transaction) => {
      await holdVerification(transaction, fence);
      const ids = await nextSources(transaction, calendarId, after);
      const target = await readExpansionTarget(transaction, calendarId);
      await noteOccurrences(transaction, calendarId, await compareSources(transaction, target, ids));
      const differs = await anyDiffers(transaction, calendarId);
      return { nextSourceId: ids.length < SOURCES_PER_STATEMENT ? null : (ids.at(-1) ?? null), differs };
    },
    { isolationLevel: 'RepeatableRead', timeout: LONGEST_CHUNK_MS },
  );
}

/** Compares the read model with what the stored events expand to, in ID order, for up to `WORK_MS`. */
export function createCompareOccurrences({ database }: ActivityDependencies) {
  return async function compareOccurrences(
    input: CompareOccurrencesInput,
  ): Promise<CompareOccurrencesResult> {
    const fence = fenceOf(input);
    const startedAt = performance.now();
    let result = await compareNext(database, fence, input.afterSourceId);
    while (result.nextSourceId !== null && performance.now() - startedAt < WORK_MS) {
      cancellationSignal().throwIfAborted();
      result = await compareNext(database, fence, result.nextSourceId);
    }
    return result;
  };
}
