import { cancellationSignal } from '@temporalio/activity';
import type { EventRow } from '../calendar/event-row.ts';
import type { DifferenceKind } from '../contracts/verification.ts';
import type {
  SettleDifferencesInput,
  SettleDifferencesResult,
} from '../contracts/verification-activities.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { type AppliedChange, appendChanges } from '../services/change-log/append-changes.ts';
import { expandSources } from '../services/mirror/expand-sources.ts';
import { noteChanges, type ReadModelChanges, UNCHANGED } from '../services/mirror/read-model-changes.ts';
import { moveHorizon } from '../services/mirror/roll-horizon.ts';
import { type StoredEvent, toStoredRows } from '../services/mirror/stored-rows.ts';
import { writeEvents } from '../services/mirror/write-events.ts';
import { compareEvents } from '../services/verification/compare-events.ts';
import { compareSources } from '../services/verification/compare-sources.ts';
import { lockExpansionTarget } from '../services/mirror/expansion-target.ts';
import { idleDifferences } from '../services/verification/idle-differences.ts';
import {
  fenceOf,
  holdVerification,
  type VerificationFence,
} from '../services/verification/verification-fence.ts';

/** Differences settled per transaction, during which a sync of the calendar waits. */
const DIFFERENCES_PER_TRANSACTION = 200;
const LONGEST_SETTLING_MS = 2 * 60_000;
/** Longest work per activity: a lost worker repeats no more than this. */
const WORK_MS = 20_000;

interface Open {
  id: string;
  kind: DifferenceKind;
  seriesId: string | null;
  resource: StoredEvent['resource'] | null;
}

/** The differences of a batch that still exist. */
interface Confirmed {
  rows: EventRow[];
  extras: { id: string; seriesId: string | null }[];
  sourceIds: string[];
}

type Target = Awaited<ReturnType<typeof lockExpansionTarget>>;

/** Events come before occurrences, because repairing an event expands it again. */
function nextOpen(transaction: Transaction, calendarId: string): Promise<Open[]> {
  return transaction.$queryRaw<Open[]>`
    select google_event_id as id, kind, series_id as "seriesId", resource from calendar_differences
    where calendar_id = ${calendarId}::uuid and status = 'open'
    order by kind = 'occurrences', google_event_id, kind limit ${DIFFERENCES_PER_TRANSACTION}::int`;
}

async function confirm(transaction: Transaction, target: Target, open: readonly Open[]): Promise<Confirmed> {
  const { calendarId, timeZone } = target;
  const listed = toStoredRows(
    open.flatMap(({ resource }) => (resource === null ? [] : [{ resource }])),
    timeZone,
  );
  const kinds = await compareEvents(transaction, target, listed);
  const missing = listed.filter(({ googleEventId }) => kinds.get(googleEventId) === 'missing');
  const idle = await idleDifferences(transaction, target, missing);
  const extraIds = open.flatMap(({ id, kind }) => (kind === 'extra' ? [id] : []));
  const extras = await transaction.$queryRaw<Confirmed['extras']>`
    select google_event_id as id, series_id as "seriesId" from calendar_events
    where calendar_id = ${calendarId}::uuid and google_event_id = any(${extraIds}::text[])`;
  const sources = open.flatMap(({ id, kind }) => (kind === 'occurrences' ? [id] : []));
  return {
    rows: listed.filter(({ googleEventId: id }) => kinds.has(id) && !idle.has(id)),
    extras,
    sourceIds: await compareSources(transaction, target, sources),
  };
}

interface Mended {
  sources: string[];
  changes: AppliedChange[];
  readModel: ReadModelChanges;
}

const NOT_MENDED: Mended = { sources: [], changes: [], readModel: UNCHANGED };

/** Writes Google's version of the events and expands their sources again. Returns those sources. */
async function mend(
  transaction: Transaction,
  target: Target,
  { rows, extras, sourceIds }: Confirmed,
): Promise<Mended> {
  const gone = extras.map(({ id }) => id);
  const written = await writeEvents(transaction, target.calendarId, rows, gone, { exact: true });
  const touched = [
    ...rows.map(({ googleEventId, seriesId }) => seriesId ?? googleEventId),
    ...extras.map(({ id, seriesId }) => seriesId ?? id),
    ...sourceIds,
  ];
  const sources = [...new Set(touched)];
  const readModel = await expandSources(transaction, target, sources, 'replace');
  return { sources, changes: [...written.upserted, ...written.deleted], readModel };
}

async function settleBatch(
  transaction: Transaction,
  { calendarId, repair, correlationId }: SettleDifferencesInput,
  target: Target,
  open: readonly Open[],
): Promise<void> {
  const confirmed = await confirm(transaction, target, open);
  const eventIds = [
    ...confirmed.rows.map(({ googleEventId }) => googleEventId),
    ...confirmed.extras.map(({ id }) => id),
  ];
  const mended = repair ? await mend(transaction, target, confirmed) : NOT_MENDED;
  const status = repair ? 'repaired' : 'confirmed';
  await transaction.$executeRaw`
    update calendar_differences set status = ${status}
    where calendar_id = ${calendarId}::uuid and status = 'open' and case when kind = 'occurrences'
      then google_event_id = any(${[...confirmed.sourceIds, ...mended.sources]}::text[])
      else google_event_id = any(${eventIds}::text[]) end`;
  // The other differences of the batch have disappeared in the meantime.
  await transaction.calendarDifference.deleteMany({
    where: {
      calendarId,
      status: 'open',
      OR: open.map(({ id, kind }) => ({ googleEventId: id, kind })),
    },
  });
  const { workspaceId } = target;
  await appendChanges(transaction, { workspaceId, correlationId }, mended.changes);
  await noteChanges(transaction, { workspaceId, calendarId }, mended.readModel);
}

function settleNext(
  database: Database,
  fence: VerificationFence,
  input: SettleDifferencesInput,
): Promise<SettleDifferencesResult> {
  return database.$transaction(
    async (transaction) => {
      const { stamp } = await holdVerification(transaction, fence);
      const target = await lockExpansionTarget(transaction, input.calendarId);
      const open = await nextOpen(transaction, input.calendarId);
      if (open.length === 0) {
        // Repaired sources have today's horizon, so the rest of the calendar moves to it as well.
        if (input.repair && target.horizonIsWrong)
          await moveHorizon(transaction, { ...target, today: target.horizon });
        return 'done';
      }
      if (stamp !== target.stamp && open.some(({ kind }) => kind !== 'occurrences')) return 'moved';
      await settleBatch(transaction, input, target, open);
      return 'more';
    },
    { timeout: LONGEST_SETTLING_MS },
  );
}

/**
 * Settles the recorded differences that were not set aside, for up to `WORK_MS`: compares again with the sync
 * state locked, so that no sync can write, and repairs what still differs if requested. The sync token and
 * the fence stay as they are. `moved`: a sync has claimed or written a page since the increment was read, so
 * the recorded differences may be older than the mirror; the rest is left as it is.
 */
export function createSettleDifferences({ database }: ActivityDependencies) {
  return async function settleDifferences(input: SettleDifferencesInput): Promise<SettleDifferencesResult> {
    const fence = fenceOf(input);
    const startedAt = performance.now();
    let result = await settleNext(database, fence, input);
    while (result === 'more' && performance.now() - startedAt < WORK_MS) {
      cancellationSignal().throwIfAborted();
      result = await settleNext(database, fence, input);
    }
    return result;
  };
}
