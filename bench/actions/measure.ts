import { SCHEDULE_DEFINITIONS } from '../../client/schedule-definitions.ts';
import { applySchedules, changeSchedule } from '../../client/schedules.ts';
import type { PlanFanOutResult, SyncFanOutResult } from '../../contracts/fan-out-results.ts';
import { ScheduleId } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { changeSome } from '../fan-out/tick.ts';
import { OWN } from '../support/database-server.ts';
import { type DueCalendar, seedDueWorkspaces } from '../support/due-workspaces.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { withDatabase } from '../support/workspace.ts';
import { DAYS, monthOf, startsADay, type WorkspaceActions, type WorkspaceMonth } from './month.ts';
import { type Counted, countedRuns, runSchedule } from './runs.ts';
import { makeDue, makePlanned, notifyChanges } from './scenes.ts';

interface ActionsOptions {
  workspaces: number;
  calendars: number;
  changesADay: number;
}

/** A schedule's run in an installation in which nothing is to be done. */
export interface ScheduleAtRest {
  id: ScheduleId;
  actions: number;
  startsAMonth: number;
}

export interface ActionsReport extends ActionsOptions {
  schedules: ScheduleAtRest[];
  each: WorkspaceActions;
  /** A poll where one workspace in a hundred has changed. */
  pollWithChanges: number;
  /** Share of the fan-out for each workspace of a tick: less with more workspaces. */
  fanOutShare: number;
  month: WorkspaceMonth;
  /** Actions of workspaces' own runs: as histories have them, and as usage has estimated them. */
  usage: { measured: number; estimated: number };
}

interface Scene {
  stack: BenchStack;
  database: Database;
  calendars: DueCalendar[];
  workspaces: number;
}

const SHARE_CHANGED = 0.01;
const { calendarProviderSync: TICK, calendarSmartSchedule: PLAN, calendarWatchRenewal: RENEWAL } = ScheduleId;

async function tick({ stack, workspaces }: Scene): Promise<void> {
  const { succeeded, failed }: SyncFanOutResult = await runSchedule(stack.temporal, TICK);
  if (succeeded !== workspaces || failed > 0)
    throw new Error(`A tick synced ${succeeded}, not ${workspaces}.`);
}

async function plan({ stack, workspaces }: Scene): Promise<void> {
  const { succeeded, failed }: PlanFanOutResult = await runSchedule(stack.temporal, PLAN);
  if (succeeded !== workspaces || failed > 0)
    throw new Error(`The schedule planned ${succeeded}, not ${workspaces}.`);
}

async function atRest({ stack }: Scene, all: Counted[]): Promise<ScheduleAtRest[]> {
  const schedules: ScheduleAtRest[] = [];
  for (const { id, cron } of SCHEDULE_DEFINITIONS) {
    const counted = await countedRuns(stack.temporal, () => runSchedule(stack.temporal, id));
    all.push(counted);
    schedules.push({ id, actions: counted.actions, startsAMonth: startsADay(cron) * DAYS });
  }
  return schedules;
}

/** What the usage of all workspaces says. The processes that count have stopped, so nothing is missing. */
async function estimatedActions(database: Database): Promise<number> {
  const [row] = await database.$queryRawUnsafe<{ actions: number }[]>(
    `select coalesce(sum(temporal_actions), 0)::int as actions ${OWN} from workspace_usage`,
  );
  return row?.actions ?? 0;
}

async function measureScene(
  scene: Scene,
  databaseUrl: string,
  { calendars, changesADay }: ActionsOptions,
): Promise<ActionsReport> {
  const { stack, database, workspaces } = scene;
  const { temporal, progress } = stack;
  const all: Counted[] = [];
  const perWorkspace = async (name: string, rest: ScheduleId | null, work: () => Promise<unknown>) =>
    progress.step(name, async () => {
      const { actions, ofWorkspaces, runs } = await countedRuns(temporal, work);
      all.push({ actions, ofWorkspaces, runs });
      const restActions = schedules.find(({ id }) => id === rest)?.actions ?? 0;
      return {
        own: ofWorkspaces / workspaces,
        shared: (actions - ofWorkspaces - restActions) / workspaces,
      };
    });
  await applySchedules(temporal);
  for (const { id } of SCHEDULE_DEFINITIONS) await changeSchedule(temporal, id, 'pause');

  let worker = await stack.startWorker(databaseUrl);
  await makeDue(database, 'nothing');
  const schedules = await progress.step('Every schedule at rest', () => atRest(scene, all));
  await makeDue(database, 'calendars');
  const poll = await perWorkspace('A tick over all', TICK, () => tick(scene));
  await makeDue(database, 'calendars');
  await changeSome(stack, scene.calendars, SHARE_CHANGED);
  const pollWithChanges = await perWorkspace('A tick with changes', TICK, () => tick(scene));
  await makeDue(database, 'lists');
  const withLists = await perWorkspace('A tick with calendar lists', TICK, () => tick(scene));
  await worker.stop();

  await makeDue(database, 'nothing');
  const api = await stack.startApi(databaseUrl);
  worker = await stack.startWorker(databaseUrl, { environment: { PUBLIC_URL: api.url } });
  await runSchedule(temporal, RENEWAL);
  await database.$executeRawUnsafe(`update ${OWN} watch_channels set renew_at = 'epoch'`);
  const channels = await perWorkspace('New channels', RENEWAL, () => runSchedule(temporal, RENEWAL));
  const change = await perWorkspace('Changes by push', null, () =>
    notifyChanges(stack, scene.calendars, database),
  );
  await api.stop();
  await worker.stop();

  worker = await stack.startWorker(databaseUrl);
  await makePlanned(database);
  await progress.step('First plans', async () => all.push(await countedRuns(temporal, () => plan(scene))));
  const planned = await perWorkspace('Plans without a change', PLAN, () => plan(scene));
  await worker.stop();

  const each = {
    poll: poll.own,
    list: withLists.own - poll.own,
    change: change.own / calendars,
    // The upkeep of channels is one run for all of them.
    channels: channels.own + channels.shared,
    plan: planned.own,
  };
  return {
    workspaces,
    calendars,
    changesADay,
    schedules,
    each,
    pollWithChanges: pollWithChanges.own,
    fanOutShare: poll.shared,
    month: monthOf(each, changesADay),
    usage: {
      measured: all.reduce((sum, { ofWorkspaces }) => sum + ofWorkspaces, 0),
      estimated: await estimatedActions(database),
    },
  };
}

/** Runs ticks, notifications and plans of real workspaces, and counts in their histories what is billed. */
export async function measureActions(options: ActionsOptions): Promise<ActionsReport> {
  return withStack(async (stack) => {
    const { admin, emulatorUrl, tokenCipher } = stack;
    return withDatabase(stack, async (database, target) => {
      const calendars = await stack.progress.step(`Entering ${options.workspaces} workspaces`, () =>
        seedDueWorkspaces(
          { database, admin, emulatorUrl, tokenCipher },
          { count: options.workspaces, calendarsPerWorkspace: options.calendars, prefix: 'cost' },
        ),
      );
      const scene: Scene = { stack, database, calendars, workspaces: options.workspaces };
      return measureScene(scene, target.url, options);
    });
  });
}
