import { rm } from 'node:fs/promises';
import { toHorizon } from '../../services/mirror/horizon.ts';
import { horizonAt } from '../support/horizon-at.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { type BenchDatabase, OWN } from '../support/database-server.ts';
import type { BenchStack } from '../support/stack.ts';
import { timeSync } from '../support/workflow-run.ts';
import { type BenchAccount, connectAccount, connectCalendar } from '../support/workspace.ts';
import { findGcalSyncPython, startGcalSync } from './gcal-sync.ts';
import { startNodePeer } from './node-peer.ts';

export const PEERS = [
  'almanac',
  'floor-same-rows',
  'floor',
  'gcal-sync',
  'gcal-sync-occurrences',
  'usual-loop',
  'refill',
] as const;
export type PeerName = (typeof PEERS)[number];

/** Measured only in a first full sync; the floor would append its rows again in a second one. */
export const FIRST_SYNC_ONLY: ReadonlySet<PeerName> = new Set(['floor-same-rows', 'gcal-sync-occurrences']);

/** An event as a reader of a mirror finds it. */
export interface SeenEvent {
  id: string;
  summary: string;
}

/** One way of mirroring a calendar, as a process that is running. */
export interface Peer {
  pid: number;
  /**
   * Mirrors the calendar once, unmeasured, to a separate place, because a long-running process has compiled
   * its code and opened its connections.
   */
  warmUp(): Promise<void>;
  /** Brings the mirror up to date, from a sync token if there is one; in milliseconds. */
  sync(): Promise<number>;
  /** Lists everything anew; in milliseconds. */
  resync(): Promise<number>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** A peer in its place. What it left there before is its own to deal with when it is started again. */
export interface PlacedPeer {
  start(): Promise<Peer>;
  /** All events except cancelled ones, as a reader finds them, whether the peer runs or not. */
  read(): Promise<SeenEvent[]>;
}

/** A peer's source and target. */
export interface PeerPlace {
  stack: BenchStack;
  database: Database;
  target: BenchDatabase;
  account: BenchAccount;
  /** For what outlives a process outside of the database. */
  storeFile?: string;
}

export async function placePeer(name: PeerName, place: PeerPlace): Promise<PlacedPeer> {
  if (name === 'almanac') return placeAlmanac(place);
  if (name === 'gcal-sync') return placeGcalSync(place, { expands: false });
  if (name === 'gcal-sync-occurrences') return placeGcalSync(place, { expands: true });
  const { stack, database, target, account } = place;
  const { refreshToken, googleCalendarId } = account;
  const mirror = await connectCalendar(stack, database, WORKSPACE_ID, account);
  const { emulatorUrl } = stack;
  const input = { peer: name, databaseUrl: target.url, emulatorUrl, refreshToken, googleCalendarId };
  const start = async () => {
    const child = startNodePeer(input);
    await child.ready();
    return {
      ...child,
      async warmUp() {
        await child.sync(await connectCalendar(stack, database, WARM_UP_ID, account));
      },
      sync: async () => (await child.sync(mirror)).ms,
      resync: async () => (await child.resync(mirror)).ms,
    };
  };
  return { start, read: () => readTable(database) };
}

const WORKSPACE_ID = 'bench';
const WARM_UP_ID = 'warm-up';

async function readTable(database: Database): Promise<SeenEvent[]> {
  return database.$queryRawUnsafe<SeenEvent[]>(
    `select ${OWN} google_event_id as id, coalesce(resource->>'summary', '') as summary
     from calendar_events where status <> 'cancelled'`,
  );
}

async function placeAlmanac({ stack, database, target, account }: PeerPlace): Promise<PlacedPeer> {
  await connectAccount(stack, database, WORKSPACE_ID, account);
  const { temporal } = stack;
  const handle = temporal.workflow.getHandle(calendarSyncWorkflowId(WORKSPACE_ID));
  const run = async (type: WorkflowType) => (await timeSync(temporal, type, WORKSPACE_ID)).ms;
  const start = async () => {
    const worker = await stack.startWorker(target.url);
    const [pid = 0] = worker.pids;
    return {
      pid,
      async warmUp() {
        await connectAccount(stack, database, WARM_UP_ID, account);
        await timeSync(temporal, WorkflowType.incrementalSync, WARM_UP_ID);
      },
      async sync() {
        const running = await handle.describe().then(
          ({ status }) => status.name === 'RUNNING',
          () => false,
        );
        // It goes on by itself where the killed worker left it.
        if (running) await handle.result();
        return run(WorkflowType.incrementalSync);
      },
      resync: () => run(WorkflowType.fullSync),
      async kill() {
        process.kill(pid, 'SIGKILL');
        await worker.ended;
      },
      close: () => worker.stop(),
    };
  };
  return { start, read: () => readTable(database) };
}

/**
 * @param expands whether a sync also expands the occurrences that Almanac stores, as gcal_sync does for each
 * reader
 */
async function placeGcalSync(
  { stack, account, storeFile }: PeerPlace,
  { expands }: { expands: boolean },
): Promise<PlacedPeer> {
  const { refreshToken, googleCalendarId } = account;
  const python = findGcalSyncPython();
  if (storeFile !== undefined) await rm(storeFile, { force: true });
  const options = {
    emulatorUrl: stack.emulatorUrl,
    refreshToken,
    ...(storeFile !== undefined && { storeFile }),
  };
  const start = async () => {
    const child = startGcalSync(python, options);
    // It answers once Python has loaded the library.
    await child.items(googleCalendarId);
    return {
      ...child,
      async warmUp() {
        await child.sync(googleCalendarId);
        await child.forget(googleCalendarId);
      },
      async sync() {
        const synced = await child.sync(googleCalendarId);
        if (!expands) return synced.ms;
        const { from, to } = toHorizon(horizonAt(new Date()));
        return synced.ms + (await child.expand(googleCalendarId, from, to)).ms;
      },
      resync: async () => (await child.resync(googleCalendarId)).ms,
    };
  };
  const read = async () => {
    const reader = startGcalSync(python, options);
    try {
      const items = await reader.items(googleCalendarId);
      return items.filter(({ status }) => status !== 'cancelled').map(({ id, summary }) => ({ id, summary }));
    } finally {
      await reader.close();
    }
  };
  return { start, read };
}

/** Ends an abandoned sync of Almanac. */
export async function terminateSync({ temporal }: BenchStack): Promise<void> {
  await temporal.workflow
    .getHandle(calendarSyncWorkflowId(WORKSPACE_ID))
    .terminate('the database is dropped')
    .catch(() => undefined);
}
