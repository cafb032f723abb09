import { z } from 'zod';
import { placeChanges } from './change-log/place-changes.ts';
import { restoreEvents } from './change-log/restore-events.ts';
import { holdBusyRule } from './mirror/busy-rule.ts';
import { expandSources, type ExpansionTarget, SOURCES_PER_STATEMENT } from './mirror/expand-sources.ts';
import { HORIZON_FROM, HORIZON_TO } from './mirror/horizon.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import { parseInput, workspaceIdSchema } from './input.ts';
import { requireWorkspace } from './workspaces.ts';

/** Of a calendar with hundreds of thousands of events. Until it has ended, a sync of the calendar waits. */
const LONGEST_REBUILD_MS = 15 * 60_000;

const rebuildSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** Bring `calendar_events` in line with the change log first. */
  fromLog: z.boolean().default(false),
});

export interface RebuiltCalendar {
  calendarId: string;
  /** Rows of `calendar_events` that were not as the log has them; 0 where it was not asked for. */
  events: number;
  /** Rows of `workspace_calendar_events` that were written or deleted. */
  occurrences: number;
}

interface RebuildProgress {
  calendars: number;
  doneCalendars: number;
  /** Of the calendar in hand: single events and series. */
  sources: number;
  doneSources: number;
}

type OnProgress = (progress: RebuildProgress) => void;

/**
 * Rebuilds a workspace's read model from the stored events and, with `fromLog`, the stored events from the change
 * log before. Nothing is asked of Google. Each calendar is one transaction, and only rows that differ are written:
 * readers never see it empty, and a sync that is under way waits or is waited for.
 *
 * What log and mirror disagree about, Google decides: a calendar whose events were not as the log has them is listed
 * anew by its next sync.
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

/** Null: the calendar is gone. */
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
    // Without its claim, a listing that is under way ends: half of it was made with the token that goes.
    await transaction.$executeRaw`
      update calendar_sync_states
      set sync_token = null, fence_run_id = null, next_sync_at = case when next_sync_at is not null then now() end
      where calendar_id = ${calendarId}::uuid`;
  }
  if (!isSynced) return { events, occurrences: 0 };
  const target = { workspaceId, calendarId, timeZone, horizon: { from, to } };
  const occurrences = await rebuildOccurrences(transaction, target, onSources);
  // Whatever span they were stored for: it is today's now.
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
  // Those of the read model, too: an occurrence whose event is not stored any more has to go.
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    select coalesce(series_id, google_event_id) as id from calendar_events where calendar_id = ${calendarId}::uuid
    union
    select source_event_id from workspace_calendar_events where calendar_id = ${calendarId}::uuid`;
  const sources = rows.map(({ id }) => id);
  let occurrences = 0;
  for (let first = 0; first < sources.length; first += SOURCES_PER_STATEMENT) {
    onSources(sources.length, first);
    const ids = sources.slice(first, first + SOURCES_PER_STATEMENT);
    occurrences += await expandSources(transaction, target, ids, 'replace');
  }
  return occurrences;
}
