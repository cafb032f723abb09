import { WorkflowType } from '../../contracts/workflow-types.ts';
import { findGcalSyncPython, startGcalSync } from '../peers/gcal-sync.ts';
import { withStack } from '../support/stack.ts';
import { timeSync } from '../support/workflow-run.ts';
import { connectAccount, withDatabase } from '../support/workspace.ts';
import { type OracleReport, runOracle } from './run-oracle.ts';

const WORKSPACE_ID = 'oracle';
const EMAIL = 'oracle@example.com';
const TIME_ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'] as const;

interface OracleOptions {
  seed: number;
  edits: number;
  calendars: number;
}

/** Runs the oracle on Almanac as it is deployed: its own worker process, Temporal and Postgres. */
export async function measureOracle({ seed, edits, calendars }: OracleOptions): Promise<OracleReport> {
  const python = findGcalSyncPython();
  return withStack(async (stack) => {
    const { admin, emulatorUrl, progress } = stack;
    const { refreshToken } = await admin.createUser({ email: EMAIL, timeZone: TIME_ZONES[0] });
    const googleCalendarIds = [EMAIL];
    while (googleCalendarIds.length < calendars) {
      const timeZone = TIME_ZONES[googleCalendarIds.length % TIME_ZONES.length] ?? TIME_ZONES[0];
      const summary = `Calendar ${googleCalendarIds.length}`;
      googleCalendarIds.push((await admin.createCalendar(EMAIL, { summary, timeZone })).id);
    }
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, { email: EMAIL, refreshToken });
      const worker = await stack.startWorker(target.url);
      const gcalSync = startGcalSync(python, { emulatorUrl, refreshToken });
      try {
        return await progress.step(`Seed ${seed}: comparing over ${edits} edits`, () =>
          runOracle(
            {
              google: admin,
              database,
              sync: async () => {
                await timeSync(stack.temporal, WorkflowType.incrementalSync, WORKSPACE_ID);
              },
              gcalSync,
              googleCalendarIds,
            },
            { seed, edits },
          ),
        );
      } finally {
        await gcalSync.close();
        await worker.stop();
      }
    });
  });
}
