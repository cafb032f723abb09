import { z } from 'zod';
import { placeChanges } from './change-log/place-changes.ts';
import { restoreEvents } from './change-log/restore-events.ts';
import { holdBusyRule } from './mirror/busy-rule.ts';
import { expandSources, type ExpansionTarget, SOURCES_PER_STATEMENT } from './mirror/expand-sources.ts';
import { HORIZON_FROM, HORIZON_TO } from './mirror/horizon.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import { parseInput, workspaceIdSchema } from './input.ts';
import { requireWorkspace } from './workspaces.ts';

/**
 * Limit for a calendar with hundreds of thousands of events. A sync of the calendar waits until the rebuild
 * has ended.
 */
const LONGEST_REBUILD_MS = 15 * 60_000;

const rebuildSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** Whether `calendar_events` is first restored from the change log. */
  fromLog: z.boolean().default(false),
});

export interface RebuiltCalendar {
  calendarId: string;
  /** Number of `calendar_events` rows that differed from the log; 0 without `fromLog`. */
  events: number;
  /** Number of `workspace_calendar_events` rows written or deleted. */
  occurrences: number;
}

interface RebuildProgress {
  calendars: number;
  doneCalendars: number;
  /** Number of single events and series of the current calendar. */
  sources: number;
  doneSources: number;
}

type OnProgress = (progress: RebuildProgress) => void;

/**
 * Rebuilds a workspace's read model from the stored events. With `fromLog`, first restores the stored events
 * from the change log. Makes no request to Google. Each calendar is one transaction that writes only rows
 * that differ, so readers never see it empty. A running sync and the rebuild wait for each other.
 *
 * If a calendar's events differed from the log, its next sync lists it in full, so that Google decides.
 * @throws NotFoundError when there is no such workspace.
 */
export async function rebuildWorkspace(
  database: Database,
  request: z.input<typeof rebuildSchema>,
  onProgress: OnProgress = () => {},
): Promise<RebuiltCalendar[]> {
  const { workspaceId, fromLog } = parseInput(rebuildSchema, request);
  await requireWorkspace(database, workspaceId);
  if (fromLog) await placeChanges(database, { workspaceId });
  const calendars = await database.calendar.findMany({
    where: { workspaceId, syncState: { isNot: null } },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  const rebuilt: RebuiltCalendar[] = [];
  for (const { id: calendarId } of calendars) {
    const onSources = (sources: number, doneSources: number) =>
      onProgress({ calendars: calendars.length, doneCalendars: rebuilt.length, sources, doneSources });
    const changed = await database.$transaction(
      (transaction) => rebuildCalendar(transaction, calendarId, fromLog, onSources),
      { timeout: LONGEST_REBUILD_MS },
    );
    if (changed !== null) rebuilt.push({ calendarId, ...changed });
  }
  return rebuilt;
}

/** Rebuilds one calendar; null if it no longer exists. */
async function rebuildCalendar(
  transaction: Transaction,
  calendarId: string,
  fromLog: boolean,
  onSources: (sources: number, doneSources: number) => void,
): Promise<Omit<RebuiltCalendar, 'calendarId'> | null> {
  const [locked] = await transaction.$queryRaw<
    { workspaceId: string; timeZone: string; isSynced: boolean; from: Date; to: Date }[]
  >`
    select c.workspace_id as "workspaceId", c.time_zone as "timeZone", s.horizon_to is not null as "isSynced",
      ${HORIZON_FROM} as "from", ${HORIZON_TO} as "to"
    from calendar_sync_states s join calendars c on c.id = s.calendar_id
    where s.calendar_id = ${calendarId}::uuid
    for update of s`;
  if (locked === undefined) return null;
  const { workspaceId, timeZone, isSynced, from, to } = locked;
  await holdBusyRule(transaction, workspaceId);
  const events = fromLog ? await restoreEvents(transaction, calendarId) : 0;
  if (events > 0) {
    // Clearing the claim ends a listing in progress, because half of it was made with the discarded sync
    // token.
    await transaction.$executeRaw`
      update calendar_sync_states
      set sync_token = null, fence_run_id = null, next_sync_at = case when next_sync_at is not null then now() end
      where calendar_id = ${calendarId}::uuid`;
  }
  if (!isSynced) return { events, occurrences: 0 };
  const target = { workspaceId, calendarId, timeZone, horizon: { from, to } };
  const occurrences = await rebuildOccurrences(transaction, target, onSources);
  // The occurrences are stored for today's span, whatever it was before.
  await transaction.calendarSyncState.update({
    where: { calendarId },
    data: { horizonFrom: from, horizonTo: to },
  });
  return { events, occurrences };
}

async function rebuildOccurrences(
  transaction: Transaction,
  target: ExpansionTarget,
  onSources: (sources: number, doneSources: number) => void,
): Promise<number> {
  const { calendarId } = target;
  // Includes sources of the read model, because occurrences of events that are no longer stored have to go.
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    select coalesce(series_id, google_event_id) as id from calendar_events where calendar_id = ${calendarId}::uuid
    union
    select source_event_id from workspace_calendar_events where calendar_id = ${calendarId}::uuid`;
  const sources = rows.map(({ id }) => id);
  let occurrences = 0;
  for (let first = 0; first < sources.length; first += SOURCES_PER_STATEMENT) {
    onSources(sources.length, first);
    const ids = sources.slice(first, first + SOURCES_PER_STATEMENT);
    const { changed } = await expandSources(transaction, target, ids, 'replace');
    occurrences += changed;
  }
  return occurrences;
}
