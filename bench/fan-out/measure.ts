import { fileURLToPath } from 'node:url';
import type { Part } from '../../dev/processes/part.ts';
import type { Database } from '../../prisma/client.ts';
import type { BenchDatabase, CostlyStatement } from '../support/database-server.ts';
import { type DueCalendar, seedDueWorkspaces } from '../support/due-workspaces.ts';
import { type BenchStack, type GivenServer, withStack } from '../support/stack.ts';
import { percentile } from '../support/statistics.ts';
import { withDatabase } from '../support/workspace.ts';
import { FLOOR_WORKFLOWS, type FloorInput } from './floor-input.ts';
import { type FanOutRun, measureRun } from './measure-run.ts';
import { changeSome, makeDue, runTick, SYNC_TYPES, tickId } from './tick.ts';

interface FanOutOptions {
  workspaces: readonly number[];
  calendars: number;
  changedShare: number;
  runs: number;
  cpuProfile?: string | undefined;
  /** A Temporal server that runs already. Undefined: one of the benchmark's own. */
  server?: GivenServer | undefined;
}

/** A tick over so many workspaces, and its floor. The figures are those of the median run. */
export interface FanOutComparison {
  workspaces: number;
  tick: FanOutRun;
  floor: FanOutRun;
  /** Workspaces per second, as a share of the floor's. */
  ratio: number;
  costliestStatements: CostlyStatement[];
}

const FLOOR_WORKER = fileURLToPath(new URL('./floor-worker.js', import.meta.url));
/** Workspaces of a fan-out before the measured one, in which a new worker compiles its code. */
const WARM_UP = 100;
/** A hundred thousand a second: it is not the quota that is measured. */
const NO_QUOTA = { GOOGLE_REQUESTS_PER_MINUTE: '6000000' };
const COSTLIEST = 8;

/** Dependencies that the runs of one size share. */
interface Scene {
  stack: BenchStack;
  database: Database;
  target: BenchDatabase;
  options: FanOutOptions;
  workspaces: number;
  calendars: DueCalendar[];
}

const due = (workspaces: number) => `due${workspaces}`;
const warm = (workspaces: number) => `warm${workspaces}`;

async function withWorker<T>(starting: Promise<Part>, work: (pid: number) => Promise<T>): Promise<T> {
  const worker = await starting;
  try {
    return await work(worker.pids[0] ?? 0);
  } finally {
    await worker.stop();
  }
}

async function measureTick(scene: Scene, run: number): Promise<FanOutRun> {
  const { stack, database, target, options, workspaces, calendars } = scene;
  const { cpuProfile } = options;
  const name = `bench-${workspaces}-${run}`;
  return withWorker(
    stack.startWorker(target.url, { cpuProfile, environment: NO_QUOTA }),
    async (workerPid) => {
      await makeDue(database, warm(workspaces));
      await runTick(stack, { name: `${name}-warm`, workspaces: WARM_UP, changes: 0 });
      await makeDue(database, due(workspaces));
      const changes = await changeSome(stack, calendars, options.changedShare);
      const measured = await measureRun(stack, {
        rootId: tickId(name),
        children: workspaces,
        childTypes: SYNC_TYPES,
        workerPid,
        target,
        fanOut: () => runTick(stack, { name, workspaces, changes }),
      });
      if (measured.requests !== calendars.length)
        throw new Error(`${calendars.length} calendars took ${measured.requests} requests.`);
      return measured;
    },
  );
}

async function runFloor({ temporal }: BenchStack, workflowId: string, input: FloorInput): Promise<void> {
  await temporal.workflow.execute('floorFanOut', { workflowId, taskQueue: FLOOR_WORKFLOWS, args: [input] });
}

async function measureFloor({ stack, target, workspaces }: Scene, run: number): Promise<FanOutRun> {
  const rootId = `floor-${workspaces}-${run}`;
  return withWorker(
    stack.startProgram(FLOOR_WORKER, target.url, { environment: NO_QUOTA }),
    async (workerPid) => {
      await runFloor(stack, `${rootId}-warm`, { children: WARM_UP });
      return measureRun(stack, {
        rootId,
        children: workspaces,
        childTypes: ['floorChild'],
        workerPid,
        target,
        fanOut: () => runFloor(stack, rootId, { children: workspaces }),
      });
    },
  );
}

function medianRun(runs: readonly FanOutRun[]): FanOutRun {
  const ms = percentile(
    runs.map((run) => run.ms),
    0.5,
  );
  return runs.find((run) => run.ms === ms)!;
}

async function compare(
  stack: BenchStack,
  options: FanOutOptions,
  workspaces: number,
): Promise<FanOutComparison> {
  const { progress, admin, emulatorUrl, tokenCipher } = stack;
  return withDatabase(stack, async (database, target) => {
    const seed = (count: number, prefix: string) =>
      seedDueWorkspaces(
        { database, admin, emulatorUrl, tokenCipher },
        { count, calendarsPerWorkspace: options.calendars, prefix },
      );
    const calendars = await progress.step(`Entering ${workspaces} workspaces`, async () => {
      await seed(WARM_UP, warm(workspaces));
      return seed(workspaces, due(workspaces));
    });
    const scene: Scene = { stack, database, target, options, workspaces, calendars };
    const ticks: FanOutRun[] = [];
    const floors: FanOutRun[] = [];
    const tick = () =>
      progress.step(`Tick over ${workspaces}`, async () =>
        ticks.push(await measureTick(scene, ticks.length)),
      );
    const floor = () =>
      progress.step(`Floor of ${workspaces}`, async () =>
        floors.push(await measureFloor(scene, floors.length)),
      );
    let costliestStatements: CostlyStatement[] = [];
    for (let run = 0; run < options.runs; run += 1) {
      // In turn, so that neither always has the other's rows in the server's way.
      for (const measure of run % 2 === 0 ? [floor, tick] : [tick, floor]) {
        await measure();
        if (measure === tick) costliestStatements = await stack.databases.costliest(target, COSTLIEST);
      }
    }
    const [medianTick, medianFloor] = [medianRun(ticks), medianRun(floors)];
    const ratio = medianTick.perSecond / medianFloor.perSecond;
    return { workspaces, tick: medianTick, floor: medianFloor, ratio, costliestStatements };
  });
}

/** Ticks over each number of workspaces, all of them due, in turn with their floors. */
export async function measureFanOut(options: FanOutOptions): Promise<FanOutComparison[]> {
  return withStack(async (stack) => {
    const comparisons: FanOutComparison[] = [];
    for (const workspaces of options.workspaces) comparisons.push(await compare(stack, options, workspaces));
    return comparisons;
  }, options.server);
}
