import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { readExecutions, type ExecutionFigures } from '../../bench/fan-out/executions.ts';
import { seedDueWorkspaces } from '../../bench/support/due-workspaces.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { SyncStack } from './sync-stack.ts';
import type { WorkflowStack } from './workflow-stack.ts';

/** The emulator keeps the last 10,000 requests, of which some are not the fan-out's. */
const MOST_WORKSPACES = 9_000;
/** How many workspaces a fan-out is over: more than a page of them, or what `npm run test:scale` asks for. */
export const WORKSPACES = Number(process.env.ALMANAC_SCALE_WORKSPACES ?? 300);
if (!(WORKSPACES >= 250 && WORKSPACES <= MOST_WORKSPACES))
  throw new Error(`ALMANAC_SCALE_WORKSPACES must be from 250 to ${MOST_WORKSPACES}.`);
/** Generous: three workspaces a second, and what it takes to enter them. */
export const TEST_TIMEOUT_MS = 60_000 + WORKSPACES * 350;

/** Limits that each execution of a fan-out keeps. */
export const MOST_HISTORY_EVENTS = 4_096;
export const MOST_HISTORY_BYTES = 2 * 1_024 * 1_024;
export const MOST_PENDING_CHILDREN = 500;

export interface SeededWorkspace {
  id: string;
  googleCalendarId: string;
}

/** Enters workspaces of one empty calendar each, synced before and due now. */
export async function seedWorkspaces(
  { database, google, environment }: SyncStack,
  prefix: string,
  count: number,
): Promise<SeededWorkspace[]> {
  const { GOOGLE_API_ROOT_URL: emulatorUrl = '', TOKEN_ENCRYPTION_KEY: key = '' } = environment;
  const calendars = await seedDueWorkspaces(
    { database, admin: google, emulatorUrl, tokenCipher: createTokenCipher([key]) },
    { count, calendarsPerWorkspace: 1, prefix },
  );
  return calendars.map(({ workspaceId, googleCalendarId }) => ({ id: workspaceId, googleCalendarId }));
}

/** How often Google was asked for each calendar's events since the given moment. */
export async function countListings({ google }: SyncStack, since: Date): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { path } of await google.requests({ since: since.toISOString() })) {
    const id = /^\/calendar\/v3\/calendars\/(.+)\/events$/.exec(path)?.[1];
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Which numbers of listings these workspaces have come to, such as `[1]` where each had one. */
export function listingsOf(
  counts: ReadonlyMap<string, number>,
  workspaces: readonly SeededWorkspace[],
): number[] {
  const numbers = workspaces.map(({ googleCalendarId }) => counts.get(googleCalendarId) ?? 0);
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** The server's data of a fan-out that has ended with so many children. */
export async function fanOutFigures(
  { temporal }: WorkflowStack,
  rootId: string,
  children: number,
): Promise<ExecutionFigures> {
  const childTypes = [WorkflowType.incrementalSync, WorkflowType.fullSync];
  return readExecutions(temporal.client, { rootId, children, childTypes });
}

/** Makes none of the workspaces due. */
export async function postpone({ database }: SyncStack, workspaces: readonly SeededWorkspace[]) {
  await database.calendarSyncState.updateMany({
    where: { workspaceId: { in: workspaces.map(({ id }) => id) } },
    data: { nextSyncAt: new Date(Date.now() + 86_400_000) },
  });
}

/** A test may run across a tick: what has been synced since a moment comes due with none. */
export async function postponeSynced({ database }: SyncStack, since: Date): Promise<void> {
  await database.$executeRaw`
    update calendar_sync_states set next_sync_at = now() + interval '1 hour' where last_synced_at >= ${since}`;
}

/** How many runs of these workspaces' calendars have ended. */
export async function countRuns(
  { database }: SyncStack,
  workspaces: readonly SeededWorkspace[],
): Promise<number> {
  return database.workspaceCalendarSyncLog.count({
    where: { workspaceId: { in: workspaces.map(({ id }) => id) }, outcome: 'success' },
  });
}

/** Keeps syncs of these workspaces from getting anywhere while `work` runs. */
export async function whileHeld<T>(
  { database }: SyncStack,
  workspaces: readonly SeededWorkspace[],
  work: () => Promise<T>,
): Promise<T> {
  const ids = workspaces.map(({ id }) => id);
  return database.$transaction(
    async (transaction) => {
      await transaction.$queryRaw`
        select 1 from calendar_sync_states where workspace_id = any(${ids}) for update`;
      return work();
    },
    { timeout: TEST_TIMEOUT_MS },
  );
}
