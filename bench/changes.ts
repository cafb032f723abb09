import { Command } from 'commander';
import { listChanges, MAX_CHANGES_PER_PAGE } from '../services/reading/changes.ts';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import type { Database } from '../prisma/client.ts';
import { formatCount, formatSpread, printTable } from './support/report.ts';
import { withStack } from './support/stack.ts';
import { type Spread, spreadOf } from './support/statistics.ts';
import { timeSync } from './support/workflow-run.ts';
import { connectAccount, generateAccount, withDatabase } from './support/workspace.ts';

const WORKSPACE_ID = 'bench';

interface Options {
  events: number;
  runs: number;
  json?: boolean;
}

interface ChangesReport {
  changes: number;
  perSecond: Spread;
}

/** Reads the whole log, page by page, as a product that begins does. */
async function readAll(database: Database): Promise<{ changes: number; ms: number }> {
  const startedAt = performance.now();
  let changes = 0;
  let after = '0';
  let more = true;
  while (more) {
    const page = await listChanges(database, {
      workspaceId: WORKSPACE_ID,
      after,
      limit: MAX_CHANGES_PER_PAGE,
    });
    changes += page.changes.length;
    ({ cursor: after, more } = page);
  }
  return { changes, ms: performance.now() - startedAt };
}

async function measure({ events, runs }: Options): Promise<ChangesReport> {
  return withStack(async (stack) => {
    const account = await stack.progress.step('Generating events', () =>
      generateAccount(stack, { events, recurringShare: 0.1 }),
    );
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, account);
      const worker = await stack.startWorker(target.url);
      try {
        await stack.progress.step('Syncing', () =>
          timeSync(stack.temporal, WorkflowType.incrementalSync, WORKSPACE_ID),
        );
      } finally {
        await worker.stop();
      }
      const { changes } = await readAll(database);
      const rates: number[] = [];
      for (let run = 0; run < runs; run += 1) rates.push((changes / (await readAll(database)).ms) * 1_000);
      return { changes, perSecond: spreadOf(rates) };
    });
  });
}

const program = new Command('bench:changes')
  .description('reading a change log from its beginning, page by page')
  .option('--events <number>', 'events of the calendar', toWholeNumber(1, 1_000_000), 50_000)
  .option('--runs <number>', 'times that the log is read', toWholeNumber(1, 100), 5)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<Options>();
const report = await measure(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  printTable(
    ['the change log, read from 0', 'changes', 'changes/s'],
    [[`pages of ${MAX_CHANGES_PER_PAGE}`, formatCount(report.changes), formatSpread(report.perSecond)]],
  );
}
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
