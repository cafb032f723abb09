import type { Database } from '../prisma/client.ts';
import { readClock } from '../prisma/read-clock.ts';
import { confirmServer } from '../prisma/server-identity.ts';
import { compactChanges } from './change-log/compact-changes.ts';
import { FIRST_GENERATION, FIRST_POSITION } from './change-log/restores.ts';
import { wakeDeliveries } from './delivery/wake.ts';

/** Logs that are moved by one transaction. */
const LOGS_PER_STEP = 200;
const LONGEST_STEP_MS = 60_000;

/** What has been put right. */
export interface FinishedRestore {
  /** Logs that continue at positions that were never used. */
  logs: number;
  /** Webhooks that are delivered from the beginning again. */
  webhooks: number;
  /** Calendars that are due. */
  calendars: number;
  /** Push channels that are replaced. */
  channels: number;
}

/**
 * Makes the copies that others keep of the mirror notice that the database was restored to an earlier state.
 * Every log continues far behind the positions that it may have had: cursors expire, so readers begin anew,
 * and webhooks are replayed from the beginning in a generation of their own. Every calendar is due, and push
 * channels are replaced, because Google may have ended those that the backup knows.
 *
 * It may run while workers do, and again after an interruption.
 */
export async function finishRestore(database: Database, signal: AbortSignal): Promise<FinishedRestore> {
  await database.$executeRaw`update installation set restores = restores + 1`;
  await compactChanges(database, await readClock(database), signal);
  let logs = 0;
  for (const move of [moveLogs, moveOwnLogs]) {
    for (let moved = LOGS_PER_STEP; moved === LOGS_PER_STEP; logs += moved) {
      signal.throwIfAborted();
      moved = await move(database);
    }
  }
  const renewed = await renew(database);
  await confirmServer(database);
  return { logs, ...renewed };
}

/** Moves some logs, and the cursors of webhooks in them. Returns their number. */
async function moveLogs(database: Database): Promise<number> {
  return database.$transaction(
    async (transaction) => {
      const moved = await transaction.$queryRaw<{ workspaceId: string }[]>`
        update calendar_change_positions p set last_position = ${FIRST_POSITION}, compacted_through = ${FIRST_POSITION},
          compacted_until = greatest(p.compacted_until, clock_timestamp())
        where p.workspace_id in (
          select workspace_id from calendar_change_positions where last_position < ${FIRST_POSITION}
          order by workspace_id limit ${LOGS_PER_STEP}::int for update)
        returning p.workspace_id as "workspaceId"`;
      await transaction.$executeRaw`
        insert into webhook_cursors as c (subscription_id, workspace_id, generation)
        select s.id, w.id, ${FIRST_GENERATION} from webhook_subscriptions s
        join unnest(${moved.map(({ workspaceId }) => workspaceId)}::text[]) as w(id)
          on s.workspace_id is null or s.workspace_id = w.id
        on conflict (subscription_id, workspace_id) do update set position = 0, delivered_through = 0,
          compacted_through = null, batch_id = null, batch_through = null, generation = excluded.generation`;
      return moved.length;
    },
    { timeout: LONGEST_STEP_MS },
  );
}

/**
 * Moves the logs of workspaces themselves. Nobody keeps a copy of those, so receivers only go on, in a generation
 * of their own.
 */
async function moveOwnLogs(database: Database): Promise<number> {
  return database.$transaction(
    async (transaction) => {
      const moved = await transaction.$queryRaw<{ workspaceId: string }[]>`
        update workspace_change_positions p set last_position = ${FIRST_POSITION}, compacted_through = ${FIRST_POSITION}
        where p.workspace_id in (
          select workspace_id from workspace_change_positions where last_position < ${FIRST_POSITION}
          order by workspace_id limit ${LOGS_PER_STEP}::int for update)
        returning p.workspace_id as "workspaceId"`;
      const ids = moved.map(({ workspaceId }) => workspaceId);
      await transaction.$executeRaw`delete from workspace_changes where workspace_id = any(${ids}::text[])`;
      await transaction.$executeRaw`
        update webhook_workspace_cursors set position = ${FIRST_POSITION}, delivered_through = ${FIRST_POSITION},
          compacted_through = null, batch_id = null, batch_through = null, generation = ${FIRST_GENERATION}
        where workspace_id = any(${ids}::text[])`;
      return moved.length;
    },
    { timeout: LONGEST_STEP_MS },
  );
}

async function renew(database: Database): Promise<Omit<FinishedRestore, 'logs'>> {
  return database.$transaction(
    async (transaction) => {
      const channels = await transaction.$executeRaw`
        update watch_channels set renew_at = now() where status = 'live' and renew_at > now()`;
      const calendars = await transaction.$executeRaw`
        update calendar_sync_states set next_sync_at = now() where next_sync_at is not null`;
      // An attempt that is being made loses its claim, so that it does not move the cursor.
      const webhooks = await transaction.$queryRaw<{ id: string }[]>`
        update webhook_subscriptions set claim = null, retry_at = null,
          status = case when pause_reason = 'behind' then 'active' else status end,
          pause_reason = nullif(pause_reason, 'behind')
        returning id::text`;
      for (const { id } of webhooks) await wakeDeliveries(transaction, id);
      return { webhooks: webhooks.length, calendars, channels };
    },
    { timeout: LONGEST_STEP_MS },
  );
}
