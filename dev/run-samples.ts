import { createAlmanacClient } from '../client/almanac-client.ts';
import { connectTemporal, temporalSettings } from '../client/temporal-client.ts';
import { createEmulatorAdminClient } from '../emulator/admin-client.ts';
import type { Database } from '../prisma/client.ts';
import type { Progress } from './progress.ts';
import { connectSamples } from './samples/connect-samples.ts';
import { editSamples } from './samples/edit-samples.ts';
import { forgetChannels } from './samples/forget-channels.ts';
import { planSamples, type SamplePlans } from './samples/plan-samples.ts';
import { addSampleWork } from './samples/sample-work.ts';
import { SAMPLE_WORKSPACES } from './samples/sample-workspaces.ts';
import { seedEmulator } from './samples/seed-emulator.ts';
import { type SyncNumbers, syncThroughFanOut } from './samples/sync-samples.ts';
import type { StackEnvironment } from './stack-file.ts';

/** Results of syncing and planning the samples. */
export interface SampleRuns extends SamplePlans {
  first: Map<string, SyncNumbers>;
  afterEdits: Map<string, SyncNumbers>;
}

/** Fills the emulator, connects its accounts, syncs them, edits some events, syncs again, and plans. */
export async function runSamples(options: {
  environment: StackEnvironment;
  emulatorUrl: string;
  database: Database;
  progress: Progress;
}): Promise<SampleRuns> {
  const { environment, emulatorUrl, database, progress } = options;
  const admin = createEmulatorAdminClient(emulatorUrl);
  await progress.step('Filling the emulator with sample calendars', (note) => seedEmulator(admin, note));
  await forgetChannels(database);
  // Without push, the numbers shown are those of the samples' own syncs.
  await admin.setPush({ drop: 1 });
  await progress.step('Connecting the sample workspaces', () => connectSamples(database, environment));

  const temporal = await connectTemporal(temporalSettings(environment));
  try {
    const almanac = createAlmanacClient({ temporal, database });
    const workspaceIds = SAMPLE_WORKSPACES.map(({ id }) => id);
    const first = await progress.step('Syncing all workspaces', (note) =>
      syncThroughFanOut({ almanac, database, workspaceIds, note }),
    );
    await progress.step('Editing a few events in the emulator', () => editSamples(admin));
    const afterEdits = await progress.step('Syncing what has changed', (note) =>
      syncThroughFanOut({ almanac, database, workspaceIds, note }),
    );
    const planned = await progress.step('Planning tasks and habits into free time', async (note) => {
      await addSampleWork(database);
      const plans = await planSamples(almanac, database, workspaceIds);
      // Mirrors the blocks just written, so that other commands show them.
      await syncThroughFanOut({ almanac, database, workspaceIds, note });
      return plans;
    });
    return { first, afterEdits, ...planned };
  } finally {
    await admin.setPush({ drop: 0 });
    await temporal.connection.close();
  }
}
