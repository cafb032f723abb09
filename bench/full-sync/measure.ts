import type { Database } from '../../prisma/client.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { type FloorVariant, runFloor } from '../floor/floor.ts';
import { counted } from '../support/counted.ts';
import type { CostlyStatement } from '../support/database-server.ts';
import { peakResidentBytes } from '../support/process-memory.ts';
import {
  countRows,
  countRowsWrittenSince,
  nextTransactionId,
  type RowCounts,
} from '../support/row-counts.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { type Spread, spreadOf } from '../support/statistics.ts';
import { timeSync } from '../support/workflow-run.ts';
import {
  type BenchAccount,
  connectAccount,
  connectCalendar,
  generateAccount,
  withDatabase,
} from '../support/workspace.ts';

interface FullSyncOptions {
  events: number;
  runs: number;
  recurringShare: number;
  cpuProfile?: string | undefined;
}

const VARIANTS = ['almanac', 'unchanged', 'floor: everything', 'floor: events'] as const;
export type Variant = (typeof VARIANTS)[number];

/** One run of one variant. */
interface Measurement {
  variant: Variant;
  ms: number;
  eventsPerSecond: number;
  requests: number;
  statements: number;
  transactionControl: number;
  postgresMs: number;
  peakBytes: number;
  rowsWritten: RowCounts;
}

export interface FullSyncReport {
  options: FullSyncOptions;
  /** Number of items in the calendar's listing, which has exceptions besides the requested events. */
  listedEvents: number;
  summary: (Measurement & { spread: Spread; timeOverFloor: number; timeOverEventsFloor: number })[];
  costliestStatements: CostlyStatement[];
  measurements: Measurement[];
}

const WORKSPACE_ID = 'bench';
const COSTLIEST = 8;

async function measureAlmanac(
  stack: BenchStack,
  account: BenchAccount,
  options: FullSyncOptions,
  costliest: (statements: CostlyStatement[]) => void,
): Promise<Measurement[]> {
  return withDatabase(stack, async (database, target) => {
    await connectAccount(stack, database, WORKSPACE_ID, account);
    const worker = await stack.startWorker(target.url, { cpuProfile: options.cpuProfile });
    const [pid = 0] = worker.pids;
    const sync = async (variant: Variant, type: WorkflowType, rowsWritten: () => Promise<RowCounts>) => {
      const { result, ...counts } = await counted(stack, target, () =>
        timeSync(stack.temporal, type, WORKSPACE_ID),
      );
      return {
        variant,
        ms: result.ms,
        eventsPerSecond: (account.listedEvents / result.ms) * 1_000,
        ...counts,
        peakBytes: peakResidentBytes(pid),
        rowsWritten: await rowsWritten(),
      };
    };
    try {
      const first = await sync('almanac', WorkflowType.incrementalSync, () => countRows(database));
      costliest(await stack.databases.costliest(target, COSTLIEST));
      const since = await nextTransactionId(database);
      const second = await sync('unchanged', WorkflowType.fullSync, () =>
        countRowsWrittenSince(database, since),
      );
      await requireUnchanged(database, first, second);
      return [first, second];
    } finally {
      await worker.stop();
    }
  });
}

/** Rows that a resync deletes do not show among those that it wrote. */
async function requireUnchanged(database: Database, first: Measurement, second: Measurement): Promise<void> {
  const left = JSON.stringify(await countRows(database));
  const written = Object.values(second.rowsWritten).some((count) => count > 0);
  if (written || left !== JSON.stringify(first.rowsWritten))
    throw new Error(`An unchanged resync wrote ${JSON.stringify(second.rowsWritten)} and left ${left}.`);
}

async function measureFloor(
  stack: BenchStack,
  account: BenchAccount,
  variant: FloorVariant,
): Promise<Measurement> {
  return withDatabase(stack, async (database, place) => {
    const { refreshToken, googleCalendarId, listedEvents } = account;
    const { emulatorUrl } = stack;
    const target = await connectCalendar(stack, database, WORKSPACE_ID, account);
    const { result, ...counts } = await counted(stack, place, () =>
      runFloor({ variant, databaseUrl: place.url, emulatorUrl, refreshToken, googleCalendarId, target }),
    );
    return {
      variant: `floor: ${variant}`,
      eventsPerSecond: (listedEvents / result.ms) * 1_000,
      ...counts,
      ...result,
      rowsWritten: await countRows(database),
    };
  });
}

function requireSameRows(measurements: readonly Measurement[]): void {
  const texts = measurements
    .filter(({ variant }) => variant === 'almanac' || variant === 'floor: everything')
    .map(({ rowsWritten }) => JSON.stringify(rowsWritten));
  if (new Set(texts).size > 1) throw new Error(`The variants wrote different rows: ${texts.join(' ')}`);
}

function summarise(measurements: readonly Measurement[]): FullSyncReport['summary'] {
  const runsOf = (variant: Variant) => measurements.filter((measurement) => measurement.variant === variant);
  const spread = (variant: Variant, field: 'ms' | 'eventsPerSecond') =>
    spreadOf(runsOf(variant).map((measurement) => measurement[field]));
  return VARIANTS.map((variant) => {
    const of = runsOf(variant);
    const ms = spread(variant, 'ms').median;
    const median = of.find((measurement) => measurement.ms === ms) ?? of[0]!;
    return {
      ...median,
      peakBytes: Math.max(...of.map(({ peakBytes }) => peakBytes)),
      spread: spread(variant, 'eventsPerSecond'),
      timeOverFloor: ms / spread('floor: everything', 'ms').median,
      timeOverEventsFloor: ms / spread('floor: events', 'ms').median,
    };
  });
}

/** Full syncs of one calendar into a fresh database each, in turn with the floors. */
export async function measureFullSync(options: FullSyncOptions): Promise<FullSyncReport> {
  return withStack(async (stack) => {
    const account = await stack.progress.step('Generating events', () => generateAccount(stack, options));
    const measurements: Measurement[] = [];
    let costliestStatements: CostlyStatement[] = [];
    for (let run = 1; run <= options.runs; run += 1) {
      await stack.progress.step(`Run ${run} of ${options.runs}`, async () => {
        measurements.push(
          ...(await measureAlmanac(stack, account, options, (found) => (costliestStatements = found))),
          await measureFloor(stack, account, 'everything'),
          await measureFloor(stack, account, 'events'),
        );
      });
    }
    requireSameRows(measurements);
    const { listedEvents } = account;
    return { options, listedEvents, summary: summarise(measurements), costliestStatements, measurements };
  });
}
