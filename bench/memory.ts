import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import { calendarSyncWorkflowId } from '../contracts/workflow-ids.ts';
import { peakResidentBytes, residentBytes, sampleMemory } from './support/process-memory.ts';
import { formatCount, formatMiB, printTable } from './support/report.ts';
import { withStack } from './support/stack.ts';
import { readHistory, timeSync } from './support/workflow-run.ts';
import { connectAccount, generateAccount, withDatabase } from './support/workspace.ts';

const WORKSPACE_ID = 'bench';

interface Options {
  events: number;
  recurringShare: number;
  json?: boolean;
}

interface MemoryReport {
  events: number;
  idleBytes: number;
  peakBytes: number;
  /** The most that was seen while each part of the listing, an activity's pages, was listed and written. */
  parts: { part: number; bytes: number }[];
}

async function measure(options: Options): Promise<MemoryReport> {
  return withStack(async (stack) => {
    const account = await stack.progress.step('Generating events', () => generateAccount(stack, options));
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, account);
      const worker = await stack.startWorker(target.url);
      const [pid = 0] = worker.pids;
      const idleBytes = residentBytes(pid);
      const sampler = sampleMemory(pid);
      try {
        await stack.progress.step('Syncing', () =>
          timeSync(stack.temporal, WorkflowType.incrementalSync, WORKSPACE_ID),
        );
        const samples = sampler.stop();
        const { activityEndsMs } = await readHistory(stack.temporal, calendarSyncWorkflowId(WORKSPACE_ID));
        const parts = activityEndsMs.map((endMs, index) => {
          const startMs = activityEndsMs[index - 1] ?? 0;
          const during = samples.filter(({ atMs }) => atMs > startMs && atMs <= endMs);
          return { part: index, bytes: Math.max(0, ...during.map(({ bytes }) => bytes)) };
        });
        // The first activity refreshes the calendar list.
        return {
          events: account.listedEvents,
          idleBytes,
          peakBytes: peakResidentBytes(pid),
          parts: parts.slice(1),
        };
      } finally {
        sampler.stop();
        await worker.stop();
      }
    });
  });
}

const program = new Command('bench:memory')
  .description('memory of the worker, activity by activity, during a full sync of one large calendar')
  .option('--events <number>', 'events of the calendar', toWholeNumber(1, 1_000_000), 100_000)
  .option('--recurring-share <share>', 'share of series, 0 to 1', Number, 0.1)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<Options>();
const report = await measure(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  printTable(
    [`full sync of ${formatCount(report.events)} events`, 'worker RSS'],
    [
      ['idle, before', formatMiB(report.idleBytes)],
      ...report.parts.map(({ part, bytes }) => [`part ${part}`, formatMiB(bytes)]),
      ['peak', formatMiB(report.peakBytes)],
    ],
  );
}
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
